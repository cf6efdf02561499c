/**
 * report_checks -format end, both versions:
 *
 *     max_delay/setup group clk_a
 *
 *                                       Required    Actual
 *     Endpoint                                 Delay     Delay     Slack
 *     ------------------------------------------------------------------
 *     g_lane[0].u_lane/_1996_/D (DFFPOSX1)    4.2848    3.5063    0.7784 (MET)
 *     o2 (output)                                INF    0.2572       INF (MET)
 *
 * Long names push the columns to the right and never wrap. Plain rows that follow another row are read by the kernel.
 */
import { parsePrinted } from "../printed-number.js";
import type { Emit, ReportFormat } from "../report-format.js";
import type { PathType } from "../report-records.js";
import { type Table, TableRows } from "./table-rows.js";

export const endReport: ReportFormat = {
  name: "end",
  initials: "m",
  open(line, emit) {
    if (line.startsWith("max_delay/setup group ")) return new TableRows(endTable(line.after(22), "max", emit));
    if (line.startsWith("min_delay/hold group ")) return new TableRows(endTable(line.after(21), "min", emit));
    return null;
  },
};

const pattern = /^(\S+) \((\S*)\)\s+(\S+)\s+(\S+)\s+(\S+) \((MET|VIOLATED)\)\s*$/;
const heading = /^\s+Required\s+Actual\s*$|^Endpoint\s+Delay\s+Delay\s+Slack\s*$/;

function endTable(group: string, type: PathType, emit: Emit): Table {
  return {
    ends: { group, type },
    isHeading: (text) => heading.test(text),
    row({ byteOffset, number }, text) {
      const cells = pattern.exec(text);
      if (!cells) return false;
      const [pin, cell] = [cells[1]!, cells[2]!];
      const [required, actual, slack] = cells.slice(3, 6).map(parsePrinted);
      if (!required || !actual || !slack) return false;
      const met = cells[6] === "MET";
      emit({ kind: "endpoint", pin, cell, group, type, required, actual, slack, met, byteOffset, line: number });
      return true;
    },
  };
}
