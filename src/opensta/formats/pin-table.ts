/**
 * Pin tables, as a Tcl loop over the pins' properties prints them, tab-separated, one pin a line:
 *
 *     # pin	slack_max_rise	slack_max_fall	slack_min_rise	slack_min_fall
 *     g_lane[0].u_lane/_1048_/Y	1.627123	1.700001	INF	INF
 *
 * 2.0.17 calls the columns max_rise_slack … and prints `1.627123e+00` and `inf`.
 */
import { parseFigure } from "../figure-text.js";
import type { Line } from "../line.js";
import { pinColumns } from "../pin-columns.js";
import type { PinRow } from "../records/pin-values.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const pinTable: ReportFormat = {
  name: "pins",
  initials: "#",
  open(line, emit) {
    const columns = pinColumns(line.text);
    return columns && new PinTableReader(columns, emit);
  },
};

class PinTableReader implements SectionReader {
  constructor(
    private readonly columns: readonly string[],
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank || line.first === 35) return "foreign";
    const [pin = "", ...cells] = line.text.split("\t");
    if (pin === "" || cells.length !== this.columns.length) return "foreign";
    const named = cells.map((cell, at): [string, PinRow["values"][string]] => [this.columns[at]!, cellValue(cell)]);
    this.emit({ kind: "pin-row", pin, values: Object.fromEntries(named), ...line.place });
    return "taken";
  }
}

function cellValue(cell: string): PinRow["values"][string] {
  const text = cell.trim();
  return text === "" ? null : (parseFigure(text) ?? text);
}
