/**
 * report_checks -format summary; 2.0.17 has one more blank line below the dashes:
 *
 *     Startpoint                           Endpoint                               Slack
 *     --------------------------------------------------------------------------------
 *     op[0] (input)                        _7424_/D (DFFSR)                        0.54
 *     _7584_/Q (DFFSR)                     _7580_/R (DFFSR)                       -2.59
 *
 * Long names push the columns to the right and never wrap.
 */
import { parsePrinted } from "../printed-number.js";
import type { Emit, ReportFormat } from "../report-format.js";
import { type Table, TableRows } from "./table-rows.js";

export const summaryReport: ReportFormat = {
  name: "summary",
  initials: "S",
  open(line, emit) {
    if (!line.startsWith("Startpoint  ")) return null;
    const text = line.beginning.trimEnd();
    return heading.test(text) ? new TableRows(summaryTable(text.length, emit)) : null;
  },
};

const heading = /^Startpoint {2,}Endpoint {2,}Slack$/;
const pattern = /^(\S+) \((\S*)\) +(\S+) \((\S*)\) +(\S+)\s*$/;

/** A row is at least as wide as the heading: its number ends where the heading does, or is pushed beyond. */
function summaryTable(width: number, emit: Emit): Table {
  return {
    row({ byteOffset, number }, text) {
      const cells = text.length < width ? null : pattern.exec(text);
      if (!cells) return false;
      const [startpoint, startpointCell, endpoint, endpointCell, last] = cells.slice(1) as Cells;
      const slack = parsePrinted(last);
      if (!slack) return false;
      const names = { startpoint, startpointCell, endpoint, endpointCell };
      emit({ kind: "summary", ...names, slack, byteOffset, line: number });
      return true;
    },
  };
}

type Cells = [string, string, string, string, string];
