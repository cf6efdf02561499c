import type { ReportFormat } from "../report-format.js";
import { defaultUnits, type ReportUnits } from "../si-number.js";
import { endReport } from "./end-report.js";
import { figureLines } from "./figure-lines.js";
import { histogramLines } from "./histogram-lines.js";
import { jsonReport } from "./json-report.js";
import { latchBlock } from "./latch-block.js";
import { noPaths } from "./no-paths.js";
import { sectionLines } from "./section-lines.js";
import { slackOnlyReport } from "./slack-only-report.js";
import { summaryReport } from "./summary-report.js";

/**
 * All formats but full, full_clock, full_clock_expanded and short of report_checks, whose records the kernel reads; the
 * first that opens wins.
 */
export const reportFormats: readonly ReportFormat[] = [
  endReport,
  figureLines,
  histogramLines,
  jsonReport(defaultUnits),
  latchBlock,
  noPaths,
  sectionLines,
  slackOnlyReport,
  summaryReport,
];

/** The same, with the times and capacitances of -format json told in `units`. */
export const reportFormatsIn = (units: ReportUnits): readonly ReportFormat[] =>
  reportFormats.map((format) => (format.name === "json" ? jsonReport(units) : format));
