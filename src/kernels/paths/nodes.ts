/**
 * The rows of all paths as a tree: a node is one row together with all rows before it, so paths that begin alike share
 * their nodes.
 */
import { Growing } from "../coding/growing";
import { allocate } from "../report/memory";
import * as shapes from "./shapes";

/** Half a cache line: whoever looks at a node looks at all of it. */
const entryBytes: usize = 32;
const predecessorAt: usize = 0;
const pinAt: usize = 4;
const textAt: usize = 8;
const tailAt: usize = 12;
const shapeAt: usize = 16;
/** The lowest bits of its hash: most others are told apart by that. */
const markAt: usize = 18;
const variantAt: usize = 20;
const timeAt: usize = 24;
const delayAt: usize = 28;

export const none: i32 = i32.MIN_VALUE;

const entries = Growing.make(96 << 20);
/** Of each node that has numbers other than time and delay: where they lie. */
const others = Growing.make(12 << 20);
/** Of each node its hash, if its text was seen. */
const hashes = Growing.make(24 << 20);
const numbers = Growing.make(32 << 20);
/** For each pin, and for each text that stands alone, its newest node. */
const newestOfPin = Growing.make(16 << 20);
const newestOfText = Growing.make(1 << 20);
/** Node 0 is the beginning, before every row. */
export let count: i32 = 0;

export function reset(): void {
  entries.clear();
  others.clear();
  hashes.clear();
  numbers.clear();
  newestOfPin.clear();
  newestOfText.clear();
  count = 1;
  const entry = entries.add(entryBytes);
  memory.fill(entry, 0, entryBytes);
  store<i32>(entry, -1, pinAt);
}

// @ts-ignore: decorator
@inline
function place(node: i32): usize {
  return entries.start + <usize>node * entryBytes;
}

// @ts-ignore: decorator
@inline
export function predecessor(node: i32): i32 {
  return load<i32>(place(node), predecessorAt);
}

/** -1: the row is no pin, and `text` is all of its description. */
// @ts-ignore: decorator
@inline
export function pin(node: i32): i32 {
  return load<i32>(place(node), pinAt);
}

/** Of a pin's row, what stands between its numbers and the pin. */
// @ts-ignore: decorator
@inline
export function text(node: i32): i32 {
  return load<i32>(place(node), textAt);
}

/** Of a pin's row, what stands behind the pin. */
// @ts-ignore: decorator
@inline
export function tail(node: i32): i32 {
  return load<i32>(place(node), tailAt);
}

// @ts-ignore: decorator
@inline
export function shape(node: i32): i32 {
  return load<u16>(place(node), shapeAt);
}

/** The node of the same pin, or of the same text, before this one; 0 if there is none. */
// @ts-ignore: decorator
@inline
export function variant(node: i32): i32 {
  return load<i32>(place(node), variantAt);
}

/** Its time, or that of the row before which has one. */
// @ts-ignore: decorator
@inline
export function time(node: i32): i32 {
  return load<i32>(place(node), timeAt);
}

/** `none` if the row has no delay. */
// @ts-ignore: decorator
@inline
export function delay(node: i32): i32 {
  return load<i32>(place(node), delayAt);
}

/** Whether this is the hash of a node. */
// @ts-ignore: decorator
@inline
export function isOfHash(node: i32, hash: u64): bool {
  if (load<u16>(place(node), markAt) !== <u16>hash) return false;
  const at = <usize>node * 8;
  return at < hashes.used && load<u64>(hashes.start + at) === hash;
}

/** The hash of a node, 0 if it is not known. */
// @ts-ignore: decorator
@inline
export function hashOf(node: i32): u64 {
  const at = <usize>node * 8;
  return at < hashes.used ? load<u64>(hashes.start + at) : 0;
}

/** Makes a node known by its hash: only encoding looks for it so. */
export function remember(node: i32, hash: u64): void {
  const at = <usize>node * 8;
  const before = hashes.used;
  if (before < at + 8) memory.fill(hashes.add(at + 8 - before), 0, at + 8 - before);
  store<u64>(hashes.start + at, hash);
  store<u16>(place(node), <u16>hash, markAt);
}

const scratch = allocate(4 * shapes.numbersMax);
/** Its numbers, four bytes each: until this is asked again. */
export function values(node: i32): usize {
  const own = shape(node);
  const last = shapes.numberCount(own) - 1;
  if (last < 0) return scratch;
  const hasDelay = shapes.delayIndex(own) >= 0;
  const rest = hasDelay ? last - 1 : last;
  if (rest > 0) memory.copy(scratch, numbers.start + <usize>load<u32>(others.start + <usize>node * 4), <usize>rest * 4);
  if (hasDelay) store<i32>(scratch + 4 * rest, delay(node));
  store<i32>(scratch + 4 * last, time(node));
  return scratch;
}

// @ts-ignore: decorator
@inline
export function newest(pin: i32, text: i32): i32 {
  const list = pin >= 0 ? newestOfPin : newestOfText;
  const index = <usize>(pin >= 0 ? pin : text);
  return index * 4 < list.used ? load<i32>(list.start + index * 4) : 0;
}

/** Adds the row whose numbers lie at `from`. */
export function add(before: i32, pin: i32, text: i32, tail: i32, shape: i32, from: usize, time: i32): i32 {
  const node = count++;
  const entry = entries.add(entryBytes);
  const delay = shapes.delayIndex(shape);
  const rest = <usize>(delay >= 0 ? delay : max(0, shapes.numberCount(shape) - 1)) * 4;
  if (rest > 0) {
    others.reach4(node);
    store<u32>(others.start + <usize>node * 4, <u32>numbers.used);
    memory.copy(numbers.add(rest), from, rest);
  }
  store<i32>(entry, before, predecessorAt);
  store<i32>(entry, pin, pinAt);
  store<i32>(entry, text, textAt);
  store<i32>(entry, tail, tailAt);
  store<i32>(entry, shape, shapeAt);
  store<i32>(entry, time, timeAt);
  store<i32>(entry, delay >= 0 ? load<i32>(from + 4 * <usize>delay) : none, delayAt);
  const list = pin >= 0 ? newestOfPin : newestOfText;
  const index = <usize>(pin >= 0 ? pin : text);
  list.reach4(index);
  const newest = list.start + 4 * index;
  store<i32>(entry, load<i32>(newest), variantAt);
  store<i32>(newest, node);
  return node;
}
