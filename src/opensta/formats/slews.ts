/**
 * report_slews, least and largest of each corner:
 *
 *     g_lane[0].u_lane.u_cg_and/B ^ 0.04:0.04 v 0.05:0.05
 */
import { minMaxList } from "./min-max-list.js";
import { singleLine } from "./single-line.js";

export const slews = singleLine("slews", null, (line) => {
  if (line.to - line.from > 65536 || !line.holds("^")) return null;
  const cells = /^(\S+) \^ (\S+) v (\S+)\s*$/.exec(line.text);
  const [rise, fall] = cells ? [minMaxList(cells[2]!), minMaxList(cells[3]!)] : [];
  return cells && rise && fall ? { kind: "slews", pin: cells[1]!, rise, fall, ...line.place } : null;
});
