import { NameTable } from "./name-table.js";
import { toNumber } from "./printed-number.js";
import type { ReportKernel } from "./report-kernel.js";
import type { PathEnds, PathLabel, PathPoint, ShortPath, TimingPath } from "./report-records.js";

/** The number columns that a full report can have, in the order in which rows keep them. */
export const valueColumns = ["fanout", "cap", "slew", "delay", "variation", "time"] as const;
export const delayColumn = valueColumns.indexOf("delay");
export const timeColumn = valueColumns.indexOf("time");

/** What a batch holds at most, and where the rows of one value column begin. */
const pathsMax = 1000;
const rowEntries = 131_072;

/** The names of one report: instances, ports, groups, clocks and reasons apart from the pins of its points. */
export interface ReportNames {
  readonly pins: NameTable;
  readonly others: NameTable;
}

/**
 * Whole paths as columns: one entry a path, and one entry a row for all their rows. Ids are of `names`; -1 is "not
 * printed". The columns lie in the kernel's memory and are used again for the next batch: read what you need before you
 * return.
 */
export class PathBatch {
  count = 0;
  rows = 0;
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
  rowUnits: Float64Array[] = [];
  rowDigits: Uint8Array[] = [];

  readonly names: ReportNames;
  #buffer: ArrayBuffer | null = null;
  #texts!: Buffer;
  #startpointAt!: Int32Array;
  #startpointLength!: Int32Array;
  #endpointAt!: Int32Array;
  #endpointLength!: Int32Array;
  #printed = 0;

  constructor(private readonly kernel: ReportKernel) {
    this.names = { pins: new NameTable(kernel, 0), others: new NameTable(kernel, 1) };
  }

  /** Shows what the kernel holds now. */
  refresh(): void {
    this.count = this.kernel.pathCount();
    this.rows = this.kernel.rowCount();
    this.#printed = this.kernel.printedKinds();
    const { buffer } = this.kernel.memory;
    if (this.#buffer !== buffer) this.#view(buffer);
  }

  /** Whether the report prints value column `column` at all. */
  has(column: number): boolean {
    return ((this.#printed >> column) & 1) === 1;
  }

  #view(buffer: ArrayBuffer): void {
    this.#buffer = buffer;
    const { kernel } = this;
    const ids = (at: { value: number }, length = pathsMax + 1) => new Int32Array(buffer, at.value, length);
    const figures = (at: { value: number }) => new Float64Array(buffer, at.value, pathsMax + 1);
    this.#texts = Buffer.from(buffer, kernel.texts.value);
    this.#startpointAt = ids(kernel.startpointAt);
    this.#startpointLength = ids(kernel.startpointLength);
    this.#endpointAt = ids(kernel.endpointAt);
    this.#endpointLength = ids(kernel.endpointLength);
    this.startpointReason = ids(kernel.startpointReason);
    this.endpointReason = ids(kernel.endpointReason);
    this.group = ids(kernel.group);
    this.type = ids(kernel.type);
    this.corner = ids(kernel.corner);
    this.endPin = ids(kernel.endPin);
    this.slack = figures(kernel.slack);
    this.arrival = figures(kernel.arrival);
    this.required = figures(kernel.required);
    this.digits = new Uint8Array(buffer, kernel.digits.value, pathsMax + 1);
    this.byteOffset = figures(kernel.byteOffset);
    this.line = figures(kernel.line);
    this.rowEnd = ids(kernel.rowEnd);
    this.rowName = ids(kernel.rowName, rowEntries);
    this.rowCell = ids(kernel.rowCell, rowEntries);
    this.rowAttribute = ids(kernel.rowAttribute, rowEntries);
    this.rowEdge = new Uint8Array(buffer, kernel.rowEdge.value, rowEntries);
    this.rowPart = new Uint8Array(buffer, kernel.rowPart.value, rowEntries);
    this.rowUnits = valueColumns.map(
      (_, column) => new Float64Array(buffer, kernel.rowUnits.value + 8 * rowEntries * column, rowEntries),
    );
    this.rowDigits = valueColumns.map(
      (_, column) => new Uint8Array(buffer, kernel.rowDigits.value + rowEntries * column, rowEntries),
    );
  }

  /** As printed: an instance or a port, without the reason in parentheses. */
  startpoint(index: number): string {
    return this.#text(this.#startpointAt[index]!, this.#startpointLength[index]!);
  }

  endpoint(index: number): string {
    return this.#text(this.#endpointAt[index]!, this.#endpointLength[index]!);
  }

  /** The header lines of a record, all that -format short prints, for the record that is being read. */
  shortPath(): ShortPath {
    const index = this.count;
    return {
      kind: "short-path",
      ...this.#ends(index),
      byteOffset: this.byteOffset[index]!,
      line: this.line[index]!,
    };
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
      ...this.#ends(index),
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

  #ends(index: number): PathEnds {
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
    for (let column = 0; column < valueColumns.length; column++) {
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
    if (!this.has(column)) return null;
    const units = this.rowUnits[column]![row]!;
    return Number.isNaN(units) ? null : toNumber(units, this.rowDigits[column]![row]!);
  }

  #text(at: number, length: number): string {
    return this.#texts.toString("utf8", at, at + length);
  }

  #name(id: number): string | null {
    return id < 0 ? null : this.names.others.text(id);
  }
}

function figureOf(units: number, digits: number): number | "INF" | "-INF" | null {
  if (Number.isNaN(units)) return null;
  if (units === Infinity) return "INF";
  if (units === -Infinity) return "-INF";
  return toNumber(units, digits);
}
