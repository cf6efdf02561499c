/** What begins with `Clock NAME`: blocks of report_clock_skew and of report_clock_latency, told apart by what follows. */
import type { Line } from "../line.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { ClockLatencyReader } from "./clock-latency.js";
import { ClockSkewReader, OldClockSkewReader } from "./clock-skew.js";

export const clockBlocks: ReportFormat = {
  name: "clock-blocks",
  initials: "C",
  open(line, emit) {
    if (!line.startsWith("Clock ") || line.source[line.from + 6] === 32) return null;
    const clock = line.after(6);
    return clock === "" ? null : new ClockBlock(clock, line, emit);
  },
};

class ClockBlock implements SectionReader {
  readonly tentative = true;
  #block: SectionReader | null = null;
  readonly #place: { readonly byteOffset: number; readonly line: number };

  constructor(
    private readonly clock: string,
    line: Line,
    private readonly emit: Emit,
  ) {
    this.#place = line.place;
  }

  take(line: Line): LineVerdict {
    if (this.#block) return this.#block.take(line);
    if (line.isBlank) return "foreign";
    const { clock, emit } = this;
    const { text } = line;
    if (/^No launch\/capture paths found\.\s*$/.test(text)) {
      const none = { type: null, source: null, target: null, uncertainty: null, crpr: null, skew: null };
      emit({ kind: "clock-skew", clock, ...none, ...this.#place });
      return "ended";
    }
    if (/^(?:rise|fall) -> (?:rise|fall)\s*$/.test(text)) this.#block = new ClockLatencyReader(clock, emit);
    else if (/^Latency +CRPR +Skew\s*$/.test(text)) this.#block = new OldClockSkewReader(clock, this.#place, emit);
    else if (/^ *-?\S+ source latency /.test(text)) this.#block = new ClockSkewReader(clock, this.#place, emit);
    return this.#block?.take(line) ?? "foreign";
  }
}
