/** Finding things in bytes, sixteen at a time. All may read up to 16 bytes beyond `to`: the window has room for that. */

import { allocate } from "./memory";

export const lineFeed: u8 = 10;
export const space: u8 = 32;
export const openParenthesis: u8 = 40;
export const closeParenthesis: u8 = 41;
export const dash: u8 = 45;

/** The first place of `byte` in [from, to), or `to`. */
// @ts-ignore: decorator
@inline
export function find(byte: u8, from: usize, to: usize): usize {
  const wanted = i8x16.splat(byte);
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (mask !== 0) return min(at + ctz(mask), to);
  }
  return to;
}

/** The first place in [from, to) that is no space, or `to`. */
// @ts-ignore: decorator
@inline
export function skipSpaces(from: usize, to: usize): usize {
  const wanted = i8x16.splat(space);
  for (let at = from; at < to; at += 16) {
    const mask = i8x16.bitmask(i8x16.ne(v128.load(at), wanted));
    if (mask !== 0) return min(at + ctz(mask), to);
  }
  return to;
}

/** `to` without the spaces before it. */
export function trimmedEnd(from: usize, to: usize): usize {
  let end = to;
  while (end > from && load<u8>(end - 1) === space) end--;
  return end;
}

/** A word to compare with: its length, and its first sixteen bytes, which is all of it that is compared. */
export function keyword(text: string): usize {
  const word = allocate(32);
  const compared = min(text.length, 16);
  store<u32>(word, <u32>text.length);
  store<u32>(word + 4, (1 << compared) - 1);
  for (let at = 0; at < compared; at++) store<u8>(word + 16 + at, <u8>text.charCodeAt(at));
  return word;
}

/** Whether [from, to) begins with this keyword. */
// @ts-ignore: decorator
@inline
export function startsWith(from: usize, to: usize, word: usize): bool {
  const mask = load<i32>(word + 4);
  return (
    to - from >= <usize>load<u32>(word) &&
    (i8x16.bitmask(i8x16.eq(v128.load(from), v128.load(word + 16))) & mask) === mask
  );
}

/** Whether `length` bytes at `one` and at `other` are the same. */
// @ts-ignore: decorator
@inline
export function isSame(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16)
    if (v128.any_true(v128.xor(v128.load(one + at), v128.load(other + at)))) return false;
  const rest = length - at;
  if (rest === 0) return true;
  const same = i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)));
  return (~same & ((1 << <i32>rest) - 1)) === 0;
}
