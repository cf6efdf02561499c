/** The numbers of a record's row, each into the column of its heading. */
import * as batch from "./batch";
import { find, skipSpaces, space } from "./bytes";
import * as columns from "./columns";
import { digits, readColumn, readNumber, units } from "./numbers";

/** How far a number may end beyond its heading's word: wide values push their row to the right. */
const overflow: usize = 2;

/** Whether the time was among what `quick` read. */
export let quickTimed: bool = false;

/**
 * The numbers of a row that stand just below their heading's words, as nearly all do. Answers where the last of them
 * ends; 0 if the row is not so (then `byWords` reads it).
 */
// @ts-ignore: decorator
@inline
export function quick(from: usize, to: usize, row: i32): usize {
  let last = from;
  quickTimed = false;
  for (let column = 0; column < columns.count; column++) {
    const kind = columns.kindOf(column);
    const end = from + columns.endOf(column);
    if (end >= to || load<u8>(end) !== space) return 0;
    const begin = readColumn(last, end, columns.digitsOf(column));
    if (begin === 0 || (last + 8 < end && skipSpaces(last, begin) !== begin)) return 0;
    if (begin === end) {
      store<f64>(batch.unitsPlace(kind, row), NaN);
      continue;
    }
    store<f64>(batch.unitsPlace(kind, row), units);
    store<u8>(batch.digitsPlace(kind, row), digits);
    quickTimed = kind === batch.timeKind;
    last = end;
  }
  return last;
}

/** Whether the time was among what `byWords` read. */
export let wordsTimed: bool = false;

/** The numbers of a row by its words: each belongs to the first column that ends about where it ends. */
export function byWords(from: usize, to: usize, row: i32): usize {
  for (let column = 0; column < columns.count; column++)
    store<f64>(batch.unitsPlace(columns.kindOf(column), row), NaN);
  wordsTimed = false;
  let at = from;
  let next = 0;
  while (next < columns.count) {
    const begin = skipSpaces(at, to);
    const end = find(space, begin, to);
    if (end === begin) break;
    let column = next;
    while (column < columns.count && columns.endOf(column) + overflow < end - from) column++;
    // What begins beyond a column's end is the description, even if it looks like a number.
    if (column === columns.count || begin - from >= columns.endOf(column)) break;
    if (!readNumber(begin, end)) break;
    const kind = columns.kindOf(column);
    store<f64>(batch.unitsPlace(kind, row), units);
    store<u8>(batch.digitsPlace(kind, row), digits);
    columns.expectDigits(column, digits);
    wordsTimed = kind === batch.timeKind;
    next = column + 1;
    at = end;
  }
  return at;
}
