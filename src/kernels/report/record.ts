/** One record after another, line by line, into the batch. See src/opensta/report-scanner.ts for a record's shape. */
import * as batch from "./batch";
import {
  closeParenthesis,
  dash,
  find,
  openParenthesis,
  skipSpaces,
  space,
  startsWith,
  trimmedEnd,
} from "./bytes";
import * as columns from "./columns";
import * as endPin from "./end-pin";
import { allocate } from "./memory";
import { idOf, NameTable } from "./names";
import * as rowNumbers from "./row-numbers";
import * as waitingPins from "./waiting-pins";
import * as words from "./words";

/** What a line was to the record that is being read. */
export const taken: i32 = 0;
export const ended: i32 = 1;
export const foreign: i32 = 2;
/** Header lines and two blank ones: -format short, which has no rows. */
export const short: i32 = 3;
/** Another heading than the batch has; the line is to come again when the batch was delivered. */
export const otherColumns: i32 = 4;
/** More rows than a path may have. */
export const tooLong: i32 = 5;

const letterD: u8 = 100;
const letterS: u8 = 115;
const rising: u8 = 94;
const falling: u8 = 118;

/** Whether rows are kept; if not, a path has its header, its figures and its end pin alone. */
let keepsRows: bool = true;
/** Rows of the record that were not kept. */
let passedRows: i32 = 0;

export function keepRows(kept: bool): void {
  keepsRows = kept;
}

export let open: bool = false;
export let firstRow: i32 = 0;
let openText: i32 = 0;
let inRows: bool = false;
/** Header lines that may go on in the next line: 1 the startpoint's, 2 the endpoint's. */
let wrapping: i32 = 0;
let part: u8 = 0;
/** Row of the last point of the arrival part. */
let endRow: i32 = -1;
/** Paths whose end pin is known; for the others its column still holds the row. */
let resolvedPaths: i32 = 0;
let blanks: i32 = 0;

export let pins: NameTable = changetype<NameTable>(0);
export let others: NameTable = changetype<NameTable>(0);

/** Records are much alike: what the one before had is the guess for this one. 0: no guess. */
let lastGroup: usize = 0;
let lastType: usize = 0;
let lastCorner: usize = 0;
const lastReasons = allocate(4 * 2);
const labelsMax = 64;
const labelGuesses = allocate(4 * labelsMax);
let labels: i32 = 0;

/** Begins anew with no names. */
export function reset(): void {
  open = false;
  keepsRows = true;
  resolvedPaths = 0;
  pins = NameTable.make();
  others = NameTable.make();
  lastGroup = 0;
  lastType = 0;
  lastCorner = 0;
  memory.fill(lastReasons, 0, 4 * 2);
  memory.fill(labelGuesses, 0, 4 * labelsMax);
}

export function begin(from: usize, to: usize, byteOffset: f64, line: f64): void {
  const index = batch.paths;
  open = true;
  inRows = false;
  part = 0;
  endRow = -1;
  passedRows = 0;
  endPin.forget();
  blanks = 0;
  labels = 0;
  firstRow = batch.rows;
  openText = batch.textsUsed;
  setId(batch.endpointLength, 0);
  setId(batch.endpointReason, -1);
  setId(batch.group, -1);
  setId(batch.type, -1);
  setId(batch.corner, -1);
  setFigure(batch.slack, NaN);
  setFigure(batch.arrival, NaN);
  setFigure(batch.required, NaN);
  store<u8>(batch.digits + index, 0);
  setFigure(batch.byteOffset, byteOffset);
  setFigure(batch.line, line);
  point(from + 12, to, 0);
  wrapping = 1;
}

/** Takes the next line of the record. */
// @ts-ignore: decorator
@inline
export function take(from: usize, to: usize): i32 {
  if (from === to) {
    blanks++;
    return !inRows && blanks === 2 ? short : taken;
  }
  return inRows ? row(from, to) : header(from, to);
}

/** Gives up the record that is being read. */
export function discard(): void {
  open = false;
  batch.setRows(firstRow);
  batch.setTexts(openText);
}

/** Empties the batch of its whole paths; the one being read stays. */
export function clearBatch(): void {
  resolvedPaths = 0;
  if (open && endRow >= 0) endRow -= firstRow;
  batch.clear(open ? firstRow : batch.rows, open ? openText : batch.textsUsed);
  firstRow = 0;
  openText = 0;
}

