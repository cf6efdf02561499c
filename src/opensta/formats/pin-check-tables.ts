/**
 * Pulse width, minimum period and maximum skew of report_check_types, report_pulse_width_checks (2.0.17):
 *
 *                                          Required  Actual
 *     Pin                                    Width   Width   Slack
 *     ------------------------------------------------------------
 *     _7531_/CLK (high)                       0.28    2.45    2.17 (MET)
 *
 *                                                      Min
 *     Pin                                   Period  Period   Slack
 *     ------------------------------------------------------------
 *     _7443_/CLK                              4.00    3.90    0.10 (MET)
 *
 *                                          Required  Actual
 *     Pin                                     Skew    Skew   Slack
 *     ------------------------------------------------------------
 *     f1/S (^->^)                             0.30    0.50   -0.20 (VIOLATED)
 */
import { parseFigures } from "../figure-text.js";
import type { Line } from "../line.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Edge } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const pinCheckTables: ReportFormat = {
  name: "pin-checks",
  initials: " P",
  open(line, emit) {
    if (line.to - line.from > 80) return null;
    if (line.first === 32 && above.test(line.text)) return new PinCheckReader(null, emit);
    const columns = line.startsWith("Pin  ") ? heading.exec(line.text) : null;
    return columns && new PinCheckReader(columns[1] as Column, emit);
  },
};

type Column = "Width" | "Period" | "Skew";

const above = /^ {30,}(?:Required +Actual|Min)\s*$/;
const heading = /^Pin +(Width|Period|Skew) +\1 +Slack\s*$/;
const row = /^(\S+)(?: \(([^()]*)\))? +(\S+) +(\S+) +(\S+) \((MET|VIOLATED)\)\s*$/;

class PinCheckReader implements SectionReader {
  constructor(
    private columns: Column | null,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    const title = heading.exec(text);
    if (title) {
      this.columns = title[1] as Column;
      return "taken";
    }
    if (!this.columns) return "foreign";
    return /^-+\s*$/.test(text) || this.#isRow(this.columns, line, text) ? "taken" : "foreign";
  }

  #isRow(columns: Column, { place }: Line, text: string): boolean {
    const cells = row.exec(text);
    const figures = cells && parseFigures(cells.slice(3, 6));
    if (!cells || !figures) return false;
    const [first, second, slack] = figures as [PrintedFigure, PrintedFigure, PrintedFigure];
    const found = { pin: cells[1]!, slack, violated: cells[6] === "VIOLATED", ...place };
    switch (columns) {
      case "Width": {
        const level = cells[2];
        if (level !== "high" && level !== "low") return false;
        const unsaid = { open: null, close: null, crpr: null };
        this.emit({ kind: "pulse-width", ...found, level, required: first, actual: second, ...unsaid });
        return true;
      }
      case "Period":
        if (cells[2] !== undefined) return false;
        this.emit({ kind: "min-period", ...found, period: first, minPeriod: second });
        return true;
      case "Skew": {
        const edges = /^([\^v])->([\^v])$/.exec(cells[2] ?? "");
        if (!edges) return false;
        const [referenceEdge, edge] = [edges[1] as Edge, edges[2] as Edge];
        const unsaid = { reference: null, referenceArrival: null, arrival: null };
        this.emit({ kind: "max-skew", ...found, referenceEdge, edge, required: first, actual: second, ...unsaid });
        return true;
      }
      default:
        return columns satisfies never;
    }
  }
}
