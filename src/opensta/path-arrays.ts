import type { Slab } from "./slabs.js";

/** The number columns that a full report can have, in the order in which rows keep them. */
export const valueColumns = ["fanout", "cap", "slew", "delay", "variation", "time"] as const;

/** The typed arrays of whole paths: one entry a path, and one entry a row for all their rows. -1 is "not printed". */
export class PathArrays {
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

  /** Whether the report prints value column `column` at all. */
  has(column: number): boolean {
    return ((this.printed >> column) & 1) === 1;
  }

  /** Where the rows of path `index` begin. */
  firstRow(index: number): number {
    return index === 0 ? 0 : this.rowEnd[index - 1]!;
  }

  /** Takes the arrays of `count` paths, the widest first. */
  protected layOutPaths(take: TakeColumn): void {
    for (const column of widePathColumns) this[column] = take(Float64Array, this.count);
    for (const column of pathColumns) this[column] = take(Int32Array, this.count);
    for (const column of narrowPathColumns) this[column] = take(Uint8Array, this.count);
  }

  /** Takes the arrays of `rows` rows, the widest first; what is not printed has none. */
  protected layOutRows(take: TakeColumn): void {
    const rowsOf = (kind: number) => (this.has(kind) ? this.rows : 0);
    this.rowUnits = valueColumns.map((_, kind) => take(Float64Array, rowsOf(kind)));
    for (const column of rowColumns) this[column] = take(Int32Array, this.rows);
    for (const column of narrowRowColumns) this[column] = take(Uint8Array, this.rows);
    this.rowDigits = valueColumns.map((_, kind) => take(Uint8Array, rowsOf(kind)));
  }

  /** The arrays of the paths in the order in which they are taken. */
  inOrderOfPaths(): readonly TypedColumn[] {
    return [...widePathColumns, ...pathColumns, ...narrowPathColumns].map((column) => this[column]);
  }

  /** The arrays of the rows in the order in which they are taken. */
  inOrderOfRows(): readonly TypedColumn[] {
    return [...this.rowUnits, ...[...rowColumns, ...narrowRowColumns].map((column) => this[column]), ...this.rowDigits];
  }
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

const pathBytes = 8 * widePathColumns.length + 4 * pathColumns.length + narrowPathColumns.length;
const rowBytes = 9 * valueColumns.length + 4 * rowColumns.length + narrowRowColumns.length;
const alignmentBytes = 16;

/** What so many paths and rows take at most, all columns together. */
export function layoutBytes(paths: number, rows: number, textBytes: number): number {
  return paths * pathBytes + rows * rowBytes + textBytes + alignmentBytes;
}

export type TypedColumn = Int32Array | Float64Array | Uint8Array;

export interface ColumnType<Column extends TypedColumn> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): Column;
  new (buffer: ArrayBuffer, at: number, length: number): Column;
}

/** Gives an array its memory. */
export type TakeColumn = <Column extends TypedColumn>(type: ColumnType<Column>, length: number) => Column;

/** Takes arrays out of a slab, one after the other, each from where its numbers may lie. */
export function takerFrom(slab: Slab): TakeColumn {
  return (type, length) => {
    const bytes = type.BYTES_PER_ELEMENT;
    const at = Math.ceil(slab.used / bytes) * bytes;
    slab.used = at + length * bytes;
    return new type(slab.buffer, at, length);
  };
}
