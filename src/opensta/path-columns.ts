import type { NameTable } from "./name-table.js";
import { toNumber } from "./printed-number.js";
import type { Slab, Slabs } from "./slabs.js";
import type { PathEnds, PathLabel, PathPoint, TimingPath } from "./report-records.js";

/** The number columns that a full report can have, in the order in which rows keep them. */
export const valueColumns = ["fanout", "cap", "slew", "delay", "variation", "time"] as const;
const delayColumn = valueColumns.indexOf("delay");
export const timeColumn = valueColumns.indexOf("time");
const onlyDelayAndTime = (1 << delayColumn) | (1 << timeColumn);

/** The names of one report: instances, ports, groups, clocks and reasons apart from the pins of its points. */
export interface ReportNames {
  readonly pins: NameTable;
  readonly others: NameTable;
}

/** Entries from `from` to before `to`. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Whole paths as columns: one entry a path, and one entry a row for all their rows. Ids are of `names`; -1 is "not printed". */
export class PathColumns {
  count = 0;
  rows = 0;
  /** Which of `valueColumns` the report prints, a bit each. */
  printed = 0;
  /** Where the startpoint lies in `texts`, and how long it is. */
  startpointAt!: Int32Array;
  startpointLength!: Int32Array;
  endpointAt!: Int32Array;
  endpointLength!: Int32Array;
  texts!: Buffer;
  startpointReason!: Int32Array;
  endpointReason!: Int32Array;
  group!: Int32Array;
  type!: Int32Array;
  corner!: Int32Array;
  /** Pin of the last point of the arrival part: what timing calls the endpoint. */
  endPin!: Int32Array;
  /** In units of 10^-digits; ±Infinity for INF, NaN for what was not printed (an unconstrained path has no slack). */
  slack!: Float64Array;
  arrival!: Float64Array;
  required!: Float64Array;
  digits!: Uint8Array;
  /** 1 if the report says VIOLATED: a slack that prints as zero may be either. */
  violated!: Uint8Array;
  byteOffset!: Float64Array;
  line!: Float64Array;
  /** Rows of path i: from rowEnd[i - 1] (0 for the first) to rowEnd[i]. */
  rowEnd!: Int32Array;

  /** A pin, or the text of a row that is no pin. */
  rowName!: Int32Array;
  /** -1: the row is no pin. */
  rowCell!: Int32Array;
  rowAttribute!: Int32Array;
  /** 94 (^), 118 (v) or 0. */
  rowEdge!: Uint8Array;
  /** 0 in the arrival part, 1 in the required part. */
  rowPart!: Uint8Array;
  /** For each of `valueColumns` its units and digits; only where `has` says that the report prints it. */
  rowUnits!: Float64Array[];
  rowDigits!: Uint8Array[];

  constructor(readonly names: ReportNames) {}

  /** Whether the report prints value column `column` at all. */
  has(column: number): boolean {
    return ((this.printed >> column) & 1) === 1;
  }

  /** Where the rows of path `index` begin. */
  firstRow(index: number): number {
    return index === 0 ? 0 : this.rowEnd[index - 1]!;
  }

