/**
 * report_clock_min_period (3.1.0), a line a clock; names may hold spaces:
 *
 *     clk main period_min = 0.46 fmax = 2158.26
 *     vio period_min = 0.00 fmax = inf
 */
import { parseFigures } from "../figure-text.js";
import type { PrintedFigure } from "../records/printed.js";
import { singleLine } from "./single-line.js";

export const clockMinPeriod = singleLine("clock-min-period", null, (line) => {
  if (line.to - line.from > 4096 || !line.holds("=")) return null;
  const cells = /^(\S.*) period_min = (\S+) fmax = (\S+)\s*$/.exec(line.text);
  const figures = cells && parseFigures(cells.slice(2, 4));
  if (!cells || !figures) return null;
  const [minPeriod, maxFrequency] = figures as [PrintedFigure, PrintedFigure];
  return { kind: "clock-min-period", clock: cells[1]!, minPeriod, maxFrequency, ...line.place };
});
