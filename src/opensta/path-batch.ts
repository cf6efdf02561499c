import { NameTable, type NameTables } from "./name-table.js";
import { valueColumns } from "./path-arrays.js";
import { PathColumns } from "./path-columns.js";
import type { ReportKernel } from "./report-kernel.js";
import type { ShortPath } from "./report-records.js";

/** What a batch holds at most, and where the rows of one value column begin. */
const pathsMax = 1000;
export const rowEntries = 131_072;

/**
 * The columns as they lie in the kernel's memory; they are used again for the next batch: copy what you need before you
 * return.
 */
export class PathBatch extends PathColumns {
  declare readonly names: NameTables;
  #buffer: ArrayBuffer | null = null;

  constructor(private readonly kernel: ReportKernel) {
    super({ pins: new NameTable(kernel, 0), others: new NameTable(kernel, 1) });
  }

  /** Shows what the kernel holds now. */
  refresh(): void {
    this.count = this.kernel.pathCount();
    this.rows = this.kernel.rowCount();
    this.printed = this.kernel.printedKinds();
    const { buffer } = this.kernel.memory;
    if (this.#buffer !== buffer) this.#view(buffer);
  }

  /** The header lines of a record, all that -format short prints, for the record that is being read. */
  shortPath(): ShortPath {
    const index = this.count;
    return {
      kind: "short-path",
      ...this.ends(index),
      byteOffset: this.byteOffset[index]!,
      line: this.line[index]!,
    };
  }

  #view(buffer: ArrayBuffer): void {
    this.#buffer = buffer;
    const { kernel } = this;
    const ids = (at: { value: number }, length = pathsMax + 1) => new Int32Array(buffer, at.value, length);
    const figures = (at: { value: number }) => new Float64Array(buffer, at.value, pathsMax + 1);
    this.texts = Buffer.from(buffer, kernel.texts.value);
    this.startpointAt = ids(kernel.startpointAt);
    this.startpointLength = ids(kernel.startpointLength);
    this.endpointAt = ids(kernel.endpointAt);
    this.endpointLength = ids(kernel.endpointLength);
    this.startpointReason = ids(kernel.startpointReason);
    this.endpointReason = ids(kernel.endpointReason);
    this.group = ids(kernel.group);
    this.type = ids(kernel.type);
    this.corner = ids(kernel.corner);
    this.endPin = ids(kernel.endPin);
    this.slack = figures(kernel.slack);
    this.arrival = figures(kernel.arrival);
    this.required = figures(kernel.required);
    this.violated = new Uint8Array(buffer, kernel.violated.value, pathsMax + 1);
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
}
