/**
 * report_wns, report_tns and report_worst_slack, one line each:
 *
 *     wns -1.64            (2.0.17)
 *     wns max -1.64        (3.1.0)
 *     tns max -264.85
 *     worst slack max -1.52
 *     worst_slack -1.52
 */
import { parsePrinted } from "../printed-number.js";
import type { ReportFormat } from "../report-format.js";
import { nothingMore } from "./single-line.js";
import type { PathType } from "../report-records.js";

export const figureLines: ReportFormat = {
  name: "figures",
  initials: "wt",
  open(line, emit) {
    if (line.to - line.from > 80) return null;
    const match = /^(wns|tns|worst[ _]slack)(?: (max|min))? (\S+)\s*$/.exec(line.text);
    const value = match && parsePrinted(match[3]!);
    if (!value) return null;
    const name = match[1]!.startsWith("worst") ? "worst_slack" : (match[1] as "wns" | "tns");
    const type = (match[2] as PathType | undefined) ?? null;
    emit({ kind: "figure", name, type, value, byteOffset: line.byteOffset, line: line.number });
    return nothingMore;
  },
};