  /** The paths of these runs alone, in a slab of memory of their own; the names stay where they are. */
  copy(runs: readonly Run[], slabs: Slabs): PathColumns {
    const copy = new PathColumns(this.names);
    copy.printed = this.printed;
    const rowRuns = runs.map(({ from, to }): Run => ({ from: this.firstRow(from), to: this.rowEnd[to - 1]! }));
    copy.count = lengthOf(runs);
    copy.rows = lengthOf(rowRuns);
    const texts = this.#textBytes(runs);
    const slab = slabs.take(copy.count * pathBytes + copy.rows * rowBytes + texts + alignment);
    copy.slab = slab;
    // The widest first, so that each column lies where its numbers have to.
    for (const column of widePathColumns) copy[column] = gather(this[column], runs, slab);
    copy.rowUnits = this.rowUnits.map((units, kind) => (this.has(kind) ? gather(units, rowRuns, slab) : none));
    for (const column of pathColumns) copy[column] = gather(this[column], runs, slab);
    for (const column of rowColumns) copy[column] = gather(this[column], rowRuns, slab);
    for (const column of narrowPathColumns) copy[column] = gather(this[column], runs, slab);
    for (const column of narrowRowColumns) copy[column] = gather(this[column], rowRuns, slab);
    copy.rowDigits = this.rowDigits.map((digits, kind) => (this.has(kind) ? gather(digits, rowRuns, slab) : noDigits));
    copy.texts = Buffer.from(slab.buffer, slab.used, texts);
    slab.used += texts;
    let before = 0;
    for (const [at, { from, to }] of runs.entries()) {
      const shift = rowRuns[at]!.from - (before === 0 ? 0 : copy.rowEnd[before - 1]!);
      for (let path = before; path < before + to - from; path++) copy.rowEnd[path]! -= shift;
      before += to - from;
    }
    this.#gatherTexts(copy);
    return copy;
  }

  /** The memory of a copy; what is done with may be given back. */
  slab: Slab | null = null;

  /** As printed: an instance or a port, without the reason in parentheses. */
  startpoint(index: number): string {
    return this.#text(this.startpointAt[index]!, this.startpointLength[index]!);
  }

  endpoint(index: number): string {
    return this.#text(this.endpointAt[index]!, this.endpointLength[index]!);
  }

  /** Path `index` as an object of its own. */
  path(index: number): TimingPath {
    const points: PathPoint[] = [];
    const requiredPoints: PathPoint[] = [];
    const labels: PathLabel[] = [];
    for (let row = this.firstRow(index); row < this.rowEnd[index]!; row++) {
      const own = this.rowPart[row] === 0 ? points : requiredPoints;
      if (this.rowCell[row]! >= 0) own.push(this.#point(row));
      else labels.push(this.#label(row, own.length));
    }
    const digits = this.digits[index]!;
    return {
      kind: "path",
      ...this.ends(index),
      slack: figureOf(this.slack[index]!, digits),
      met: Number.isNaN(this.slack[index]!) ? null : this.violated[index] === 0,
      arrival: figureOf(this.arrival[index]!, digits),
      required: figureOf(this.required[index]!, digits),
      digits,
      points,
      requiredPoints,
      labels,
      byteOffset: this.byteOffset[index]!,
      line: this.line[index]!,
    };
  }

  protected ends(index: number): PathEnds {
    return {
      startpoint: this.startpoint(index),
      startpointReason: this.#name(this.startpointReason[index]!),
      endpoint: this.endpoint(index),
      endpointReason: this.#name(this.endpointReason[index]!),
      group: this.#name(this.group[index]!) ?? "",
      type: this.#name(this.type[index]!) ?? "",
      corner: this.#name(this.corner[index]!),
    };
  }

  #point(row: number): PathPoint {
    const pin = this.names.pins.text(this.rowName[row]!);
    const cell = this.names.others.text(this.rowCell[row]!);
    const edge = this.rowEdge[row] === 94 ? "^" : "v";
    const attribute = this.rowAttribute[row]!;
    if (this.printed === onlyDelayAndTime && attribute < 0) {
      const delay = this.rowUnits[delayColumn]![row]!;
      const time = this.rowUnits[timeColumn]![row]!;
      // Nearly all rows of nearly all reports; an object of a fixed shape is made several times as fast.
      if (delay === delay && time === time)
        return {
          pin,
          cell,
          edge,
          delay: toNumber(delay, this.rowDigits[delayColumn]![row]!),
          time: toNumber(time, this.rowDigits[timeColumn]![row]!),
        };
    }
    const point: Record<string, unknown> = { pin, cell, edge };
    this.#addValues(row, point);
    if (attribute >= 0) point["src_attr"] = this.names.others.text(attribute);
    return point as unknown as PathPoint;
  }

  #label(row: number, at: number): PathLabel {
    const part = this.rowPart[row] === 0 ? "arrival" : "required";
    const text = this.names.others.text(this.rowName[row]!);
    const edge = this.rowEdge[row];
    if (this.printed === onlyDelayAndTime && edge === 0)
      return { part, label: text, delay: this.#value(row, delayColumn), time: this.#value(row, timeColumn), at };
    const label: Record<string, unknown> = { part, label: text, delay: null, time: null };
    this.#addValues(row, label);
    if (edge !== 0) label["edge"] = edge === 94 ? "^" : "v";
    label["at"] = at;
    return label as unknown as PathLabel;
  }

  /** The value columns that the row has. */
  #addValues(row: number, into: Record<string, unknown>): void {
    for (let column = 0; column < valueColumns.length; column++) {
      const value = this.#value(row, column);
      if (value !== null) into[valueColumns[column]!] = value;
    }
  }

