import type { ReportFormat } from "../report-format.js";
import { annotationTables } from "./annotation-tables.js";
import { annotationTotals } from "./annotation-totals.js";
import { clockBlocks } from "./clock-blocks.js";
import { clockMinPeriod } from "./clock-min-period.js";
import { clockProperties } from "./clock-properties.js";
import { delayCalculations } from "./delay-calculations.js";
import { disabledEdges } from "./disabled-edges.js";
import { endReport } from "./end-report.js";
import { figureLines } from "./figure-lines.js";
import { instanceReport } from "./instance-report.js";
import { latchBlock } from "./latch-block.js";
import { limitChecks } from "./limit-checks.js";
import { maxSkewBlocks } from "./max-skew-blocks.js";
import { netReport } from "./net-report.js";
import { pathTable } from "./path-table.js";
import { pinCheckBlocks } from "./pin-check-blocks.js";
import { pinCheckTables } from "./pin-check-tables.js";
import { pinReport } from "./pin-report.js";
import { pinTable } from "./pin-table.js";
import { pinTimes } from "./pin-times.js";
import { powerJson } from "./power-json.js";
import { powerTable } from "./power-table.js";
import { anySdc, writtenSdc } from "./sdc.js";
import { setupWarnings } from "./setup-warnings.js";
import { slews } from "./slews.js";
import { constants, names, properties } from "./stated-formats.js";
import { timingArcs } from "./timing-arcs.js";
import { units } from "./units.js";

/** All formats but the full ones of report_checks, which have a loop of their own; the first that opens wins. */
export const reportFormats: readonly ReportFormat[] = [
  endReport,
  figureLines,
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
];

/** Formats that only a user can name: no line of them is proof. */
const statedFormats: readonly ReportFormat[] = [anySdc, names, constants, properties];

/** What a text can be said to be: the full formats of report_checks are `full`. */
export const formatNames: readonly string[] = ["full", ...[...reportFormats, ...statedFormats].map(({ name }) => name)];

/**
 * The formats that a text is tried for which is said to be of one: that one alone.
 * @throws RangeError if there is no format of that name; the message lists the names.
 */
export function formatsNamed(name: string): readonly ReportFormat[] {
  if (!formatNames.includes(name))
    throw new RangeError(`there is no format ${name}; take one of ${formatNames.join(", ")}`);
  return [...reportFormats, ...statedFormats].filter((format) => format.name === name);
}
