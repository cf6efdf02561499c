import type { ReportFormat } from "../report-format.js";
import { endReport } from "./end-report.js";
import { figureLines } from "./figure-lines.js";
import { latchBlock } from "./latch-block.js";

/** All formats but the full ones of report_checks, which have a loop of their own; the first that opens wins. */
export const reportFormats: readonly ReportFormat[] = [endReport, figureLines, latchBlock];
