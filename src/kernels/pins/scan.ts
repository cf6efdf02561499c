/** From text to rows: `name TAB value TAB value LF`. Whatever is not such a row, or would not print the same, stays raw. */

import { find } from "../report/bytes";
import { internPin } from "../names/names";
import { textMax } from "../names/segment";
import { allocate } from "../names/room";
import { numberEnd, readNumber } from "./read-number";
import { columns, pinOfRow, rows, rowsMax, setRows, valueOfColumn, values } from "./table";

export let rawText: usize = 0;
export let rawBytes: usize = 0;
/** Pieces of raw text: the row before which a piece stands, and its length. */
export let rawPieces: usize = 0;
export let rawCount: i32 = 0;
let rawMax: usize = 0;

export function beginRaw(bytesMax: usize): void {
  rawMax = bytesMax;
  rawText = allocate(bytesMax + 64);
  rawPieces = allocate(8 * (<usize>rowsMax + 2));
  rawBytes = 0;
  rawCount = 0;
}

/** Reads the whole lines of [from, to), and, of the last text, what follows them. Answers where it stopped. */
export function scan(from: usize, to: usize, last: bool): usize {
  let at = from;
  while (at < to) {
    const end = find(10, at, to);
    if (end === to && !last) return at;
    if (end === to || !readRow(at, end)) {
      keepRaw(at, min(end + 1, to));
    }
    at = min(end + 1, to);
  }
  return at;
}

export function keepRaw(from: usize, to: usize): void {
  const length = to - from;
  if (rawBytes + length > rawMax) unreachable();
  memory.copy(rawText + rawBytes, from, length);
  rawBytes += length;
  const place = rawPieces + 8 * <usize>rawCount;
  if (rawCount > 0 && load<i32>(place - 8) === rows) {
    store<u32>(place - 8, load<u32>(place - 8, 4) + <u32>length, 4);
    return;
  }
  store<i32>(place, rows);
  store<u32>(place, <u32>length, 4);
  rawCount++;
}

/** The piece of raw text for decoding. */
export function setRaw(text: usize, bytes: usize, pieces: usize, count: i32): void {
  rawText = text;
  rawBytes = bytes;
  rawPieces = pieces;
  rawCount = count;
}

function readRow(from: usize, end: usize): bool {
  if (rows === rowsMax) return false;
  const nameEnd = find(9, from, end);
  if (nameEnd === end || nameEnd - from > <usize>textMax) return false;
  const place = values + 4 * <usize>columns * <usize>rows;
  let at = nameEnd;
  for (let column = 0; column < columns; column++) {
    if (at >= end || load<u8>(at) !== 9) return false;
    const value = readNumber(at + 1);
    if (numberEnd === 0 || numberEnd > end) return false;
    store<i32>(place + 4 * <usize>load<i32>(valueOfColumn + 4 * <usize>column), value);
    at = numberEnd;
  }
  if (at !== end) return false;
  store<i32>(pinOfRow + 4 * <usize>rows, internPin(from, nameEnd));
  setRows(rows + 1);
  return true;
}
