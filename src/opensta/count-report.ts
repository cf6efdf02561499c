import type { ByteSource } from "./byte-source.js";
import { type PathColumns, timeColumn } from "./path-columns.js";
import { toNumber } from "./printed-number.js";
import { ReportScanner } from "./report-scanner.js";

export interface ReportCounts {
  readonly paths: number;
  /** Pin rows of the arrival parts, and of the required parts. */
  readonly points: number;
  readonly requiredPoints: number;
  /** Distinct pins among the points. */
  readonly pins: number;
  /** null if no path has a slack. */
  readonly worstSlack: number | null;
  /** Sum of the points' Time column, exact to the last digit. */
  readonly timeSum: number;
}

/** Parses everything and keeps only totals. */
export async function countReport(source: ByteSource): Promise<ReportCounts> {
  const totals = new Totals();
  const scanner = new ReportScanner({ paths: (batch) => totals.add(batch) });
  try {
    await scanner.readAll(source);
  } finally {
    scanner.close();
  }
  return totals.result();
}

class Totals {
  #paths = 0;
  #points = 0;
  #requiredPoints = 0;
  #pins = 0;
  /** A bit an id. */
  #seen = new Uint32Array(1024);
  #worst = Infinity;
  /** Units of the Time column by their digits: whole numbers, so that the sum is exact. */
  readonly #times = new Float64Array(256);

  add(batch: PathColumns): void {
    this.#paths += batch.count;
    for (let path = 0; path < batch.count; path++) {
      const slack = batch.slack[path]!;
      if (Number.isFinite(slack)) this.#worst = Math.min(this.#worst, toNumber(slack, batch.digits[path]!));
    }
    const { rows, rowCell, rowPart, rowName } = batch;
    const times = batch.rowUnits[timeColumn]!;
    const digits = batch.rowDigits[timeColumn]!;
    const sums = this.#times;
    const seen = this.#room(batch.names.pins.size);
    for (let row = 0; row < rows; row++) {
      if (rowCell[row]! < 0) continue;
      if (rowPart[row] === 1) {
        this.#requiredPoints++;
        continue;
      }
      this.#points++;
      const pin = rowName[row]!;
      const bit = 1 << (pin & 31);
      const known = seen[pin >>> 5]!;
      if ((known & bit) === 0) {
        seen[pin >>> 5] = known | bit;
        this.#pins++;
      }
      const time = times[row]!;
      if (Number.isFinite(time)) sums[digits[row]!]! += time;
    }
  }

  result(): ReportCounts {
    const timeSum = this.#times.reduce((sum, units, digits) => (units === 0 ? sum : sum + toNumber(units, digits)), 0);
    return {
      paths: this.#paths,
      points: this.#points,
      requiredPoints: this.#requiredPoints,
      pins: this.#pins,
      worstSlack: this.#worst === Infinity ? null : this.#worst,
      timeSum,
    };
  }

  /** The bits of the pins seen, with one for each of so many ids. */
  #room(ids: number): Uint32Array {
    const words = (ids >>> 5) + 1;
    if (words > this.#seen.length) {
      const larger = new Uint32Array(Math.max(words, this.#seen.length * 2));
      larger.set(this.#seen);
      this.#seen = larger;
    }
    return this.#seen;
  }
}
