/** The hot loop of OpenSTA's full reports: lines out of a window of bytes, records out of lines, columns out of records. */
import * as batch from "./batch";
import { find, lineFeed, startsWith } from "./bytes";
import * as columns from "./columns";
import * as ends from "./end-rows";
import { allocate, mark, release } from "./memory";
import { idOf } from "./names";
import * as record from "./record";
import * as words from "./words";

/** Why `scan` stopped: `src/opensta/report-kernel.ts` has the same numbers. */
const needsMore: i32 = 0;
const batchFull: i32 = 1;
const lineOutside: i32 = 2;
const lineForeign: i32 = 3;
const recordCut: i32 = 4;
const recordShort: i32 = 5;
const recordTooLong: i32 = 6;

/** Room for the longest line that is read and what is read after it. */
export const windowBytes: i32 = (1 << 20) + (1 << 20) + (1 << 16);
export const windowStart: usize = allocate(windowBytes + 32);

/** Room for the longest name: that of a whole line whose bytes are no UTF-8, and take three each as text. */
export const nameRoomBytes: i32 = 3 << 20;
export const nameRoom: usize = allocate(nameRoomBytes + 16);

/** The line that `scan` stopped at, without its end; where to go on; and its number from 1. */
export let lineFrom: usize = 0;
export let lineTo: usize = 0;
export let resume: usize = 0;
export let lines: f64 = 0;

/** What the window's first byte is in the whole text. */
let windowOffset: f64 = 0;
let tables: usize = 0;

/** Begins a new text: no names, no open record. */
export function reset(): void {
  if (tables === 0) tables = mark();
  release(tables);
  record.reset();
  columns.forget();
  batch.setPaths(0);
  batch.setRows(0);
  batch.setTexts(0);
  lines = 0;
  windowOffset = 0;
}

/**
 * Reads whole lines of [from, end) of the window, which begins at byte `offset` of the text. `attention` to the lines
 * outside of records: 0 none, 1 stops at those that are neither blank nor begin a record, 2 stops at each.
 */
export function scan(from: usize, end: usize, offset: f64, attention: i32): i32 {
  windowOffset = offset;
  let at = from;
  while (true) {
    const feed = find(lineFeed, at, end);
    if (feed >= end) {
      record.resolvePins();
      resume = at;
      return needsMore;
    }
    const to = lineEnd(at, feed);
    lines++;
    if (!record.open) {
      if (attention === 2) return stop(lineOutside, at, to, feed + 1);
      if (at !== to) {
        if (startsWith(at, to, words.startpoint)) begin(at, to);
        else if (attention === 1) return stop(lineOutside, at, to, feed + 1);
      }
    } else if (load<u8>(at) === 83 && startsWith(at, to, words.startpoint)) {
      lines--;
      return stop(recordCut, at, to, at);
    } else {
      const verdict = record.take(at, to);
      if (verdict !== record.taken) {
        if (verdict === record.foreign) return stop(lineForeign, at, to, feed + 1);
        if (verdict === record.short) return stop(recordShort, at, to, feed + 1);
        if (verdict === record.tooLong) return stop(recordTooLong, at, to, feed + 1);
        if (verdict === record.otherColumns) {
          lines--;
          return stop(batchFull, at, to, at);
        }
        if (batch.isFull()) return stop(batchFull, at, to, feed + 1);
      }
    }
    at = feed + 1;
  }
}

/**
 * Reads rows of an end report from [from, end) of the window: as many as stand one after the other, and there is room for.
 * Answers how many; what follows is to be read from `resume`. The batch is to be empty.
 */
export function scanEndRows(from: usize, end: usize): i32 {
  let at = from;
  let row = 0;
  for (; row < ends.rowsMax; row++) {
    const feed = find(lineFeed, at, end);
    if (feed >= end || !ends.take(row, at, lineEnd(at, feed), record.pins, record.others)) break;
    at = feed + 1;
  }
  record.resolvePins();
  lines += <f64>row;
  resume = at;
  return row;
}

/** Where the line ends whose line feed is at `feed`: a carriage return before it is no part of it. */
// @ts-ignore: decorator
@inline
function lineEnd(from: usize, feed: usize): usize {
  return feed > from && load<u8>(feed - 1) === 13 ? feed - 1 : feed;
}

function begin(from: usize, to: usize): void {
  record.begin(from, to, windowOffset + <f64>(from - windowStart), lines);
}

function stop(why: i32, from: usize, to: usize, next: usize): i32 {
  record.resolvePins();
  lineFrom = from;
  lineTo = to;
  resume = next;
  return why;
}

/** The line that `scan` stopped at comes again. */
export function again(): void {
  lines--;
  resume = lineFrom;
}

/** Bytes of the memory that were ever used. */
export function usedBytes(): usize {
  return mark();
}

export function isOpen(): bool {
  return record.open;
}

export function pathCount(): i32 {
  return batch.paths;
}

export function rowCount(): i32 {
  return batch.rows;
}

export function printedKinds(): i32 {
  return batch.printed;
}

export function clearBatch(): void {
  record.clearBatch();
}

/** Whether the rows of paths are kept; of a new text they are, unless it is told otherwise here. */
export function keepRows(kept: bool): void {
  record.keepRows(kept);
}

export function discard(): void {
  record.discard();
}

/** How many names there are, and where the record of one is: table 0 holds the pins, table 1 all other names. */
export function nameCount(table: i32): i32 {
  return table === 0 ? record.pins.count : record.others.count;
}

/** The id of the name that stands in the first `length` bytes of `nameRoom`. */
export function nameId(table: i32, length: usize): i32 {
  return idOf((table === 0 ? record.pins : record.others).intern(nameRoom, nameRoom + length));
}

export function nameRecord(table: i32, id: i32): usize {
  return load<u32>((table === 0 ? record.pins.records : record.others.records) + 4 * id);
}

export {
  startpointAt,
  startpointLength,
  startpointReason,
  endpointAt,
  endpointLength,
  texts,
  endpointReason,
  group,
  type,
  corner,
  endPin,
  slack,
  arrival,
  required,
  digits,
  violated,
  byteOffset,
  line,
  rowEnd,
  rowName,
  rowCell,
  rowAttribute,
  rowEdge,
  rowPart,
  rowUnits,
  rowDigits,
} from "./batch";
export { start as endStart, violated as endViolated } from "./end-rows";
