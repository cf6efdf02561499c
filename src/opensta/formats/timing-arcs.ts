/**
 * report_edges: an edge, then its arcs with the least and the largest delay of each corner:
 *
 *     CLK -> Q Latch En to Q
 *       ^ -> ^ 0.12:0.12
 *       ^ -> v 0.18:0.18
 *     S -> R recovery
 *       Disabled by constant
 *       Condition: !D*R
 *       ^ -> ^ 0.04:0.04 disabled
 */
import type { Line } from "../line.js";
import type { Edge } from "../records/record-parts.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { minMaxList } from "./min-max-list.js";

export const timingArcs: ReportFormat = {
  name: "edges",
  open(line, emit) {
    if (line.first === 32 || line.to - line.from > 8192 || !line.holds(">")) return null;
    const cells = /^(\S+) -> (\S+) (\S.*?)\s*$/.exec(line.text);
    return cells && new TimingArcReader({ from: cells[1]!, to: cells[2]!, role: cells[3]! }, emit);
  },
};

const arc = /^ {2}([\^v]) -> ([\^v]) (\S+)( disabled)?\s*$/;

class TimingArcReader implements SectionReader {
  readonly tentative = true;
  #condition: string | null = null;
  #disabledBy: string | null = null;

  constructor(
    private readonly edge: { readonly from: string; readonly to: string; readonly role: string },
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.first !== 32) return "foreign";
    const { text } = line;
    const said = /^ {2}(?:Condition: |Disabled by )(\S.*?)\s*$/.exec(text);
    if (said) {
      if (text.startsWith("  C")) this.#condition = said[1]!;
      else this.#disabledBy = said[1]!;
      return "taken";
    }
    const cells = arc.exec(text);
    const delays = cells && minMaxList(cells[3]!);
    if (!cells || !delays) return "foreign";
    const [fromEdge, toEdge] = [cells[1] as Edge, cells[2] as Edge];
    const remarks = { condition: this.#condition, disabledBy: this.#disabledBy, disabled: cells[4] !== undefined };
    this.emit({ kind: "timing-arc", ...this.edge, fromEdge, toEdge, delays, ...remarks, ...line.place });
    return "taken";
  }
}
