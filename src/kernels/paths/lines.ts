/** The lines of the record that is being encoded, and what can be told of a line without knowing any other. */
import { find, isSame, openParenthesis, skipSpaces, space } from "../report/bytes";
import { allocate } from "../report/memory";

export const linesMax: i32 = 8192;
const bounds = allocate(8 * linesMax);
export let count: i32 = 0;

export function clear(): void {
  count = 0;
}

// @ts-ignore: decorator
@inline
export function add(from: usize, to: usize): void {
  store<u32>(bounds + 8 * count, <u32>from);
  store<u32>(bounds + 8 * count + 4, <u32>to);
  count++;
}

// @ts-ignore: decorator
@inline
export function from(line: i32): usize {
  return load<u32>(bounds + 8 * line);
}

// @ts-ignore: decorator
@inline
export function to(line: i32): usize {
  return load<u32>(bounds + 8 * line + 4);
}

/** The bytes of a word and their number, to compare line ends with. */
export function ending(text: string): usize {
  const word = allocate(4 + text.length + 16);
  store<u32>(word, <u32>text.length);
  for (let at = 0; at < text.length; at++) store<u8>(word + 4 + at, <u8>text.charCodeAt(at));
  return word;
}

// @ts-ignore: decorator
@inline
export function endsWith(line: i32, word: usize): bool {
  const length = load<u32>(word);
  const end = to(line);
  return end - from(line) >= length && load<u8>(end - 1) === load<u8>(word + 3 + length) && isSame(end - length, word + 4, length);
}

/** Where the pin that `isPinRow` found begins and ends. */
export let pinFrom: usize = 0;
export let pinTo: usize = 0;

/** Where the first byte stands that is of no number: neither digit, point, minus nor space. */
export function wordAt(from: usize, to: usize): usize {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(45)), i8x16.splat(13));
    const mask = ~i8x16.bitmask(v128.or(digits, i8x16.eq(bytes, i8x16.splat(space)))) & 0xffff;
    if (mask !== 0) return min(at + ctz(mask), to);
  }
  return to;
}

/** Whether the description [from, to) is that of a pin: ` ^ name (CELL)`. */
export function isPinRow(from: usize, to: usize): bool {
  if (from + 6 > to || load<u8>(from) !== space || load<u8>(from + 2) !== space) return false;
  const edge = load<u8>(from + 1);
  if (edge !== 94 && edge !== 118) return false;
  pinFrom = skipSpaces(from + 2, to);
  pinTo = find(space, pinFrom, to);
  return pinTo > pinFrom && pinTo + 1 < to && load<u8>(pinTo + 1) === openParenthesis;
}

/** A hash of 64 bits of the line [start, end). */
// @ts-ignore: decorator
@inline
export function hashOf(start: usize, end: usize): u64 {
  let at = start;
  let hash: u64 = <u64>(end - at) * 0x9e3779b97f4a7c15;
  for (; at + 8 <= end; at += 8) {
    hash = (hash ^ load<u64>(at)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  const rest = end - at;
  if (rest > 0) {
    hash = (hash ^ (load<u64>(at) & ((<u64>1 << (<u64>rest << 3)) - 1))) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  return hash;
}
