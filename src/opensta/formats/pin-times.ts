/**
 * report_arrival, report_required, report_slack (report_arrivals … in 3.1.0): a line a clock edge, least and largest of
 * each corner for a rising and a falling pin. 2.0.17 begins with a blank:
 *
 *     (clk_a v) r 2.77:2.77 f 2.83:2.83
 *      (clk_a ^) r 0.58:0.58:0.89:0.89 f INF:-INF:INF:-INF
 *     (clk_a ^) r 0.72:0.72 f ---:---
 */
import type { Edge } from "../records/record-parts.js";
import { minMaxList } from "./min-max-list.js";
import { singleLine } from "./single-line.js";

export const pinTimes = singleLine("pin-times", " (r", (line) => {
  if (line.to - line.from > 65536) return null;
  const cells = /^ ?(?:\((.+) ([\^v])\) )?r (\S+) f (\S+)\s*$/.exec(line.text);
  const [rise, fall] = cells ? [minMaxList(cells[3]!), minMaxList(cells[4]!)] : [];
  if (!cells || !rise || !fall) return null;
  const [clock, clockEdge] = [cells[1] ?? null, (cells[2] as Edge | undefined) ?? null];
  return { kind: "pin-times", clock, clockEdge, rise, fall, ...line.place };
});
