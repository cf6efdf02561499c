/**
 * report_clock_skew. 2.0.17:
 *
 *     Clock clk_a
 *     Latency      CRPR       Skew
 *     _7483_/CLK ^
 *        1.45
 *     _7665_/CLK ^
 *        0.25      0.00       1.20
 *
 * 3.1.0, where the target's latency is printed negated:
 *
 *     Clock clk_a
 *        0.72 source latency _7483_/CLK ^
 *       -0.25 target latency _7665_/CLK ^
 *        0.15 clock uncertainty
 *        0.00 CRPR
 *     --------------
 *        0.62 setup skew
 */
import { negated, parseFigure, parseFigures } from "../figure-text.js";
import type { Line } from "../line.js";
import type { SkewEnd } from "../records/clocks.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Edge, RecordPlace } from "../records/record-parts.js";
import type { Emit, LineVerdict, SectionReader } from "../report-format.js";

/** The block of 3.1.0 below its clock. */
export class ClockSkewReader implements SectionReader {
  #source: SkewEnd | null = null;
  #target: SkewEnd | null = null;
  #uncertainty: PrintedFigure | null = null;
  #crpr: PrintedFigure | null = null;

  constructor(
    private readonly clock: string,
    private readonly place: RecordPlace,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    if (/^-+\s*$/.test(text)) return "taken";
    const cells = /^ *(\S+) (.*\S)\s*$/.exec(text);
    const figure = parseFigure(cells?.[1] ?? "");
    if (!cells || !figure) return "foreign";
    const what = cells[2]!;
    const end = /^(source|target) latency (\S+) ([\^v])$/.exec(what);
    const skew = /^(setup|hold) skew$/.exec(what);
    if (end?.[1] === "source") this.#source = skewEnd(end[2]!, end[3]!, figure);
    else if (end) this.#target = skewEnd(end[2]!, end[3]!, negated(figure));
    else if (what.startsWith("source internal")) this.#source &&= { ...this.#source, internalLatency: figure };
    else if (what.startsWith("target internal")) this.#target &&= { ...this.#target, internalLatency: negated(figure) };
    else if (what === "clock uncertainty") this.#uncertainty = figure;
    else if (what === "CRPR") this.#crpr = figure;
    else if (skew) this.#tell(skew[1] as "setup" | "hold", figure);
    else return "foreign";
    return skew ? "ended" : "taken";
  }

  #tell(type: "setup" | "hold", skew: PrintedFigure): void {
    const { clock, place } = this;
    const [source, target, uncertainty, crpr] = [this.#source, this.#target, this.#uncertainty, this.#crpr];
    this.emit({ kind: "clock-skew", clock, type, source, target, uncertainty, crpr, skew, ...place });
  }
}

/** The block of 2.0.17 below its clock: each pin is a line, its numbers the next. */
export class OldClockSkewReader implements SectionReader {
  #pin: readonly [name: string, edge: string] | null = null;
  #source: SkewEnd | null = null;

  constructor(
    private readonly clock: string,
    private readonly place: RecordPlace,
    private readonly emit: Emit,
  ) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    if (/^Latency +CRPR +Skew\s*$/.test(text)) return "taken";
    const pin = /^(\S+) ([\^v])\s*$/.exec(text);
    if (pin) {
      this.#pin = [pin[1]!, pin[2]!];
      return "taken";
    }
    const figures = parseFigures(text.trim().split(/ +/));
    const [latency, crpr, skew] = figures ?? [];
    if (!this.#pin || !latency) return "foreign";
    const end = skewEnd(...this.#pin, latency);
    this.#pin = null;
    if (!crpr || !skew) {
      this.#source = end;
      return "taken";
    }
    const ends = { source: this.#source, target: end };
    const { clock, place } = this;
    this.emit({ kind: "clock-skew", clock, type: null, ...ends, uncertainty: null, crpr, skew, ...place });
    return "ended";
  }
}

function skewEnd(pin: string, edge: string, latency: PrintedFigure): SkewEnd {
  return { pin, edge: edge as Edge, latency, internalLatency: null };
}
