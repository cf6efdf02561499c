/**
 * Slew, capacitance and fanout of report_check_types; 2.0.17 knows only `max_transition` (column `Trans`). A slack may
 * be blank:
 *
 *     max fanout
 *
 *     Pin                                   Limit Fanout  Slack
 *     ---------------------------------------------------------
 *     in2                                       1      2        (VIOLATED)
 *
 * and with -verbose:
 *
 *     max_transition
 *
 *     Pin _7420_/R ^
 *     max_transition     2.50
 *     transition_time    1.28
 *     -----------------------
 *     Slack              1.22 (MET)
 */
import { parseFigure, parseFigures } from "../figure-text.js";
import type { Line } from "../line.js";
import type { LimitCheck } from "../records/design-checks.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Edge, RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const limitChecks: ReportFormat = {
  name: "limit-checks",
  initials: "m",
  open(line, emit) {
    if (line.to - line.from > 40) return null;
    const title = /^(max|min)[_ ](transition|slew|capacitance|fanout)\s*$/.exec(line.text);
    if (!title) return null;
    const quantity = title[2] === "transition" ? "slew" : (title[2] as LimitCheck["quantity"]);
    return new LimitReader({ quantity, type: title[1] as "max" | "min" }, emit);
  },
};

const heading = /^Pin +Limit +\w+ +Slack\s*$|^-+\s*$/;
const row = /^(\S+) +(\S+) +(\S+)(?: +([^\s(]+))? +\((MET|VIOLATED)\)\s*$/;
const blockStart = /^Pin (\S+) +([\^v])?\s*(?:\((?:corner|scene) (.+)\))?\s*$/;
const blockEnd = /^Slack(?: +([^\s(]+))? +\((MET|VIOLATED)\)\s*$/;
const value = /^(?:(?:max|min)[_ ])?(?:transition|transition_time|slew|capacitance|fanout) +(\S+)\s*$/;

interface Block extends RecordPlace {
  readonly pin: string;
  readonly edge: Edge | null;
  readonly corner: string | null;
  /** The limit, then the actual value. */
  readonly values: PrintedFigure[];
}

class LimitReader implements SectionReader {
  #block: Block | null = null;

  constructor(
    private readonly check: Pick<LimitCheck, "quantity" | "type">,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    const start = blockStart.exec(text);
    if (start) {
      const edge = (start[2] as Edge | undefined) ?? null;
      this.#block = { pin: start[1]!, edge, corner: start[3] ?? null, values: [], ...line.place };
      return "taken";
    }
    return heading.test(text) || this.#inBlock(text) || this.#isRow(line, text) ? "taken" : "foreign";
  }

  #isRow({ place }: Line, text: string): boolean {
    const cells = row.exec(text);
    const figures = cells && parseFigures([cells[2], cells[3]]);
    const slack = cells?.[4] === undefined ? null : parseFigure(cells[4]);
    if (!cells || !figures || (cells[4] !== undefined && !slack)) return false;
    const [limit, actual] = figures as [PrintedFigure, PrintedFigure];
    const violated = cells[5] === "VIOLATED";
    const found = { pin: cells[1]!, edge: null, corner: null, limit, actual, slack, violated };
    this.emit({ kind: "limit-check", ...this.check, ...found, ...place });
    return true;
  }

  #inBlock(text: string): boolean {
    const block = this.#block;
    if (!block) return false;
    const figure = parseFigure(value.exec(text)?.[1] ?? "");
    if (figure && block.values.length < 2) {
      block.values.push(figure);
      return true;
    }
    const end = blockEnd.exec(text);
    if (!end) return false;
    this.#block = null;
    const { values, ...place } = block;
    const [limit, actual] = values;
    const slack = end[1] === undefined ? null : parseFigure(end[1]);
    if (!limit || !actual || (end[1] !== undefined && !slack)) return false;
    this.emit({ kind: "limit-check", ...this.check, ...place, limit, actual, slack, violated: end[2] === "VIOLATED" });
    return true;
  }
}
