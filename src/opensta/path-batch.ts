import type { NameTable } from "./name-table.js";
import { toNumber } from "./printed-number.js";
import type { PathLabel, PathPoint, TimingPath } from "./report-records.js";

/** The number columns that a full report can have, in the order in which rows keep them. */
export const valueColumns = ["fanout", "cap", "slew", "delay", "variation", "time"] as const;
export const delayColumn = valueColumns.indexOf("delay");
export const timeColumn = valueColumns.indexOf("time");
const width = valueColumns.length;

/** What a batch holds at most. */
export const batchPathsMax = 1000;
const batchRowsMax = 65_536;

/** The names of one report: instances, ports, groups, clocks and reasons apart from the pins of its points. */
export interface ReportNames {
  readonly pins: NameTable;
  readonly others: NameTable;
}

/**
 * Whole paths as columns: one entry a path, and one entry a row for all their rows. Ids are of `names`; -1 is "not
 * printed". The arrays are used again for the next batch: read what you need before you return.
 */
export class PathBatch {
  count = 0;
  rows = 0;
  readonly startpoint = new Int32Array(batchPathsMax + 1);
  readonly startpointReason = new Int32Array(batchPathsMax + 1);
  readonly endpoint = new Int32Array(batchPathsMax + 1);
  readonly endpointReason = new Int32Array(batchPathsMax + 1);
  readonly group = new Int32Array(batchPathsMax + 1);
  readonly type = new Int32Array(batchPathsMax + 1);
  readonly corner = new Int32Array(batchPathsMax + 1);
  /** Pin of the last point of the arrival part: what timing calls the endpoint. */
  readonly endPin = new Int32Array(batchPathsMax + 1);
  /** In units of 10^-digits; ±Infinity for INF, NaN for what was not printed (an unconstrained path has no slack). */
  readonly slack = new Float64Array(batchPathsMax + 1);
  readonly arrival = new Float64Array(batchPathsMax + 1);
  readonly required = new Float64Array(batchPathsMax + 1);
  readonly digits = new Uint8Array(batchPathsMax + 1);
  readonly byteOffset = new Float64Array(batchPathsMax + 1);
  readonly line = new Float64Array(batchPathsMax + 1);
  /** Rows of path i: from rowEnd[i - 1] (0 for the first) to rowEnd[i]. */
  readonly rowEnd = new Int32Array(batchPathsMax + 1);

  /** A pin, or the text of a row that is no pin. */
  rowName = new Int32Array(4096);
  /** -1: the row is no pin. */
  rowCell = new Int32Array(4096);
  rowAttribute = new Int32Array(4096);
  /** 94 (^), 118 (v) or 0. */
  rowEdge = new Uint8Array(4096);
  /** 0 in the arrival part, 1 in the required part. */
  rowPart = new Uint8Array(4096);
  rowUnits = new Float64Array(4096 * width);
  rowDigits = new Uint8Array(4096 * width);

