/**
 * report_checks -format end, both versions:
 *
 *     max_delay/setup group clk_a
 *
 *                                       Required    Actual
 *     Endpoint                                 Delay     Delay     Slack
 *     ------------------------------------------------------------------
 *     g_lane[0].u_lane/_1996_/D (DFFPOSX1)    4.2848    3.5063    0.7784 (MET)
 *
 * Long names push the columns to the right and never wrap.
 */
import type { Line } from "../line.js";
import { parsePrinted } from "../printed-number.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import type { PathType } from "../report-records.js";

export const endReport: ReportFormat = {
  name: "end",
  initials: "m",
  open(line, emit) {
    if (line.startsWith("max_delay/setup group ")) return new EndReader(line.after(22), "max", emit);
    if (line.startsWith("min_delay/hold group ")) return new EndReader(line.after(21), "min", emit);
    return null;
  },
};

const row = /^(\S+) \((.*?)\)\s+(\S+)\s+(\S+)\s+(\S+)(?: \([A-Z]+\))?\s*$/;
const heading = /^\s+Required\s+Actual\s*$|^Endpoint\s+Delay\s+Delay\s+Slack\s*$/;

class EndReader implements SectionReader {
  #rows = false;

  constructor(
    private readonly group: string,
    private readonly type: PathType,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) {
      if (!this.#rows) return "taken";
      this.#rows = false;
      return "ended";
    }
    const { text, byteOffset, number } = line;
    if (!this.#rows) {
      this.#rows = /^-+$/.test(text);
      return this.#rows || heading.test(text) ? "taken" : "foreign";
    }
    const cells = row.exec(text);
    const [required, actual, slack] = cells ? cells.slice(3, 6).map(parsePrinted) : [];
    if (!cells || !required || !actual || !slack) return "foreign";
    const [, pin, cell] = cells as unknown as [string, string, string];
    const { group, type } = this;
    this.emit({ kind: "endpoint", pin, cell, group, type, required, actual, slack, byteOffset, line: number });
    return "taken";
  }
}
