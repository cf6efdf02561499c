/** Coding of single values: which are numbers, those near a reference, those a gap away from it, and those that stand alone. */

import { codeBit, codeNumber, codeTree, contexts, decoding, fail, numberBytes, numberModels } from "../names/binary-coder";
import { allocateZeroed } from "../names/room";
import { isNear } from "./learn-kinds";
import { isNumber, minusInfinity, negativeZero, ordinalMax, plusInfinity } from "./numbers";
import { columns, values } from "./table";

const patternSlots: u32 = 1 << 14;
let patterns: usize = 0;
let patternHits: usize = 0;
let patternTree: usize = 0;
let nearNumbers: usize = 0;
/** Whether a near value is just the reference. */
let nearSame: usize = 0;
/** Gap coders by what the value is. */
let gapNumbers: usize = 0;
export const gapKinds: i32 = 64;

export function beginValues(): void {
  patterns = allocateZeroed(<usize>patternSlots);
  patternHits = contexts(256);
  patternTree = contexts(16);
  nearSame = contexts(32);
  nearNumbers = numberModels(32);
  gapNumbers = numberModels(gapKinds);
}

// @ts-ignore: decorator
@inline
export function placeOf(row: i32, column: i32): usize {
  return values + 4 * (<usize>columns * <usize>row + <usize>column);
}

// @ts-ignore: decorator
@inline
function classOf(value: i32): u32 {
  return isNumber(value) ? 0 : value === plusInfinity ? 1 : value === minusInfinity ? 2 : 3;
}

/** What two values beside one another are: two bits each. */
// @ts-ignore: decorator
@inline
export function patternOf(one: i32, other: i32): u32 {
  return classOf(one) | (classOf(other) << 2);
}

/** Codes the pattern of the two values at `place`; `key` is whatever they may depend on. Stores those that are no numbers. */
export function codePattern(place: usize, key: u32): u32 {
  const slot = patterns + <usize>((key * 0x9e3779b1) >> 18);
  const guess = <u32>load<u8>(slot);
  const real = decoding ? 0 : patternOf(load<i32>(place), load<i32>(place, 4));
  if (codeBit(patternHits + 4 * <usize>(key & 255), real === guess ? 0 : 1) === 0) {
    if (decoding && guess !== 0) storePattern(place, guess);
    return guess;
  }
  const pattern = codeTree(patternTree, 4, real);
  store<u8>(slot, <u8>pattern);
  if (decoding && pattern !== 0) storePattern(place, pattern);
  return pattern;
}

export function storePattern(place: usize, pattern: u32): void {
  storeClass(place, pattern & 3);
  storeClass(place + 4, pattern >> 2);
}

function storeClass(place: usize, kind: u32): void {
  if (kind !== 0) store<i32>(place, kind === 1 ? plusInfinity : kind === 2 ? minusInfinity : negativeZero);
}

/** Codes whether the value at `place` is the reference but for rounding, and if so the value; `kind` is 0 to 3. */
// @ts-ignore: decorator
@inline
export function codeNear(context: usize, place: usize, reference: i32, kind: i32): bool {
  const near = codeBit(context, decoding ? 0 : isNear(load<i32>(place), reference) ? 1 : 0);
  if (near) codeNearValue(place, reference, kind);
  return near !== 0;
}

/** A value that the reference is but for rounding, which is larger where numbers are smaller. */
// @ts-ignore: decorator
@inline
export function codeNearValue(place: usize, reference: i32, kind: i32): void {
  const size = <u32>(reference < 0 ? -reference : reference);
  // The exponent, of numbers with six digits; nothing depends on it but the size.
  const scale = 8 * kind + ((size / 9000000) & 7);
  const same = codeBit(nearSame + 4 * <usize>scale, decoding ? 0 : load<i32>(place) === reference ? 1 : 0);
  if (!same) codeFrom(nearNumbers + numberBytes * <usize>scale, place, reference);
  else if (decoding) store<i32>(place, reference);
}

/** A value by its distance from a prediction. */
// @ts-ignore: decorator
@inline
export function codeGap(kind: i32, place: usize, prediction: i32): void {
  codeFrom(gapNumbers + numberBytes * <usize>kind, place, prediction);
}

// @ts-ignore: decorator
@inline
function codeFrom(numbers: usize, place: usize, prediction: i32): void {
  const distance = codeNumber(numbers, decoding ? 0 : load<i32>(place) - prediction);
  if (!decoding) return;
  const value = <i64>prediction + <i64>distance;
  if (value > ordinalMax || value < -ordinalMax) return fail();
  store<i32>(place, <i32>value);
}
