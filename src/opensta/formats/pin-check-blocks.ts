/**
 * Pulse width and minimum period with -verbose (report_check_types, report_pulse_width_checks):
 *
 *     Pin: _7531_/CLK
 *     Check: sequential_clock_pulse_width
 *
 *       Delay    Time   Description
 *     ---------------------------------------------------------
 *        0.20    0.20   clock clk_b (rise edge)
 *        0.00    0.20   clock network delay (ideal)
 *        0.00    0.20   _7531_/CLK
 *                0.20   open edge arrival time
 *
 *        2.65    2.65   clock clk_b (fall edge)
 *        0.00    2.65   clock network delay (ideal)
 *        0.00    2.65   _7531_/CLK
 *        0.00    2.65   clock reconvergence pessimism
 *                2.65   close edge arrival time
 *     ---------------------------------------------------------
 *                0.28   required pulse width (high)
 *                2.45   actual pulse width
 *     ---------------------------------------------------------
 *                2.17   slack (MET)
 *
 *     Pin: _7443_/CLK
 *                4.00   Period
 *               -3.90   min_period
 *     ---------------------------------------------------------
 *                0.10   slack (MET)
 */
import { negated } from "../figure-text.js";
import type { Line } from "../line.js";
import type { PulseEdge } from "../records/design-checks.js";
import type { PrintedFigure } from "../records/printed.js";
import type { RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { isPathHeading, type PathColumns, pathColumns, pathRow, type RowText } from "./path-row.js";

export const pinCheckBlocks: ReportFormat = {
  name: "pin-check-blocks",
  initials: "P",
  open(line, emit) {
    const pin = line.startsWith("Pin: ") ? line.after(5) : "";
    return pin === "" ? null : new PinCheckBlock(pin, line.place, emit);
  },
};

class PinCheckBlock implements SectionReader {
  readonly tentative = true;
  #decided = false;
  #columns: PathColumns | null = null;
  readonly #edges: PulseEdge[] = [];
  #crpr: PrintedFigure | null = null;
  #level: "high" | "low" | null = null;
  #required: PrintedFigure | null = null;
  #actual: PrintedFigure | null = null;

  constructor(
    private readonly pin: string,
    private readonly place: RecordPlace,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return this.#decided ? "taken" : "foreign";
    const { text } = line;
    const row = pathRow(text, this.#columns);
    if (!this.#decided) {
      this.#decided = /^Check: \S*pulse_width\s*$/.test(text) || row?.description === "Period";
      if (!this.#decided) return "foreign";
    } else if (isPathHeading(text)) {
      if (this.#columns || this.#actual) return "foreign";
      this.#columns = pathColumns(text);
      return "taken";
    } else if (/^-+\s*$/.test(text)) return "taken";
    if (!row) return text.startsWith("Check: ") ? "taken" : "foreign";
    return this.#row(row);
  }

  #row({ description, delay, time }: RowText): LineVerdict {
    const slack = /^slack \((MET|VIOLATED)\)$/.exec(description);
    if (slack && time) return this.#end(time, slack[1] === "VIOLATED");
    const clock = /^clock (.+) \((rise|fall) edge\)$/.exec(description);
    const last = this.#edges.at(-1);
    if (clock && time && this.#edges.length < 2) {
      const [name, edge] = [clock[1]!, clock[2] as PulseEdge["edge"]];
      this.#edges.push({ clock: name, edge, time, networkDelay: null, propagated: false, arrival: null });
    } else if (last && description.startsWith("clock network delay")) {
      const propagated = description.endsWith("(propagated)");
      this.#edges[this.#edges.length - 1] = { ...last, networkDelay: delay, propagated };
    } else if (last && /^(?:open|close) edge arrival time$/.test(description)) {
      this.#edges[this.#edges.length - 1] = { ...last, arrival: time };
    } else if (description === "clock reconvergence pessimism") this.#crpr = delay;
    else if (description === "Period") this.#actual = time;
    else if (description === "min_period") this.#required = time && negated(time);
    else if (description === "actual pulse width") this.#actual = time;
    else {
      const width = /^required pulse width \((high|low)\)$/.exec(description);
      if (width) {
        this.#level = width[1] as "high" | "low";
        this.#required = time;
      } else if (description !== this.pin && !last) return "foreign";
    }
    return "taken";
  }

  #end(slack: PrintedFigure, violated: boolean): LineVerdict {
    const [required, actual, level] = [this.#required, this.#actual, this.#level];
    if (!required || !actual) return "ended";
    const found = { pin: this.pin, slack, violated, ...this.place };
    const [open = null, close = null] = this.#edges;
    if (level) this.emit({ kind: "pulse-width", ...found, level, required, actual, open, close, crpr: this.#crpr });
    else this.emit({ kind: "min-period", ...found, period: actual, minPeriod: required });
    return "ended";
  }
}
