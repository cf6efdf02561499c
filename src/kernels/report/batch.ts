/**
 * Whole paths as columns: one entry a path, and one entry a row for all their rows. The host reads them where these
 * globals say; -1 is "not printed". One entry beyond the most is for the path that is being read.
 */
import { allocate } from "./memory";

export const pathsMax = 1000;
/** A batch is full from this many rows on; one path may have as many more. */
export const rowsMax = 1 << 16;

const pathEntries = pathsMax + 1;
const rowEntries = 2 * rowsMax;

/** Fanout, Cap, Slew, Delay, Variation, Time. */
export const valueKinds = 6;
export const variationKind = 4;
export const timeKind = 5;

export let paths: i32 = 0;
export let rows: i32 = 0;
/** Which value columns the rows of this batch have, a bit a kind. */
export let printed: i32 = 0;

/** Startpoint and endpoint as text: hardly two paths share one. Where each lies in `texts`, and how long it is. */
export const startpointAt = allocate(4 * pathEntries);
export const startpointLength = allocate(4 * pathEntries);
export const endpointAt = allocate(4 * pathEntries);
export const endpointLength = allocate(4 * pathEntries);
export const startpointReason = allocate(4 * pathEntries);
export const endpointReason = allocate(4 * pathEntries);
export const group = allocate(4 * pathEntries);
export const type = allocate(4 * pathEntries);
export const corner = allocate(4 * pathEntries);
/** Pin of the last point of the arrival part: what timing calls the endpoint. */
export const endPin = allocate(4 * pathEntries);
/** In units of 10^-digits; ±Infinity for INF, NaN for what was not printed. */
export const slack = allocate(8 * pathEntries);
export const arrival = allocate(8 * pathEntries);
export const required = allocate(8 * pathEntries);
export const digits = allocate(pathEntries);
/** 1 if the slack is followed by VIOLATED: a slack that prints as zero may be either. */
export const violated = allocate(pathEntries);
export const byteOffset = allocate(8 * pathEntries);
export const line = allocate(8 * pathEntries);
/** Rows of path i: from rowEnd[i - 1] (0 for the first) to rowEnd[i]. */
export const rowEnd = allocate(4 * pathEntries);

/** A pin, or the text of a row that is no pin. */
export const rowName = allocate(4 * rowEntries);
/** -1: the row is no pin. */
export const rowCell = allocate(4 * rowEntries);
export const rowAttribute = allocate(4 * rowEntries);
/** 94 (^), 118 (v) or 0. */
export const rowEdge = allocate(rowEntries);
/** 0 in the arrival part, 1 in the required part. */
export const rowPart = allocate(rowEntries);
/** One column after the other: units, and their digits. */
export const rowUnits = allocate(8 * rowEntries * valueKinds);
export const rowDigits = allocate(rowEntries * valueKinds);

/** A batch is full from this many bytes of text on; the last path may have two lines more. */
const textsMax = 1 << 20;
export const texts = allocate(textsMax + 2 * (1 << 20) + 64);
export let textsUsed: i32 = 0;

export function setTexts(used: i32): void {
  textsUsed = used;
}

export function addText(from: usize, length: usize): i32 {
  const at = textsUsed;
  memory.copy(texts + at, from, length);
  textsUsed += <i32>length;
  return at;
}

export function setPaths(count: i32): void {
  paths = count;
}

export function setRows(count: i32): void {
  rows = count;
}

export function setPrinted(kinds: i32): void {
  printed = kinds;
}

export function isFull(): bool {
  return paths === pathsMax || rows >= rowsMax || textsUsed >= textsMax;
}

// @ts-ignore: decorator
@inline
export function unitsPlace(kind: i32, row: i32): usize {
  return rowUnits + (((<usize>kind * rowEntries) + <usize>row) << 3);
}

// @ts-ignore: decorator
@inline
export function digitsPlace(kind: i32, row: i32): usize {
  return rowDigits + <usize>kind * rowEntries + <usize>row;
}

/** Forgets the whole paths; the path that is being read (its rows begin at `openRow`, its text at `openText`) moves to the front. */
export function clear(openRow: i32, openText: i32): void {
  store<i32>(startpointAt, 0);
  store<i32>(endpointAt, load<i32>(endpointAt + 4 * paths) - openText);
  movePath4(startpointLength);
  movePath4(endpointLength);
  textsUsed -= openText;
  memory.copy(texts, texts + openText, textsUsed);
  movePath4(startpointReason);
  movePath4(endpointReason);
  movePath4(group);
  movePath4(type);
  movePath4(corner);
  movePath8(slack);
  movePath8(arrival);
  movePath8(required);
  movePath8(byteOffset);
  movePath8(line);
  store<u8>(digits, load<u8>(digits + paths));
  store<u8>(violated, load<u8>(violated + paths));
  const count = rows - openRow;
  memory.copy(rowName, rowName + 4 * openRow, 4 * count);
  memory.copy(rowCell, rowCell + 4 * openRow, 4 * count);
  memory.copy(rowAttribute, rowAttribute + 4 * openRow, 4 * count);
  memory.copy(rowEdge, rowEdge + openRow, count);
  memory.copy(rowPart, rowPart + openRow, count);
  for (let kind = 0; kind < valueKinds; kind++) {
    memory.copy(unitsPlace(kind, 0), unitsPlace(kind, openRow), 8 * count);
    memory.copy(digitsPlace(kind, 0), digitsPlace(kind, openRow), count);
  }
  paths = 0;
  rows = count;
}

function movePath4(column: usize): void {
  store<u32>(column, load<u32>(column + 4 * paths));
}

function movePath8(column: usize): void {
  store<u64>(column, load<u64>(column + 8 * paths));
}