  readonly #pathColumns = [
    this.startpoint,
    this.startpointReason,
    this.endpoint,
    this.endpointReason,
    this.group,
    this.type,
    this.corner,
    this.slack,
    this.arrival,
    this.required,
    this.digits,
    this.byteOffset,
    this.line,
  ];

  constructor(readonly names: ReportNames) {}

  /** Whether it is time to deliver. */
  get full(): boolean {
    return this.count === batchPathsMax || this.rows >= batchRowsMax;
  }

  /** Opens a row without numbers; answers where its numbers go. */
  addRow(part: number): number {
    if (this.rows === this.rowName.length) this.#growRows();
    const row = this.rows++;
    this.rowCell[row] = -1;
    this.rowAttribute[row] = -1;
    this.rowEdge[row] = 0;
    this.rowPart[row] = part;
    const first = row * width;
    for (let at = first; at < first + width; at++) this.rowUnits[at] = NaN;
    return first;
  }

  /** Forgets the whole paths; a path that is still being read (its rows begin at `openRow`) moves to the front. */
  clear(openRow: number): void {
    for (const column of this.#pathColumns) column[0] = column[this.count]!;
    for (const column of this.#rowColumns()) column.copyWithin(0, openRow, this.rows);
    for (const column of [this.rowUnits, this.rowDigits]) column.copyWithin(0, openRow * width, this.rows * width);
    this.count = 0;
    this.rows -= openRow;
  }

  /** Path `index` as an object of its own. */
  path(index: number): TimingPath {
    const points: PathPoint[] = [];
    const requiredPoints: PathPoint[] = [];
    const labels: PathLabel[] = [];
    for (let row = index === 0 ? 0 : this.rowEnd[index - 1]!; row < this.rowEnd[index]!; row++) {
      const own = this.rowPart[row] === 0 ? points : requiredPoints;
      if (this.rowCell[row]! >= 0) own.push(this.#point(row));
      else labels.push(this.#label(row, own.length));
    }
    const digits = this.digits[index]!;
    return {
      kind: "path",
      startpoint: this.#name(this.startpoint[index]!) ?? "",
      startpointReason: this.#name(this.startpointReason[index]!),
      endpoint: this.#name(this.endpoint[index]!) ?? "",
      endpointReason: this.#name(this.endpointReason[index]!),
      group: this.#name(this.group[index]!) ?? "",
      type: this.#name(this.type[index]!) ?? "",
      corner: this.#name(this.corner[index]!),
      slack: figureOf(this.slack[index]!, digits),
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

  #point(row: number): PathPoint {
    const point: Record<string, unknown> = {
      pin: this.names.pins.text(this.rowName[row]!),
      cell: this.names.others.text(this.rowCell[row]!),
      edge: this.rowEdge[row] === 94 ? "^" : "v",
    };
    for (let column = 0; column < width; column++) {
      const value = this.#value(row, column);
      if (value !== null) point[valueColumns[column]!] = value;
    }
    const attribute = this.#name(this.rowAttribute[row]!);
    if (attribute !== null) point["src_attr"] = attribute;
    return point as unknown as PathPoint;
  }

  #label(row: number, at: number): PathLabel {
    const edge = this.rowEdge[row];
    return {
      part: this.rowPart[row] === 0 ? "arrival" : "required",
      label: this.names.others.text(this.rowName[row]!),
      delay: this.#value(row, delayColumn),
      time: this.#value(row, timeColumn),
      ...(edge === 0 ? {} : { edge: edge === 94 ? "^" : "v" }),
      at,
    };
  }

  #value(row: number, column: number): number | null {
    const units = this.rowUnits[row * width + column]!;
    return Number.isNaN(units) ? null : toNumber(units, this.rowDigits[row * width + column]!);
  }

  #name(id: number): string | null {
    return id < 0 ? null : this.names.others.text(id);
  }

  #rowColumns() {
    return [this.rowName, this.rowCell, this.rowAttribute, this.rowEdge, this.rowPart];
  }

  #growRows(): void {
    const grow = <T extends { set(array: T): void; length: number }>(array: T): T => {
      const larger = new (array.constructor as new (length: number) => T)(array.length * 2);
      larger.set(array);
      return larger;
    };
    this.rowName = grow(this.rowName);
    this.rowCell = grow(this.rowCell);
    this.rowAttribute = grow(this.rowAttribute);
    this.rowEdge = grow(this.rowEdge);
    this.rowPart = grow(this.rowPart);
    this.rowUnits = grow(this.rowUnits);
    this.rowDigits = grow(this.rowDigits);
  }
}

function figureOf(units: number, digits: number): number | "INF" | "-INF" | null {
  if (Number.isNaN(units)) return null;
  if (units === Infinity) return "INF";
  if (units === -Infinity) return "-INF";
  return toNumber(units, digits);
}
