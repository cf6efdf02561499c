/**
 * Rows of an end report, as columns:
 *
 *     g_lane[0].u_lane/_1996_/D (DFFPOSX1)    4.2848    3.5063    0.7784 (MET)
 *
 * They lie in the row columns of the batch, which is empty while they are read: pin and cell as those of a path's row,
 * required, actual and slack as its first three values. What is unusual in any way is no row here:
 * src/opensta/formats/end-report.ts reads it.
 */
import { digitsPlace, rowAttribute, rowEdge, unitsPlace } from "./batch";
import { closeParenthesis, find, openParenthesis, skipSpaces, space, startsWith, trimmedEnd } from "./bytes";
import { allocate } from "./memory";
import { NameTable } from "./names";
import { digits, readColumn, readNumber, units } from "./numbers";
import * as waitingPins from "./waiting-pins";
import * as words from "./words";

/** Rows that are read at a time. */
export const rowsMax: i32 = 4096;
/** The longest row, and the longest number. */
const rowBytesMax: usize = 1000;
const numberBytesMax: usize = 32;

const figures: i32 = 3;
/** How many digits after the point each of them had last. */
const expected = allocate(figures);

/** Where in the window each row begins; and 1 if it says VIOLATED. */
export const start = rowAttribute;
export const violated = rowEdge;

/** Reads [from, to) as row `row`; false if it is no such row. Its names wait to be looked up. */
export function take(row: i32, from: usize, to: usize, pins: NameTable, cells: NameTable): bool {
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
    if (!readFigure(figure, begin, at)) return false;
    store<f64>(unitsPlace(figure, row), units);
    store<u8>(digitsPlace(figure, row), digits);
  }
  const verdict = at + 1;
  const length = trimmedEnd(from, to) - verdict;
  const isViolated = length === 10 && startsWith(verdict, to, words.parenthesizedViolated);
  if (!isViolated && !(length === 5 && startsWith(verdict, to, words.parenthesizedMet))) return false;
  if (waitingPins.isFull()) waitingPins.resolve(pins, cells);
  waitingPins.add(row, from, pinEnd, cellFrom, cellEnd - 1);
  store<u32>(start + 4 * row, <u32>from);
  store<u8>(violated + row, isViolated ? 1 : 0);
  return true;
}

// @ts-ignore: decorator
@inline
function readFigure(figure: i32, from: usize, to: usize): bool {
  if (from === to) return false;
  if (to - from <= 8 && readColumn(from, to, load<u8>(expected + figure)) === from) return true;
  if (to - from > numberBytesMax || !readNumber(from, to)) return false;
  store<u8>(expected + figure, digits);
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
