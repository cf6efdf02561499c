/**
 * Maximum skew with -verbose (report_check_types); the rows of its two paths are records of their own:
 *
 *     Constrained Pin: f1/S
 *     Reference   Pin: f1/CLK
 *     Check: max_skew
 *
 *       Delay    Time   Description
 *     ---------------------------------------------------------
 *        0.00    0.00   clock a (rise edge)
 *        0.00    0.00   clock network delay (ideal)
 *                0.00 ^ f1/CLK (DFFSR)
 *                0.00   reference pin arrival time
 *
 *        0.50    0.50   clock b (rise edge)
 *        0.00    0.50   clock network delay (ideal)
 *                0.50 ^ f1/S (DFFSR)
 *                0.50   constrained pin arrival time
 *
 *     ---------------------------------------------------------
 *                0.30   allowable skew
 *                0.50   actual skew
 *     ---------------------------------------------------------
 *               -0.20   slack (VIOLATED)
 */
import type { Line } from "../line.js";
import type { PrintedFigure } from "../records/printed.js";
import type { RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { isPathHeading, type PathColumns, pathColumns, pathRow } from "./path-row.js";

export const maxSkewBlocks: ReportFormat = {
  name: "max-skew-blocks",
  initials: "C",
  open(line, emit) {
    const pin = line.startsWith("Constrained Pin: ") ? line.after(17) : "";
    return pin === "" ? null : new MaxSkewBlock(pin, line.place, emit);
  },
};

class MaxSkewBlock implements SectionReader {
  #reference: string | null = null;
  #table: { readonly line: number; readonly columns: PathColumns } | null = null;
  /** By the row's description. */
  readonly #figures = new Map<string, PrintedFigure>();

  constructor(
    private readonly pin: string,
    private readonly place: RecordPlace,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "taken";
    const { text } = line;
    const reference = /^Reference +Pin: (.*\S)/.exec(text);
    if (reference) this.#reference = reference[1]!;
    else if (isPathHeading(text)) this.#table = { line: line.number, columns: pathColumns(text) };
    else if (!/^Check: |^-+\s*$/.test(text)) return this.#row(line, text);
    return "taken";
  }

  #row({ place }: Line, text: string): LineVerdict {
    const row = pathRow(text, this.#table?.columns ?? null);
    if (!row || !this.#table) return "foreign";
    const { description, time } = row;
    const slack = /^slack \((MET|VIOLATED)\)$/.exec(description);
    if (slack && time) {
      this.#end(time, slack[1] === "VIOLATED");
      return "ended";
    }
    if (time && totals.has(description)) this.#figures.set(description, time);
    else this.emit({ kind: "path-row", table: this.#table.line, ...row, ...place });
    return "taken";
  }

  #end(slack: PrintedFigure, violated: boolean): void {
    const figure = (description: string): PrintedFigure | null => this.#figures.get(description) ?? null;
    const [required, actual] = [figure("allowable skew"), figure("actual skew")];
    if (!required || !actual) return;
    const arrivals = {
      referenceArrival: figure("reference pin arrival time"),
      arrival: figure("constrained pin arrival time"),
    };
    const names = { pin: this.pin, reference: this.#reference, referenceEdge: null, edge: null };
    this.emit({ kind: "max-skew", ...names, ...arrivals, required, actual, slack, violated, ...this.place });
  }
}

const totals = new Set(["reference pin arrival time", "constrained pin arrival time", "allowable skew", "actual skew"]);
