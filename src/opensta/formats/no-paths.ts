/**
 * What report_checks prints, in every format but json, when nothing answers the query:
 *
 *     No paths found.
 *
 * 3.1.0 prints the heading of summary and slack_only before it.
 */
import type { ReportFormat } from "../report-format.js";
import { nothingMore } from "./single-line.js";

export const noPaths: ReportFormat = {
  name: "no-paths",
  initials: "N",
  open(line, emit) {
    if (!line.startsWith("No paths found.") || line.after(15) !== "") return null;
    emit({ kind: "no-paths", byteOffset: line.byteOffset, line: line.number });
    return nothingMore;
  },
};
