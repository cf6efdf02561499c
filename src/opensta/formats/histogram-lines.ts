/**
 * OpenROAD's report_timing_histogram, a line a bin; the last bin is closed by `]`:
 *
 *     [ 9.433,  9.516): ************************* (1)
 *     [ 9.516,  9.600):  (0)
 *     [ 9.600,  9.684]: ************************************************** (2)
 */
import { parsePrinted } from "../printed-number.js";
import type { ReportFormat } from "../report-format.js";
import { nothingMore } from "./single-line.js";
import type { Printed } from "../report-records.js";

/** A bar has 50 stars at most. */
const lineBytesMax = 200;
const pattern = /^\[ *(-?\d+\.\d+), *(-?\d+\.\d+)([)\]]): \** \((\d{1,12})\)\s*$/;

export const histogramLines: ReportFormat = {
  name: "histogram",
  open(line, emit) {
    if (line.first !== 91 || line.to - line.from > lineBytesMax) return null;
    const cells = pattern.exec(line.text);
    if (!cells) return null;
    const [from, to] = cells.slice(1, 3).map((cell) => parsePrinted(cell) as Printed) as [Printed, Printed];
    const { byteOffset, number } = line;
    const closed = cells[3] === "]";
    emit({ kind: "histogram-bin", from, to, closed, count: Number(cells[4]), byteOffset, line: number });
    return nothingMore;
  },
};
