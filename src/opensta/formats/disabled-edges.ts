/**
 * report_disabled_edges, an edge a line; of a wire two pins, else an instance and two of its ports:
 *
 *     _7420_ CLK S when: !D*R constant
 *     _7420_ S Q constant S=1, timing_enable_preset_clear_arcs
 */
import type { Line } from "../line.js";
import type { DisabledEdge } from "../records/timing-arcs.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const disabledEdges: ReportFormat = {
  name: "disabled-edges",
  open(line, emit) {
    const edge = line.holds(" ") && line.to - line.from <= 2048 && mayEnd.has(line.last) ? disabledEdge(line) : null;
    return edge && new DisabledEdgesReader(edge, emit);
  },
};

/** What the reasons' last words end in. */
const mayEnd = new Set(Buffer.from("t01pse"));
const one = String.raw`(?:constraint|constant(?: (?:positive|negative)_unate)?(?: \S+=[01])*|cond_default|loop|timing_enable_preset_clear_arcs)`;
const pattern = new RegExp(String.raw`^(\S+) (\S+)(?: (\S+)(?: when: (.+?))?)? (${one}(?:, ${one})*)\s*$`);

function disabledEdge(line: Line): DisabledEdge | null {
  const cells = pattern.exec(line.text);
  if (!cells) return null;
  const [first, second, third] = cells.slice(1, 4) as [string, string, string?];
  const ends =
    third === undefined ? { instance: null, from: first, to: second } : { instance: first, from: second, to: third };
  return { kind: "disabled-edge", ...ends, when: cells[4] ?? null, reason: cells[5]!, ...line.place };
}

class DisabledEdgesReader implements SectionReader {
  /** A line of words that ends in "constant" may be anything; two of them are a list. */
  readonly tentative = true;
  #first: DisabledEdge | null;

  constructor(
    first: DisabledEdge,
    private readonly emit: Emit,
  ) {
    this.#first = first;
  }

  take(line: Line): LineVerdict {
    if (line.isBlank) return "ended";
    const edge = disabledEdge(line);
    if (!edge) return "foreign";
    if (this.#first) this.emit(this.#first);
    this.#first = null;
    this.emit(edge);
    return "taken";
  }
}
