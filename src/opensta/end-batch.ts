import type { NameTables } from "./name-table.js";
import { rowEntries } from "./path-batch.js";
import type { ReportKernel } from "./report-kernel.js";
import type { EndpointSlack, PathType, PrintedFigure } from "./report-records.js";

/** The table of an end report that rows belong to. */
export interface EndTable {
  readonly group: string;
  readonly type: PathType;
}

/** The figures of a row, in the order of the kernel's columns. */
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
  /** Where in the window each row begins, and where in the text the window does. */
  #start!: Int32Array;
  #offset = 0;
  #firstLine = 0;
  #buffer: ArrayBuffer | null = null;

  constructor(
    private readonly kernel: ReportKernel,
    readonly names: NameTables,
  ) {}

  /** Shows the rows that the kernel has just read from its window, which begins at byte `offset` of the text. */
  show(count: number, table: EndTable, offset: number): void {
    this.#begin(count, table, this.kernel.lines.value - count + 1);
    this.#offset = offset - this.kernel.windowStart.value;
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
    this.#start[0] = 0;
    this.#offset = record.byteOffset;
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
      byteOffset: this.#offset + this.#start[index]!,
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
    const ids = (at: { value: number }) => new Int32Array(buffer, at.value, rowEntries);
    this.pin = ids(kernel.rowName);
    this.cell = ids(kernel.rowCell);
    this.#units = figures.map(
      (_, at) => new Float64Array(buffer, kernel.rowUnits.value + 8 * rowEntries * at, rowEntries),
    );
    this.#digits = figures.map((_, at) => new Uint8Array(buffer, kernel.rowDigits.value + rowEntries * at, rowEntries));
    this.slack = this.#units[slackFigure]!;
    this.digits = this.#digits[slackFigure]!;
    this.#violated = new Uint8Array(buffer, kernel.endViolated.value, rowEntries);
    this.#start = ids(kernel.endStart);
  }
}
