/**
 * Rows of an end report as columns:
 *
 *     g_lane[0].u_lane/_1996_/D (DFFPOSX1)    4.2848    3.5063    0.7784 (MET)
 *
 * What is unusual in any way is no row here: src/opensta/formats/end-report.ts reads it.
 */
import { closeParenthesis, find, openParenthesis, skipSpaces, space, startsWith, trimmedEnd } from "./bytes";
import { allocate } from "./memory";
import { idOf, NameTable } from "./names";
import { digits, readNumber, units } from "./numbers";
import * as words from "./words";

/** Rows that the columns hold. */
export const rowsMax: i32 = 4096;
/** The longest row, and the longest number. */
const rowBytesMax: usize = 1000;
const numberBytesMax: usize = 32;

/** Where the row begins in the whole text. */
export const byteOffset = allocate(8 * rowsMax);
export const pin = allocate(4 * rowsMax);
export const cell = allocate(4 * rowsMax);
/** Units of required, actual and slack, one column after the other; and their digits. ±Infinity for INF. */
export const figures: i32 = 3;
export const figureUnits = allocate(8 * rowsMax * figures);
export const figureDigits = allocate(rowsMax * figures);
/** 1 if the row says VIOLATED. */
export const violated = allocate(rowsMax);

/** Reads [from, to), which begins at byte `offset` of the text, as row `row`; false if it is no such row. */
export function take(row: i32, from: usize, to: usize, offset: f64, pins: NameTable, cells: NameTable): bool {
  if (to - from > rowBytesMax || !isPlain(from, to) || startsWith(from, to, words.startpoint)) return false;
  const pinEnd = find(space, from, to);
  const cellFrom = pinEnd + 2;
  if (pinEnd === from || cellFrom >= to || load<u8>(pinEnd + 1) !== openParenthesis) return false;
  const cellEnd = find(space, cellFrom, to);
  if (load<u8>(cellEnd - 1) !== closeParenthesis || cellEnd === cellFrom) return false;
  let at = cellEnd;
  for (let figure = 0; figure < figures; figure++) {
    const begin = skipSpaces(at, to);
    at = find(space, begin, to);
    if (at - begin > numberBytesMax || !readNumber(begin, at)) return false;
    store<f64>(figureUnits + 8 * (<usize>figure * rowsMax + row), units);
    store<u8>(figureDigits + <usize>figure * rowsMax + row, digits);
  }
  const verdict = at + 1;
  const length = trimmedEnd(from, to) - verdict;
  const isViolated = length === 10 && startsWith(verdict, to, words.parenthesizedViolated);
  if (!isViolated && !(length === 5 && startsWith(verdict, to, words.parenthesizedMet))) return false;
  const name = pins.intern(from, pinEnd);
  store<i32>(pin + 4 * row, idOf(name));
  store<i32>(cell + 4 * row, idOf(cells.internBeside(name, cellFrom, cellEnd - 1)));
  store<f64>(byteOffset + 8 * row, offset);
  store<u8>(violated + row, isViolated ? 1 : 0);
  return true;
}

/** Whether all of it are letters that are one byte each, and spaces. */
// @ts-ignore: decorator
@inline
function isPlain(from: usize, to: usize): bool {
  const least = i8x16.splat(space);
  for (let at = from; at < to; at += 16) {
    const others = i8x16.bitmask(i8x16.lt_s(v128.load(at), least));
    if (others !== 0 && at + ctz(others) < to) return false;
  }
  return true;
}