function header(from: usize, to: usize): i32 {
  const first = load<u8>(from);
  if (first === space && wrapping !== 0) {
    const at = skipSpaces(from, to);
    if (at - from >= 8 && load<u8>(at) === openParenthesis) {
      const end = trimmedEnd(at, to);
      const reason = others.intern(at + 1, load<u8>(end - 1) === closeParenthesis ? end - 1 : end);
      setId(wrapping === 1 ? batch.startpointReason : batch.endpointReason, idOf(reason));
      wrapping = 0;
      return taken;
    }
  }
  const wrapped = wrapping;
  wrapping = 0;
  if (startsWith(from, to, words.endpoint)) {
    point(from + 10, to, 1);
    wrapping = 2;
  } else if (startsWith(from, to, words.pathGroup)) {
    lastGroup = others.internLike(lastGroup, from + 12, trimmedEnd(from + 12, to));
    setId(batch.group, idOf(lastGroup));
  } else if (startsWith(from, to, words.pathType)) {
    lastType = others.internLike(lastType, from + 11, trimmedEnd(from + 11, to));
    setId(batch.type, idOf(lastType));
  } else if (startsWith(from, to, words.corner)) {
    lastCorner = others.internLike(lastCorner, from + 8, trimmedEnd(from + 8, to));
    setId(batch.corner, idOf(lastCorner));
  } else if (first === dash) {
    if (columns.count === 0) return stray(wrapped);
    inRows = true;
  } else if (!columns.isKnown(from, to)) {
    if (!columns.isHeading(from, to)) return stray(wrapped);
    if (batch.paths > 0) return otherColumns;
    columns.read(from, to);
  }
  return taken;
}

/** A line between header lines that is none: what wraps goes on behind it. */
function stray(wrapped: i32): i32 {
  wrapping = wrapped;
  return foreign;
}

function row(from: usize, to: usize): i32 {
  const first = load<u8>(from);
  if (first === dash && load<u8>(from + 1) === dash && load<u8>(to - 1) === dash) return taken;
  if (first === openParenthesis) return startsWith(from, to, words.unconstrained) ? end() : foreign;
  const row = batch.rows;
  if (row - firstRow + passedRows === batch.rowsMax) return tooLong;
  let timed = false;
  let at = rowNumbers.quick(from, to, row);
  if (at !== 0) timed = rowNumbers.quickTimed;
  else {
    at = rowNumbers.byWords(from, to, row);
    timed = rowNumbers.wordsTimed;
    // What has no number begins in the description: the lists below the tool's messages are indented less.
    if (at === from && (first !== space || skipSpaces(from, to) - from < columns.endOf(columns.count - 1)))
      return foreign;
  }
  batch.setRows(row + 1);
  store<u8>(batch.rowPart + row, part);
  store<i32>(batch.rowAttribute + 4 * row, -1);
  let begin = skipSpaces(at, to);
  const mark = load<u8>(begin);
  let edge: u8 = 0;
  if (timed && (mark === rising || mark === falling) && load<u8>(begin + 1) === space && begin === at + 1) {
    edge = mark;
    begin = skipSpaces(begin + 1, to);
    const end = find(space, begin, to);
    if (end + 1 < to && load<u8>(end + 1) === openParenthesis) {
      store<u8>(batch.rowEdge + row, edge);
      return pinRow(row, begin, end, from, to);
    }
  }
  store<u8>(batch.rowEdge + row, edge);
  store<i32>(batch.rowCell + 4 * row, -1);
  return labelRow(row, begin, to, timed);
}

// @ts-ignore: decorator
@inline
function pinRow(row: i32, begin: usize, end: usize, from: usize, to: usize): i32 {
  if (!keepsRows) {
    if (part === 0) endPin.set(begin, end);
    return pass(row);
  }
  const close = find(closeParenthesis, end + 2, to);
  if (waitingPins.isFull()) resolvePins();
  waitingPins.add(row, begin, end, end + 2, close);
  // Any cell that is not -1 says that the row is a pin.
  store<i32>(batch.rowCell + 4 * row, 0);
  if (close + 1 < to) attribute(row, max(close + 1, from + columns.attributeStart), to);
  if (part === 0) endRow = row;
  return taken;
}

/** Looks up the pins that wait: what they point at, the window, may move once the scan has stopped. */
export function resolvePins(): void {
  waitingPins.resolve(pins, others);
  if (!keepsRows) {
    endPin.resolve(pins);
    return;
  }
  for (; resolvedPaths < batch.paths; resolvedPaths++) {
    const row = load<i32>(batch.endPin + 4 * resolvedPaths);
    if (row >= 0) store<i32>(batch.endPin + 4 * resolvedPaths, load<i32>(batch.rowName + 4 * row));
  }
}

