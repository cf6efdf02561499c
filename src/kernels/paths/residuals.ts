/** Numbers coded by how far they are from what was expected of them, under contexts that are found by hash. */
import { contexts, forget, integer, integerContexts } from "../coding/binary-coder";
import { allocate } from "../report/memory";

const slots: i32 = 1 << 12;
const blocks = contexts(slots * integerContexts);
/** For each slot a running mean in sixteenths, and how many values it has seen. */
const means = allocate(8 * slots);

export function reset(): void {
  forget(blocks, slots * integerContexts);
  memory.fill(means, 0, 8 * slots);
}

// @ts-ignore: decorator
@inline
export function mix(one: u32, other: u32): u32 {
  let mixed = (one ^ (one >> 15)) * 0x2c1b3c6d + other;
  mixed = (mixed ^ (mixed >> 12)) * 0x297a2d39;
  return mixed ^ (mixed >> 15);
}

/** Codes `value`, of which `expected` is expected. */
// @ts-ignore: decorator
@inline
export function code(hash: u32, expected: i32, value: i32): i32 {
  return expected + integer(blocks + <usize>integerContexts * <usize>(hash & (slots - 1)) * 4, value - expected);
}

/** What the values under this hash were like so far. */
// @ts-ignore: decorator
@inline
export function mean(hash: u32): i32 {
  return (load<i32>(means + <usize>(hash & (slots - 1)) * 8) + 8) >> 4;
}

/** Codes a value that is expected to be like the others under this hash. */
export function codeAlike(hash: u32, value: i32): i32 {
  const coded = code(hash, mean(hash), value);
  learn(hash, coded);
  return coded;
}

export function learn(hash: u32, value: i32): void {
  const place = means + <usize>(hash & (slots - 1)) * 8;
  const seen = load<i32>(place + 4);
  const before = load<i32>(place);
  store<i32>(place, seen === 0 ? value << 4 : before + ((value << 4) - before) / min(seen + 1, 16));
  store<i32>(place + 4, min(seen + 1, 16));
}
