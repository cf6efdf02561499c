/**
 * report_checks -format full, full_clock and full_clock_expanded, both versions of OpenSTA:
 *
 *     Startpoint: b[1] (input port clocked by clk_a)
 *     Endpoint: _7913_ (rising edge-triggered flip-flop clocked by clk_a)
 *     Path Group: io_in
 *     Path Type: max
 *     Corner: slow
 *
 *       Delay    Time   Description
 *     ---------------------------------------------------------
 *        0.00    0.00   clock clk_a (rise edge)
 *        0.19    1.44 v _2859_/Y (AND2X1)
 *                3.48   data arrival time
 *
 *        4.00    4.00   clock clk_a (rise edge)
 *                4.31   data required time
 *     ---------------------------------------------------------
 *                4.31   data required time
 *               -3.48   data arrival time
 *     ---------------------------------------------------------
 *                0.82   slack (MET)
 *
 * Columns are found by where the header's words end; 2.0.17 prints some rows one column to the left of it.
 */
import { startsWith } from "./line.js";
import { type PathBatch, timeColumn, valueColumns } from "./path-batch.js";
import { type NumberField, readNumber } from "./printed-number.js";
import type { LineVerdict } from "./report-format.js";

const headerNames = new Map([
  ["Fanout", valueColumns.indexOf("fanout")],
  ["Cap", valueColumns.indexOf("cap")],
  ["Slew", valueColumns.indexOf("slew")],
  ["Delay", valueColumns.indexOf("delay")],
  ["Variation", valueColumns.indexOf("variation")],
  ["Time", timeColumn],
]);

/** How far a number may end beyond its header's word: wide values push their row to the right. */
const overflow = 2;

const space = 32;
const dash = 45;
const letterD = 100;
const letterS = 115;
const openParenthesis = 40;
const closeParenthesis = 41;

const headerState = 0;
const rowState = 1;

/** Reads one record after another, line by line, into a batch. */
export class PathRecordParser {
  open = false;
  #state = headerState;
  /** Header lines that may go on in the next line: 1 the startpoint's, 2 the endpoint's. */
  #wrapping = 0;
  #part = 0;
  /** For the rows below: where each number column ends, and which column it is. */
  #columnEnds = new Int32Array(valueColumns.length);
  #columnKinds = new Int32Array(valueColumns.length);
  #columns = 0;
  #attributeStart = Infinity;
  #headerLine: Uint8Array = new Uint8Array(0);
  readonly #number: NumberField = { units: 0, digits: 0 };
  #endPin = -1;
  #lastPin = -1;
  #firstRow = 0;
  #blanks = 0;
  /** Labels of this record so far, and what each of them was in the record before. */
  #labels = 0;
  readonly #labelGuesses = new Int32Array(64).fill(-1);

  constructor(private readonly batch: PathBatch) {}

  begin(source: Uint8Array, from: number, to: number, byteOffset: number, line: number): void {
    const { batch } = this;
    const index = batch.count;
    this.open = true;
    this.#state = headerState;
    this.#part = 0;
    this.#endPin = -1;
    this.#blanks = 0;
    this.#labels = 0;
    this.#firstRow = batch.rows;
    for (const ids of [
      batch.startpointReason,
      batch.endpoint,
      batch.endpointReason,
      batch.group,
      batch.type,
      batch.corner,
    ])
      ids[index] = -1;
    for (const figures of [batch.slack, batch.arrival, batch.required]) figures[index] = NaN;
    batch.digits[index] = 0;
    batch.byteOffset[index] = byteOffset;
    batch.line[index] = line;
    this.#point(source, from + 12, to, batch.startpoint, batch.startpointReason);
    this.#wrapping = 1;
  }

  /** Takes the next line of the record. */
  line(source: Uint8Array, from: number, to: number): LineVerdict {
    if (from === to) {
      this.#blanks++;
      return "taken";
    }
    return this.#state === rowState ? this.#row(source, from, to) : this.#header(source, from, to);
  }

  /** Whether this is a record of -format short: header lines and two blank ones, no table. */
  get isShort(): boolean {
    return this.#state === headerState && this.#blanks > 1;
  }