function attribute(row: i32, from: usize, to: usize): void {
  if (from >= to) return;
  const begin = skipSpaces(from, to);
  const end = trimmedEnd(begin, to);
  if (begin < end) store<i32>(batch.rowAttribute + 4 * row, idOf(others.intern(begin, end)));
}

function labelRow(row: i32, begin: usize, to: usize, timed: bool): i32 {
  const first = load<u8>(begin);
  if (first === letterD && startsWith(begin, to, words.dataArrivalTime)) {
    if (isNaN(load<f64>(batch.arrival + 8 * batch.paths))) figure(batch.arrival, row, timed);
    part = 1;
    batch.setRows(row);
    return taken;
  }
  if (first === letterD && startsWith(begin, to, words.dataRequiredTime)) {
    if (isNaN(load<f64>(batch.required + 8 * batch.paths))) figure(batch.required, row, timed);
    batch.setRows(row);
    return taken;
  }
  if (first === letterS && timed && startsWith(begin, to, words.slack)) {
    figure(batch.slack, row, timed);
    store<u8>(batch.violated + batch.paths, startsWith(begin + 7, to, words.violated) ? 1 : 0);
    batch.setRows(row);
    return end();
  }
  if (!keepsRows) return pass(row);
  const guess = labelGuesses + 4 * min(labels++, labelsMax - 1);
  const label = others.internLike(load<u32>(guess), begin, trimmedEnd(begin, to));
  store<u32>(guess, <u32>label);
  store<i32>(batch.rowName + 4 * row, idOf(label));
  return taken;
}

/** The row counts, and is not kept. */
// @ts-ignore: decorator
@inline
function pass(row: i32): i32 {
  batch.setRows(row);
  passedRows++;
  return taken;
}

function figure(column: usize, row: i32, timed: bool): void {
  if (!timed) return;
  const value = load<f64>(batch.unitsPlace(batch.timeKind, row));
  setFigure(column, value);
  if (isFinite(value)) store<u8>(batch.digits + batch.paths, load<u8>(batch.digitsPlace(batch.timeKind, row)));
}

function end(): i32 {
  setId(batch.endPin, keepsRows ? endRow : endPin.resolve(pins));
  setId(batch.rowEnd, batch.rows);
  batch.setPaths(batch.paths + 1);
  batch.setPrinted(columns.mask);
  open = false;
  return ended;
}

/** `name (reason)`: the reason is what stands in the last parentheses of the line, if it reads like one. */
function point(from: usize, to: usize, which: i32): void {
  const end = trimmedEnd(from, to);
  const blank = find(space, from, end);
  const hasReason =
    blank + 2 < end &&
    load<u8>(blank + 1) === openParenthesis &&
    load<u8>(end - 1) === closeParenthesis &&
    isReason(blank + 2, end - 1);
  const length = (hasReason ? blank : end) - from;
  setId(which === 0 ? batch.startpointAt : batch.endpointAt, batch.addText(from, length));
  setId(which === 0 ? batch.startpointLength : batch.endpointLength, <i32>length);
  let reason = -1;
  if (hasReason) {
    const guess = lastReasons + 4 * which;
    const record = others.internLike(load<u32>(guess), blank + 2, end - 1);
    store<u32>(guess, <u32>record);
    reason = idOf(record);
  }
  setId(which === 0 ? batch.startpointReason : batch.endpointReason, reason);
}

function isReason(from: usize, to: usize): bool {
  return (
    startsWith(from, to, words.rising) ||
    startsWith(from, to, words.falling) ||
    startsWith(from, to, words.input) ||
    startsWith(from, to, words.output) ||
    startsWith(from, to, words.positive) ||
    startsWith(from, to, words.negative) ||
    startsWith(from, to, words.recovery) ||
    startsWith(from, to, words.removal) ||
    startsWith(from, to, words.clockSource) ||
    startsWith(from, to, words.internal) ||
    startsWith(from, to, words.bidirect) ||
    startsWith(from, to, words.inout) ||
    startsWith(from, to, words.port)
  );
}

// @ts-ignore: decorator
@inline
function setId(column: usize, id: i32): void {
  store<i32>(column + 4 * batch.paths, id);
}

// @ts-ignore: decorator
@inline
function setFigure(column: usize, value: f64): void {
  store<f64>(column + 8 * batch.paths, value);
}
