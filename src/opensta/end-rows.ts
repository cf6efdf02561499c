import { EndBatch, type EndTable } from "./end-batch.js";
import type { NameTables } from "./name-table.js";
import type { ReportKernel } from "./report-kernel.js";
import type { EndpointSlack, ReportRecord } from "./report-records.js";

/** Who is told of the rows: as columns, else as records. */
export interface EndConsumer {
  readonly endpoints?: (batch: EndBatch) => void;
  readonly record?: (record: ReportRecord) => void;
}

/** Hands on the rows of end reports, as columns or as records, whoever read them. */
export class EndRows {
  readonly #batch: EndBatch;

  constructor(
    private readonly kernel: ReportKernel,
    names: NameTables,
    private readonly consumer: EndConsumer,
  ) {
    this.#batch = new EndBatch(kernel, names);
  }

  /**
   * Has the kernel read the plain rows of `table` that begin at `from` of its window, which itself begins at byte `offset`
   * of the text; answers where in its memory they end. No path is to wait in it.
   */
  read(from: number, end: number, offset: number, table: EndTable): number {
    const { endpoints, record } = this.consumer;
    const batch = this.#batch;
    for (let at = from; ; at = this.kernel.resume.value) {
      const count = this.kernel.scanEndRows(at, end);
      if (count === 0) return at;
      batch.show(count, table, offset);
      if (endpoints) endpoints(batch);
      else if (record) for (let row = 0; row < count; row++) record(batch.endpoint(row));
    }
  }

  /** Hands on a row that its format has read. */
  tell(row: EndpointSlack): void {
    const { endpoints, record } = this.consumer;
    if (!endpoints) return record?.(row);
    this.#batch.showRecord(row);
    endpoints(this.#batch);
  }
}
