/** Columns that mean nothing here: as the base has them, else as the row before, in pairs. */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { isNumber } from "./numbers";
import { baseComparable, baseRowOf, baseValues, columns, rows, values } from "./table";
import { codeGap, codePattern, placeOf } from "./value-coder";

export function codePlainColumns(from: i32): void {
  const hits = contexts(64 * 2);
  for (let column = from; column < columns; column += 2) {
    const pair = column + 1 < columns;
    for (let row = 0; row < rows; row++) codeRow(row, column, pair, hits);
  }
}

function codeRow(row: i32, column: i32, pair: bool, hits: usize): void {
  // A last column without a partner is coded with itself as the partner: with the one before it.
  const first = pair || column === 0 ? column : column - 1;
  const base = baseComparable ? baseRowOf(row) : -1;
  const likely = base >= 0 ? baseValues + 4 * <usize>columns * <usize>base : values + 4 * <usize>columns * <usize>(row - 1);
  const has = base >= 0 || row > 0;
  const pattern = single(columns) ? codeSingle(row) : codePattern(placeOf(row, first), 0x400000 + <u32>column);
  for (let own = column; own < min(column + 2, columns); own++) {
    if ((pattern >> (2 * (own - first))) & 3) continue;
    const before = has ? load<i32>(likely + 4 * <usize>own) : 0;
    const expected = isNumber(before) ? before : 0;
    const place = placeOf(row, own);
    if (codeBit(hits + 4 * (2 * <usize>own + (base >= 0 ? 1 : 0)), decoding ? 0 : load<i32>(place) === expected ? 1 : 0)) {
      if (decoding) store<i32>(place, expected);
    } else codeGap(own & 31, place, expected);
  }
}

function single(count: i32): bool {
  return count === 1;
}

/** The only column of a table: its pattern goes through a place of two values. */
const twoValues = memory.data(16);
function codeSingle(row: i32): u32 {
  store<i32>(twoValues, load<i32>(placeOf(row, 0)));
  store<i32>(twoValues, 0, 4);
  const pattern = codePattern(twoValues, 0x400000);
  if (decoding && pattern & 3) store<i32>(placeOf(row, 0), load<i32>(twoValues));
  return pattern & 3;
}

