/**
 * check_setup -verbose; without the names below it the line stays a warning like any other:
 *
 *     Warning: There is 1 input port missing set_input_delay.
 *       set_n
 */
import type { Line } from "../line.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const setupWarnings: ReportFormat = {
  name: "check-setup",
  initials: "W",
  open(line, emit) {
    if (!line.startsWith("Warning")) return null;
    const cells = /^Warning(?: \d+)?: There (?:is|are) (\d+) (\S.*?)\.?\s*$/.exec(line.beginning);
    return cells && new SetupWarningReader({ count: Number(cells[1]), problem: cells[2]! }, emit);
  },
};

class SetupWarningReader implements SectionReader {
  readonly tentative = true;

  constructor(
    private readonly warning: { readonly count: number; readonly problem: string },
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    const object = line.startsWith("  ") ? /^\S+(?: \S+)*$/.exec(line.after(2)) : null;
    if (!object) return "foreign";
    this.emit({ kind: "setup-warning", ...this.warning, object: object[0], ...line.place });
    return "taken";
  }
}
