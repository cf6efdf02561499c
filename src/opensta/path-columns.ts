import type { Names } from "./names.js";
import { layoutBytes, PathArrays, takerFrom, type TypedColumn, valueColumns } from "./path-arrays.js";
import { toNumber } from "./printed-number.js";
import type { Slab, Slabs } from "./slabs.js";
import type { PathEnds, PathLabel, PathPoint, TimingPath } from "./report-records.js";

const delayColumn = valueColumns.indexOf("delay");
export const timeColumn = valueColumns.indexOf("time");
const onlyDelayAndTime = (1 << delayColumn) | (1 << timeColumn);

/** The names of one report: instances, ports, groups, clocks and reasons apart from the pins of its points. */
export interface ReportNames {
  readonly pins: Names;
  readonly others: Names;
}

/** Entries from `from` to before `to`. */
export interface Run {
  readonly from: number;
  readonly to: number;
}

/** Whole paths as typed columns. Ids are of `names`; -1 is "not printed". */
export class PathColumns extends PathArrays {
  constructor(readonly names: ReportNames) {
    super();
  }

  /** The paths of these runs alone, in a slab of memory of their own; the names stay where they are. */
  copy(runs: readonly Run[], slabs: Slabs): PathColumns {
    const copy = new PathColumns(this.names);
    copy.printed = this.printed;
    const rowRuns = runs.map(({ from, to }): Run => ({ from: this.firstRow(from), to: this.rowEnd[to - 1]! }));
    copy.count = lengthOf(runs);
    copy.rows = lengthOf(rowRuns);
    const textBytes = this.#textBytes(runs);
    const slab = slabs.take(layoutBytes(copy.count, copy.rows, textBytes));
    copy.slab = slab;
    copy.layOutPaths(takerFrom(slab));
    copy.layOutRows(takerFrom(slab));
    copy.texts = Buffer.from(slab.buffer, slab.used, textBytes);
    slab.used += textBytes;
    const intoPaths = copy.inOrderOfPaths();
    const intoRows = copy.inOrderOfRows();
    for (const [at, column] of this.inOrderOfPaths().entries()) gather(column, runs, intoPaths[at]!);
    for (const [at, column] of this.inOrderOfRows().entries())
      if (intoRows[at]!.length > 0) gather(column, rowRuns, intoRows[at]!);
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

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** Puts the entries of the runs one after the other. */
function gather(column: TypedColumn, runs: readonly Run[], into: TypedColumn): void {
  let at = 0;
  for (const { from, to } of runs) {
    into.set(column.subarray(from, to), at);
    at += to - from;
  }
}
