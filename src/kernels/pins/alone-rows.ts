/** Slacks that follow from no other row: as the base has them, else like those of the row before that has this port. */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { allocateZeroed } from "../names/room";
import { kindPorts } from "./cells";
import { valueAt } from "./learn-kinds";
import { inputRequired, part } from "./net-slacks";
import { isNumber, plusInfinity, toReal } from "./numbers";
import { baseAt, comparedRow } from "./table";
import { codeGap, codeNear, codePattern, placeOf } from "./value-coder";

/** Per port of a kind and column: the value before, and how far the two before it were from the base's. */
let lastValue: usize = 0;
export let lastShift: usize = 0;
export let aloneContexts: usize = 0;

export function beginAloneRows(): void {
  lastValue = allocateZeroed(16 * <usize>kindPorts);
  lastShift = allocateZeroed(32 * <usize>kindPorts);
  aloneContexts = contexts(64);
}

/** A row by itself: by the base, or by the row before of this port. */
export function codeAloneRow(row: i32, port: i32): void {
  const base = comparedRow(row);
  const pattern = codeRowPattern(row, base, <u32>(2 * port + (part >> 1)) + 0x1000);
  for (let column = part; column < part + 2; column++) {
    if ((pattern >> (2 * (column - part))) & 3) continue;
    const place = placeOf(row, column);
    if (base >= 0 && isNumber(baseAt(base, column))) codeShifted(place, baseAt(base, column), port, column);
    else codeLikeBefore(row, place, port, column, pattern);
  }
}

/** A value as the base has it, or moved as two before it were. */
export function codeShifted(place: usize, before: i32, port: i32, column: i32): void {
  const shiftPlace = lastShift + 8 * (4 * <usize>port + <usize>column);
  const shift = load<i32>(shiftPlace);
  const context = aloneContexts + 4 * <usize>(32 + column * 2 + (shift === 0 ? 0 : 1));
  const expected = before + shift;
  store<f64>(inputRequired + 8 * <usize>column, shift === 0 ? 0 : toReal(expected) - toReal(before));
  if (codeBit(context, decoding ? 0 : load<i32>(place) === expected ? 1 : 0)) {
    if (decoding) store<i32>(place, expected);
    return;
  }
  codeGap(40 + column, place, expected);
  const actual = load<i32>(place) - before;
  if (actual === load<i32>(shiftPlace, 4)) store<i32>(shiftPlace, actual);
  store<i32>(shiftPlace, actual, 4);
}

export function codeLikeBefore(row: i32, place: usize, port: i32, column: i32, pattern: u32): void {
  const last = lastValue + 4 * (4 * <usize>port + <usize>column);
  const before = load<i32>(last);
  if (!codeNear(aloneContexts + 4 * <usize>(column * 2 + (before === 0 ? 0 : 1)), place, before, 2)) {
    const beside = (column & 1) === 1 && (pattern & 3) === 0;
    if (beside) codeGap(44 + column, place, valueAt(row, column - 1));
    else codeGap(48 + column, place, before);
  }
  store<i32>(last, load<i32>(place));
}

/** Which values of a row are numbers: as in the base, else as `key` tells. */
// @ts-ignore: decorator
@inline
export function codeRowPattern(row: i32, base: i32, key: u32): u32 {
  if (base >= 0) return codeBasePattern(row, base);
  return codePattern(placeOf(row, part), key);
}

function codeBasePattern(row: i32, base: i32): u32 {
  const one = baseAt(base, part);
  const other = baseAt(base, part + 1);
  const pattern = classes(one, other);
  return codePattern(placeOf(row, part), 0x80000 + pattern);
}

// @ts-ignore: decorator
@inline
export function classes(one: i32, other: i32): u32 {
  return (isNumber(one) ? 0 : one === plusInfinity ? 1 : 2) | (isNumber(other) ? 0 : other === plusInfinity ? 4 : 8);
}
