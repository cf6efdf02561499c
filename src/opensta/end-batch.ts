import type { NameTables } from "./name-table.js";
import type { ReportKernel } from "./report-kernel.js";
import type { EndpointSlack, PathType, PrintedFigure } from "./report-records.js";

/** The table of an end report that rows belong to. */
export interface EndTable {
  readonly group: string;
  readonly type: PathType;
}

/** What the kernel's columns hold, and how many of them are figures: required, actual, slack. */
const rowsMax = 4096;
const figures = ["required", "actual", "slack"] as const;
const slackFigure = figures.indexOf("slack");

/**
 * Rows of one table of an end report as columns, as they lie in the kernel's memory; they are used again for the next
 * rows: copy what you need before you return.
 */
export class EndBatch implements EndTable {
  count = 0;
  group = "";
  type: PathType = "max";
  /** Ids of `names.pins`, and of `names.others`. */
  pin!: Int32Array;
  cell!: Int32Array;
  /** In units of 10^-digits; ±Infinity for INF. */
  slack!: Float64Array;
  digits!: Uint8Array;
  #units!: readonly Float64Array[];
  #digits!: readonly Uint8Array[];
  #violated!: Uint8Array;
  #byteOffset!: Float64Array;
  #firstLine = 0;
  #buffer: ArrayBuffer | null = null;

  constructor(
    private readonly kernel: ReportKernel,
    readonly names: NameTables,
  ) {}

  /** Shows the rows that the kernel has just read. */
  show(count: number, table: EndTable): void {
    this.#begin(count, table, this.kernel.lines.value - count + 1);
  }

  /** Shows a row that the kernel has not read. */
  showRecord(record: EndpointSlack): void {
    const pin = this.names.pins.id(record.pin);
    const cell = this.names.others.id(record.cell);
    this.#begin(1, record, record.line);
    this.pin[0] = pin;
    this.cell[0] = cell;
    for (const [at, name] of figures.entries()) {
      const figure = record[name];
      this.#units[at]![0] = typeof figure === "string" ? (figure === "INF" ? Infinity : -Infinity) : figure.units;
      this.#digits[at]![0] = typeof figure === "string" ? 0 : figure.digits;
    }
    this.#violated[0] = record.met ? 0 : 1;
    this.#byteOffset[0] = record.byteOffset;
  }

  /** Row `index` as an object of its own. */
  endpoint(index: number): EndpointSlack {
    return {
      kind: "endpoint",
      pin: this.names.pins.text(this.pin[index]!),
      cell: this.names.others.text(this.cell[index]!),
      group: this.group,
      type: this.type,
      required: this.#figure(0, index),
      actual: this.#figure(1, index),
      slack: this.#figure(slackFigure, index),
      met: this.#violated[index] === 0,
      byteOffset: this.#byteOffset[index]!,
      line: this.#firstLine + index,
    };
  }

  #figure(figure: number, index: number): PrintedFigure {
    const units = this.#units[figure]![index]!;
    if (units === Infinity) return "INF";
    return units === -Infinity ? "-INF" : { units, digits: this.#digits[figure]![index]! };
  }

  #begin(count: number, { group, type }: EndTable, firstLine: number): void {
    this.count = count;
    this.group = group;
    this.type = type;
    this.#firstLine = firstLine;
    const { buffer } = this.kernel.memory;
    if (this.#buffer !== buffer) this.#view(buffer);
  }

  #view(buffer: ArrayBuffer): void {
    this.#buffer = buffer;
    const { kernel } = this;
    this.pin = new Int32Array(buffer, kernel.endPinId.value, rowsMax);
    this.cell = new Int32Array(buffer, kernel.endCell.value, rowsMax);
    this.#units = figures.map(
      (_, at) => new Float64Array(buffer, kernel.endFigureUnits.value + 8 * rowsMax * at, rowsMax),
    );
    this.#digits = figures.map((_, at) => new Uint8Array(buffer, kernel.endFigureDigits.value + rowsMax * at, rowsMax));
    this.slack = this.#units[slackFigure]!;
    this.digits = this.#digits[slackFigure]!;
    this.#violated = new Uint8Array(buffer, kernel.endViolated.value, rowsMax);
    this.#byteOffset = new Float64Array(buffer, kernel.endByteOffset.value, rowsMax);
  }
}
