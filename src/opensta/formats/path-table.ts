/**
 * report_path: the table of a path without the lines that name its ends:
 *
 *       Delay    Time   Description
 *     ---------------------------------------------------------
 *        0.00    0.00   clock clk_a (rise edge)
 *        0.65    0.65   clock network delay (ideal)
 *        0.18    0.83 v _7734_/Q (DFFSR)
 */
import type { Line } from "../line.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { isPathHeading, type PathColumns, pathColumns, pathRow } from "./path-row.js";

export const pathTable: ReportFormat = {
  name: "path",
  initials: " FD",
  open(line, emit) {
    if (line.to - line.from > 200) return null;
    const { text } = line;
    return isPathHeading(text) ? new PathTableReader(pathColumns(text), line.number, emit) : null;
  },
};

class PathTableReader implements SectionReader {
  /** Until its rule: the header alone is also what is left of a record that was cut. */
  readonly tentative = true;
  #ruled = false;

  constructor(
    private readonly columns: PathColumns,
    private readonly table: number,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return this.#ruled ? "ended" : "foreign";
    const { text } = line;
    if (/^-+\s*$/.test(text)) {
      this.#ruled = true;
      return "taken";
    }
    const row = this.#ruled ? pathRow(text, this.columns) : null;
    if (!row) return "foreign";
    this.emit({ kind: "path-row", table: this.table, ...row, ...line.place });
    return "taken";
  }
}
