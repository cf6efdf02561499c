/**
 * report_clock_properties; names may hold spaces, a waveform may be blank:
 *
 *     Clock                   Period          Waveform
 *     ----------------------------------------------------
 *     clk_a                     4.00        0.00      2.00
 *     clk_d                     8.00        0.00      4.00 (generated)
 */
import { parseFigures } from "../figure-text.js";
import type { Line } from "../line.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const clockProperties: ReportFormat = {
  name: "clock-properties",
  initials: "C",
  open: (line, emit) =>
    line.startsWith("Clock  ") && /^Clock +Period +Waveform\s*$/.test(line.beginning)
      ? new ClockPropertiesReader(emit)
      : null,
};

/** A name may end in a number: two blanks at least part it from its period. The edges come in pairs, or as blanks. */
const row = /^(\S.*?) {2,}(\S+)((?: +[-\d.]+ +[-\d.]+)+| {20,})( \(generated\))?\s*$/;

class ClockPropertiesReader implements SectionReader {
  #rows = false;

  constructor(private readonly emit: Emit) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return this.#rows ? "ended" : "foreign";
    const { text } = line;
    if (/^-+\s*$/.test(text)) return "taken";
    const cells = row.exec(text);
    const figures = cells && parseFigures([cells[2], ...(cells[3]!.match(/\S+/g) ?? [])]);
    if (!cells || !figures) return "foreign";
    this.#rows = true;
    const [period, ...waveform] = figures as [PrintedFigure, ...PrintedFigure[]];
    const generated = cells[4] !== undefined;
    this.emit({ kind: "clock", name: cells[1]!, period, waveform, generated, ...line.place });
    return "taken";
  }
}