  #value(row: number, column: number): number | null {
    if (!this.has(column)) return null;
    const units = this.rowUnits[column]![row]!;
    return Number.isNaN(units) ? null : toNumber(units, this.rowDigits[column]![row]!);
  }

  #text(at: number, length: number): string {
    return this.texts.toString("utf8", at, at + length);
  }

  #name(id: number): string | null {
    return id < 0 ? null : this.names.others.text(id);
  }

  #textBytes(runs: readonly Run[]): number {
    let bytes = 0;
    for (const { from, to } of runs)
      for (let path = from; path < to; path++) bytes += this.startpointLength[path]! + this.endpointLength[path]!;
    return bytes;
  }

  /** The texts that `into` still points at here get a place of their own there. */
  #gatherTexts(into: PathColumns): void {
    let used = 0;
    for (let path = 0; path < into.count; path++)
      for (const [at, length] of [
        [into.startpointAt, into.startpointLength[path]!],
        [into.endpointAt, into.endpointLength[path]!],
      ] as const) {
        this.texts.copy(into.texts, used, at[path], at[path]! + length);
        at[path] = used;
        used += length;
      }
  }
}

function figureOf(units: number, digits: number): number | "INF" | "-INF" | null {
  if (Number.isNaN(units)) return null;
  if (units === Infinity) return "INF";
  if (units === -Infinity) return "-INF";
  return toNumber(units, digits);
}

const widePathColumns = ["slack", "arrival", "required", "byteOffset", "line"] as const;
const pathColumns = [
  "startpointAt",
  "startpointLength",
  "startpointReason",
  "endpointAt",
  "endpointLength",
  "endpointReason",
  "group",
  "type",
  "corner",
  "endPin",
  "rowEnd",
] as const;
const narrowPathColumns = ["digits", "violated"] as const;
const rowColumns = ["rowName", "rowCell", "rowAttribute"] as const;
const narrowRowColumns = ["rowEdge", "rowPart"] as const;

/** What a path and a row take at most, all columns together. */
const pathBytes = 8 * widePathColumns.length + 4 * pathColumns.length + narrowPathColumns.length;
const rowBytes = 9 * valueColumns.length + 4 * rowColumns.length + narrowRowColumns.length;
const alignment = 64;

const none = new Float64Array(0);
const noDigits = new Uint8Array(0);

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { from, to }) => sum + to - from, 0);
}

type TypedColumn = Int32Array | Float64Array | Uint8Array;

/** The entries of the runs as the slab's next column. */
function gather<Column extends TypedColumn>(column: Column, runs: readonly Run[], slab: Slab): Column {
  const make = column.constructor as new (buffer: ArrayBuffer, at: number, length: number) => Column;
  const length = lengthOf(runs);
  const gathered = new make(slab.buffer, slab.used, length);
  slab.used += gathered.byteLength;
  let at = 0;
  for (const { from, to } of runs) {
    gathered.set(column.subarray(from, to), at);
    at += to - from;
  }
  return gathered;
}
