/**
 * report_pin (2.0.17):
 *
 *     Pin g_lane[0].u_lane.u_cg_and/B input r 0.01 f 0.01 g_lane[0].u_lane.en_q
 *     Pin a[0] input port a[0]
 *     Pin u1/QN output (unconnected)
 */
import { capacitanceOf, capacitancePattern } from "./capacitance.js";
import { direction } from "./direction.js";
import { singleLine } from "./single-line.js";

const pattern = new RegExp(`^Pin (\\S+) (${direction}(?: port)?)(?: (${capacitancePattern}))? (\\S+)\\s*$`);

export const pinReport = singleLine("pin", "P", (line) => {
  const cells = line.startsWith("Pin ") && line.to - line.from < 8192 ? pattern.exec(line.text) : null;
  if (!cells) return null;
  const net = cells[4] === "(unconnected)" ? null : cells[4]!;
  const capacitance = cells[3] === undefined ? null : capacitanceOf(cells[3]);
  return { kind: "pin", name: cells[1]!, direction: cells[2]!, capacitance, net, ...line.place };
});
