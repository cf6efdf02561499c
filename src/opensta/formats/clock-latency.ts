/**
 * report_clock_latency (3.1.0), the least to the left and the largest to the right:
 *
 *     Clock clk_a
 *     rise -> rise
 *         min     max
 *        0.25    0.25 source latency
 *        0.25         network latency _7420_/CLK
 *                0.72 network latency _7483_/CLK
 *     ---------------
 *        0.50    0.97 latency
 *                0.47 skew
 */
import { parseFigure } from "../figure-text.js";
import type { Line } from "../line.js";
import type { LatencyEnd } from "../records/clocks.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Emit, LineVerdict, SectionReader } from "../report-format.js";

type Side = "min" | "max";
type Turn = "rise" | "fall";

/** One pair of edges while its rows come. */
interface Block {
  readonly byteOffset: number;
  readonly line: number;
  readonly from: Turn;
  readonly to: Turn;
  readonly ends: Record<Side, Partial<LatencyEnd>>;
}

/** All pairs of edges of a clock. */
export class ClockLatencyReader implements SectionReader {
  #block: Block | null = null;
  /** Where the header's words end. */
  #minEnd = 7;
  #maxEnd = 15;

  constructor(
    private readonly clock: string,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    const turns = /^(rise|fall) -> (rise|fall)\s*$/.exec(text);
    if (turns) {
      const [from, to] = [turns[1] as Turn, turns[2] as Turn];
      this.#block = { ...line.place, from, to, ends: { min: {}, max: {} } };
      return "taken";
    }
    if (!this.#block) return "foreign";
    const heading = /^( *min)( +max)\s*$/.exec(text);
    if (heading) {
      this.#minEnd = heading[1]!.length;
      this.#maxEnd = heading[0].trimEnd().length;
      return "taken";
    }
    return /^-+\s*$/.test(text) ? "taken" : this.#row(this.#block, text);
  }

  #row(block: Block, text: string): LineVerdict {
    const cells =
      /^( *\S+)( +-?(?:\d\S*|INF))? +((?:source latency|network latency|internal|latency|skew)\b.*?)\s*$/.exec(text);
    const first = parseFigure(cells?.[1]?.trim() ?? "");
    const second = cells?.[2] === undefined ? null : parseFigure(cells[2].trim());
    if (!cells || !first || (cells[2] !== undefined && !second)) return "foreign";
    const end = cells[1]!.length;
    const left = second !== null || Math.abs(end - this.#minEnd) <= Math.abs(end - this.#maxEnd);
    const what = cells[3]!;
    if (what === "skew") {
      this.#tell(block, first);
      return "taken";
    }
    if (left) setRow(block.ends.min, what, first);
    if (second) setRow(block.ends.max, what, second);
    else if (!left) setRow(block.ends.max, what, first);
    return "taken";
  }

  #tell({ ends, ...block }: Block, skew: PrintedFigure): void {
    this.#block = null;
    const [min, max] = [whole(ends.min), whole(ends.max)];
    if (min && max) this.emit({ kind: "clock-latency", clock: this.clock, ...block, min, max, skew });
  }
}

function setRow(end: { -readonly [Name in keyof LatencyEnd]?: LatencyEnd[Name] }, what: string, figure: PrintedFigure) {
  const network = /^network latency (\S+)/.exec(what);
  if (what === "source latency") end.source = figure;
  else if (network) [end.network, end.pin] = [figure, network[1]!];
  else if (what === "latency") end.total = figure;
  else end.internal = figure;
}

function whole({ source, network, pin, internal, total }: Partial<LatencyEnd>): LatencyEnd | null {
  if (!source || !total) return null;
  return { source, network: network ?? null, pin: pin ?? null, internal: internal ?? null, total };
}
