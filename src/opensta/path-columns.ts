import type { NameTable } from "./name-table.js";
import { toNumber } from "./printed-number.js";
import type { PathEnds, PathLabel, PathPoint, TimingPath } from "./report-records.js";

/** The number columns that a full report can have, in the order in which rows keep them. */
export const valueColumns = ["fanout", "cap", "slew", "delay", "variation", "time"] as const;
export const timeColumn = valueColumns.indexOf("time");

/** The names of one report: instances, ports, groups, clocks and reasons apart from the pins of its points. */
export interface ReportNames {
  readonly pins: NameTable;
  readonly others: NameTable;
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

  /** These paths alone, in memory of their own; the names stay where they are. */
  copy(paths: readonly number[]): PathColumns {
    const copy = new PathColumns(this.names);
    copy.count = paths.length;
    copy.printed = this.printed;
    for (const column of pathColumns) copy[column] = gather(this[column], paths) as never;
    copy.rowEnd = Int32Array.from(paths, (path) => (copy.rows += this.rowEnd[path]! - this.firstRow(path)));
    for (const column of rowColumns) copy[column] = this.#gatherRows(this[column], paths, copy) as never;
    copy.rowUnits = this.rowUnits.map((units, kind) => (this.has(kind) ? this.#gatherRows(units, paths, copy) : none));
    copy.rowDigits = this.rowDigits.map((digits, kind) =>
      this.has(kind) ? this.#gatherRows(digits, paths, copy) : noDigits,
    );
    this.#gatherTexts(paths, copy);
    return copy;
  }

  /** What the columns take, in bytes, without the names. */
  get bytes(): number {
    const own = [...pathColumns, ...rowColumns, "rowEnd", "texts"] as const;
    const arrays = [...own.map((column) => this[column]), ...this.rowUnits, ...this.rowDigits];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

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
    const point: Record<string, unknown> = {
      pin: this.names.pins.text(this.rowName[row]!),
      cell: this.names.others.text(this.rowCell[row]!),
      edge: this.rowEdge[row] === 94 ? "^" : "v",
    };
    this.#addValues(row, point);
    const attribute = this.#name(this.rowAttribute[row]!);
    if (attribute !== null) point["src_attr"] = attribute;
    return point as unknown as PathPoint;
  }

  #label(row: number, at: number): PathLabel {
    const label: Record<string, unknown> = {
      part: this.rowPart[row] === 0 ? "arrival" : "required",
      label: this.names.others.text(this.rowName[row]!),
      delay: null,
      time: null,
    };
    this.#addValues(row, label);
    const edge = this.rowEdge[row];
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

  #gatherRows<Column extends TypedColumn>(column: Column, paths: readonly number[], into: PathColumns): Column {
    const gathered = emptyLike(column, into.rows);
    for (const [at, path] of paths.entries())
      gathered.set(column.subarray(this.firstRow(path), this.rowEnd[path]), into.firstRow(at));
    return gathered;
  }

  #gatherTexts(paths: readonly number[], into: PathColumns): void {
    const lengths = paths.map((path) => this.startpointLength[path]! + this.endpointLength[path]!);
    into.texts = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0));
    let used = 0;
    const add = (at: number, length: number) => {
      this.texts.copy(into.texts, used, at, at + length);
      used += length;
      return used - length;
    };
    for (const [at, path] of paths.entries()) {
      into.startpointAt[at] = add(this.startpointAt[path]!, this.startpointLength[path]!);
      into.endpointAt[at] = add(this.endpointAt[path]!, this.endpointLength[path]!);
    }
  }
}

function figureOf(units: number, digits: number): number | "INF" | "-INF" | null {
  if (Number.isNaN(units)) return null;
  if (units === Infinity) return "INF";
  if (units === -Infinity) return "-INF";
  return toNumber(units, digits);
}

type TypedColumn = Int32Array | Float64Array | Uint8Array;

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
  "slack",
  "arrival",
  "required",
  "digits",
  "violated",
  "byteOffset",
  "line",
] as const;

const rowColumns = ["rowName", "rowCell", "rowAttribute", "rowEdge", "rowPart"] as const;

const none = new Float64Array(0);
const noDigits = new Uint8Array(0);

function emptyLike<Column extends TypedColumn>(column: Column, length: number): Column {
  return new (column.constructor as new (length: number) => Column)(length);
}

function gather<Column extends TypedColumn>(column: Column, entries: readonly number[]): Column {
  const gathered = emptyLike(column, entries.length);
  for (const [at, entry] of entries.entries()) gathered[at] = column[entry]!;
  return gathered;
}
