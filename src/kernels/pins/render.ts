/** From rows to text, in pieces. */

import { writePin } from "../names/names";
import { rawCount, rawPieces, rawText } from "./scan";
import { columns, pinOfRow, rows, valueOfColumn, values } from "./table";
import { writeNumber } from "./write-number";

let row: i32 = 0;
let piece: i32 = 0;
let rawAt: usize = 0;
/** How much of the piece in work is written. */
let pieceDone: u32 = 0;

export function beginRender(): void {
  row = 0;
  piece = 0;
  rawAt = rawText;
  pieceDone = 0;
}

/** Writes rows and raw pieces from `to` on while there is room before `end`; answers where it stopped. */
export function render(to: usize, end: usize, nameMax: usize): usize {
  const rowMax = nameMax + 32 * (<usize>columns + 1);
  let at = to;
  while (true) {
    const next = piece < rawCount ? load<i32>(rawPieces + 8 * <usize>piece) : rows;
    const stop = min(next, rows);
    while (row < stop) {
      if (at + rowMax > end) return at;
      at = writeRow(row++, at);
    }
    if (piece === rawCount) return at;
    const left = load<u32>(rawPieces + 8 * <usize>piece, 4) - pieceDone;
    const length = <u32>min<usize>(<usize>left, end - at);
    memory.copy(at, rawAt, length);
    at += length;
    rawAt += length;
    pieceDone += length;
    if (length < left) return at;
    pieceDone = 0;
    piece++;
  }
}

export function isRendered(): bool {
  return row === rows && piece === rawCount;
}

// @ts-ignore: decorator
@inline
function writeRow(index: i32, to: usize): usize {
  let at = writePin(load<i32>(pinOfRow + 4 * <usize>index), to);
  const place = values + 4 * <usize>columns * <usize>index;
  for (let column = 0; column < columns; column++) {
    store<u8>(at, 9);
    at = writeNumber(load<i32>(place + 4 * <usize>load<i32>(valueOfColumn + 4 * <usize>column)), at + 1);
  }
  store<u8>(at, 10);
  return at + 1;
}
