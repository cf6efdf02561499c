import type { ReportFormat } from "../report-format.js";
import { defaultUnits, type ReportUnits } from "../si-number.js";
import { annotationTables } from "./annotation-tables.js";
import { annotationTotals } from "./annotation-totals.js";
import { clockBlocks } from "./clock-blocks.js";
import { clockMinPeriod } from "./clock-min-period.js";
import { clockProperties } from "./clock-properties.js";
import { delayCalculations } from "./delay-calculations.js";
import { disabledEdges } from "./disabled-edges.js";
import { endReport } from "./end-report.js";
import { figureLines } from "./figure-lines.js";
import { histogramLines } from "./histogram-lines.js";
import { instanceReport } from "./instance-report.js";
import { jsonReport } from "./json-report.js";
import { latchBlock } from "./latch-block.js";
import { limitChecks } from "./limit-checks.js";
import { maxSkewBlocks } from "./max-skew-blocks.js";
import { netReport } from "./net-report.js";
import { noPaths } from "./no-paths.js";
import { pathTable } from "./path-table.js";
import { pinCheckBlocks } from "./pin-check-blocks.js";
import { pinCheckTables } from "./pin-check-tables.js";
import { pinReport } from "./pin-report.js";
import { pinTable } from "./pin-table.js";
import { pinTimes } from "./pin-times.js";
import { powerJson } from "./power-json.js";
import { powerTable } from "./power-table.js";
import { anySdc, writtenSdc } from "./sdc.js";
import { sectionLines } from "./section-lines.js";
import { setupWarnings } from "./setup-warnings.js";
import { slackOnlyReport } from "./slack-only-report.js";
import { slews } from "./slews.js";
import { constants, names, properties } from "./stated-formats.js";
import { summaryReport } from "./summary-report.js";
import { timingArcs } from "./timing-arcs.js";
import { units } from "./units.js";

/**
 * All formats but full, full_clock, full_clock_expanded and short of report_checks, whose records the kernel reads; the
 * first that opens wins.
 */
export const reportFormats: readonly ReportFormat[] = [
  endReport,
  figureLines,
  summaryReport,
  slackOnlyReport,
  jsonReport(defaultUnits),
  noPaths,
  latchBlock,
  limitChecks,
  pinCheckTables,
  pinCheckBlocks,
  maxSkewBlocks,
  pathTable,
  clockProperties,
  clockBlocks,
  clockMinPeriod,
  units,
  powerTable,
  powerJson,
  annotationTables,
  annotationTotals,
  pinTimes,
  slews,
  timingArcs,
  disabledEdges,
  delayCalculations,
  netReport,
  instanceReport,
  pinReport,
  setupWarnings,
  pinTable,
  writtenSdc,
  histogramLines,
  sectionLines,
];

/** The same, with the times and capacitances of -format json told in these units. */
export const reportFormatsIn = (asked: ReportUnits): readonly ReportFormat[] =>
  reportFormats.map((format) => (format.name === "json" ? jsonReport(asked) : format));

/** Formats that only a user can name: no line of them is proof. */
const statedFormats: readonly ReportFormat[] = [anySdc, names, constants, properties];

/** What a text can be said to be: the full formats of report_checks are `full`. */
export const formatNames: readonly string[] = ["full", ...[...reportFormats, ...statedFormats].map(({ name }) => name)];

/**
 * The formats that a text is tried for which is said to be of one: that one alone.
 * @throws RangeError if there is no format of that name; the message lists the names.
 */
export function formatsNamed(name: string, formats = reportFormats): readonly ReportFormat[] {
  if (!formatNames.includes(name))
    throw new RangeError(`there is no format ${name}; take one of ${formatNames.join(", ")}`);
  return [...formats, ...statedFormats].filter((format) => format.name === name);
}