  /** Empties the batch of its whole paths; the one being read stays. */
  clearBatch(): void {
    this.batch.clear(this.open ? this.#firstRow : this.batch.rows);
    this.#firstRow = 0;
  }

  /** Gives up the record that is being read. */
  discard(): void {
    this.open = false;
    this.batch.rows = this.#firstRow;
  }

  /** The endpoint of the record being read, as far as it was read. */
  endpoint(): string | undefined {
    const id = this.batch.endpoint[this.batch.count]!;
    return id < 0 ? undefined : this.batch.names.others.text(id);
  }

  #header(source: Uint8Array, from: number, to: number): LineVerdict {
    const { batch } = this;
    const index = batch.count;
    const { others } = batch.names;
    const first = source[from]!;
    if (first === space) {
      const at = skipSpaces(source, from, to);
      if (this.#wrapping > 0 && at - from >= 8 && source[at] === openParenthesis) {
        const reasons = this.#wrapping === 1 ? batch.startpointReason : batch.endpointReason;
        const end = trimmedEnd(source, at, to);
        reasons[index] = others.intern(source, at + 1, source[end - 1] === closeParenthesis ? end - 1 : end);
        this.#wrapping = 0;
        return "taken";
      }
    }
    this.#wrapping = 0;
    if (startsWith(source, from, to, "Endpoint: ")) {
      this.#point(source, from + 10, to, batch.endpoint, batch.endpointReason);
      this.#wrapping = 2;
    } else if (startsWith(source, from, to, "Path Group: "))
      batch.group[index] = others.internLike(
        before(batch.group, index),
        source,
        from + 12,
        trimmedEnd(source, from, to),
      );
    else if (startsWith(source, from, to, "Path Type: "))
      batch.type[index] = others.internLike(before(batch.type, index), source, from + 11, trimmedEnd(source, from, to));
    else if (startsWith(source, from, to, "Corner: "))
      batch.corner[index] = others.internLike(
        before(batch.corner, index),
        source,
        from + 8,
        trimmedEnd(source, from, to),
      );
    else if (first === dash) {
      if (this.#columns === 0) return "foreign";
      this.#state = rowState;
    } else if (!this.#columnHeader(source, from, to)) return "foreign";
    return "taken";
  }

  /** `Fanout     Cap    Slew   Delay    Time   Description   Src Attr` */
  #columnHeader(source: Uint8Array, from: number, to: number): boolean {
    if (isSame(this.#headerLine, source, from, to)) return true;
    const text = Buffer.from(source.buffer, source.byteOffset + from, to - from).toString("latin1");
    if (!/\bTime +Description/.test(text)) return false;
    this.#columns = 0;
    for (const word of text.slice(0, text.indexOf("Description")).matchAll(/\S+/g)) {
      const kind = headerNames.get(word[0]);
      if (kind === undefined) continue;
      this.#columnEnds[this.#columns] = word.index + word[0].length;
      this.#columnKinds[this.#columns++] = kind;
    }
    const attribute = text.indexOf("Src Attr");
    this.#attributeStart = attribute < 0 ? Infinity : attribute;
    this.#headerLine = source.slice(from, to);
    return true;
  }

  #row(source: Uint8Array, from: number, to: number): LineVerdict {
    const first = source[from]!;
    if (first === dash && source[from + 1] === dash && source[to - 1] === dash) return "taken";
    if (first === openParenthesis)
      return startsWith(source, from, to, "(Path is unconstrained)") ? this.#end() : "foreign";
    const { batch } = this;
    const place = batch.addRow(this.#part);
    const row = batch.rows - 1;
    const number = this.#number;
    let at = from;
    let next = 0;
    let timed = false;
    while (next < this.#columns) {
      const begin = skipSpaces(source, at, to);
      let end = begin;
      while (end < to && source[end] !== space) end++;
      if (end === begin) break;
      let column = next;
      while (column < this.#columns && this.#columnEnds[column]! < end - from - overflow) column++;
      // What begins beyond a column's end is the description, even if it looks like a number.
      if (
        column === this.#columns ||
        begin - from >= this.#columnEnds[column]! ||
        !readNumber(source, begin, end, number)
      )
        break;
      const kind = this.#columnKinds[column]!;
      batch.rowUnits[place + kind] = number.units;
      batch.rowDigits[place + kind] = number.digits;
      timed = kind === timeColumn;
      next = column + 1;
      at = end;
    }
    if (at === from && first !== space) {
      batch.rows--;
      return "foreign";
    }
    let begin = skipSpaces(source, at, to);
    const mark = source[begin];
    if (timed && (mark === 94 || mark === 118) && source[begin + 1] === space && begin === at + 1) {
      batch.rowEdge[row] = mark;
      begin = skipSpaces(source, begin + 1, to);
      const end = nextSpace(source, begin, to);
      if (source[end + 1] === openParenthesis) return this.#pinRow(source, row, begin, end, from, to);
    }
    return this.#labelRow(source, row, place, begin, to);
  }

  #pinRow(source: Uint8Array, row: number, begin: number, end: number, from: number, to: number): LineVerdict {
    const { batch } = this;
    const pin = batch.names.pins.internAfter(this.#lastPin, source, begin, end);
    this.#lastPin = pin;
    batch.rowName[row] = pin;
    let close = end + 2;
    while (close < to && source[close] !== closeParenthesis) close++;
    batch.rowCell[row] = batch.names.others.intern(source, end + 2, close);
    if (close + 1 < to) this.#attribute(source, row, Math.max(close + 1, from + this.#attributeStart), to);
    if (this.#part === 0) this.#endPin = pin;
    return "taken";
  }

  #attribute(source: Uint8Array, row: number, from: number, to: number): void {
    const begin = skipSpaces(source, from, to);
    const end = trimmedEnd(source, begin, to);
    if (begin < end) this.batch.rowAttribute[row] = this.batch.names.others.intern(source, begin, end);
  }

  #labelRow(source: Uint8Array, row: number, place: number, begin: number, to: number): LineVerdict {
    const { batch } = this;
    const index = batch.count;
    const units = batch.rowUnits[place + timeColumn]!;
    const first = source[begin];
    if (first === letterD && startsWith(source, begin, to, "data arrival time")) {
      if (Number.isNaN(batch.arrival[index]!)) this.#figure(batch.arrival, place);
      this.#part = 1;
      batch.rows--;
      return "taken";
    }
    if (first === letterD && startsWith(source, begin, to, "data required time")) {
      if (Number.isNaN(batch.required[index]!)) this.#figure(batch.required, place);
      batch.rows--;
      return "taken";
    }
    if (first === letterS && !Number.isNaN(units) && startsWith(source, begin, to, "slack (")) {
      this.#figure(batch.slack, place);
      batch.rows--;
      return this.#end();
    }
    // Records are much alike: the n-th label of one is mostly the n-th label of the next.
    const nth = Math.min(this.#labels++, this.#labelGuesses.length - 1);
    const id = batch.names.others.internLike(this.#labelGuesses[nth]!, source, begin, trimmedEnd(source, begin, to));
    this.#labelGuesses[nth] = id;
    batch.rowName[row] = id;
    return "taken";
  }

  #figure(figures: Float64Array, place: number): void {
    const { batch } = this;
    const units = batch.rowUnits[place + timeColumn]!;
    figures[batch.count] = units;
    if (Number.isFinite(units)) batch.digits[batch.count] = batch.rowDigits[place + timeColumn]!;
  }

  #end(): LineVerdict {
    const { batch } = this;
    batch.endPin[batch.count] = this.#endPin;
    batch.rowEnd[batch.count] = batch.rows;
    batch.count++;
    this.open = false;
    return "ended";
  }

  /** `name (reason)`: the reason is what stands in the last parentheses of the line, if it reads like one. */
  #point(source: Uint8Array, from: number, to: number, names: Int32Array, reasons: Int32Array): void {
    const { others } = this.batch.names;
    const index = this.batch.count;
    const end = trimmedEnd(source, from, to);
    const blank = nextSpace(source, from, end);
    const hasReason =
      source[blank + 1] === openParenthesis &&
      source[end - 1] === closeParenthesis &&
      isReason(source, blank + 2, end - 1);
    names[index] = others.intern(source, from, hasReason ? blank : end);
    reasons[index] = hasReason ? others.internLike(before(reasons, index), source, blank + 2, end - 1) : -1;
  }
}

/** What the path before had: likely the same. */
function before(ids: Int32Array, index: number): number {
  return index === 0 ? -1 : ids[index - 1]!;
}

const reasonWords = [
  "input",
  "output",
  "rising",
  "falling",
  "positive",
  "negative",
  "recovery",
  "removal",
  "clock source",
  "internal",
  "bidirect",
  "inout",
  "port",
];

function isReason(source: Uint8Array, from: number, to: number): boolean {
  return reasonWords.some((word) => startsWith(source, from, to, word));
}

function skipSpaces(source: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && source[at] === space) at++;
  return at;
}

function nextSpace(source: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && source[at] !== space) at++;
  return at;
}

function trimmedEnd(source: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && source[end - 1] === space) end--;
  return end;
}

function isSame(bytes: Uint8Array, source: Uint8Array, from: number, to: number): boolean {
  if (bytes.length !== to - from) return false;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== source[from + at]) return false;
  return true;
}
