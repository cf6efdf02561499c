import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseReport } from "../../src/opensta/parse-report.js";
import { runSta } from "../../src/opensta/sta-process.js";
import { diffConstraints } from "../../src/timing/constraint-diff.js";
import { designFolder, liberty, notLive } from "../opensta/live-tool.js";
import { temporaryFolder } from "../temporary-folder.js";

const paths = "-from [get_clocks clk_b] -to [get_clocks clk_b]";

/** What the tool says of the hold slack before and after the commands, and its SDC of both. */
async function afterCommands(commands: readonly string[]): Promise<{ movedBy: number; before: string; after: string }> {
  const folder = temporaryFolder();
  const report = `report_checks -path_group clk_b -path_delay min -format end ${paths} -digits 4`;
  const script = join(folder, "run.tcl");
  const lines = [
    `read_liberty ${liberty}`,
    `read_verilog ${join(designFolder, "small.v")}`,
    "link_design top",
    `source ${join(designFolder, "base.sdc")}`,
    report,
    `write_sdc ${join(folder, "before.sdc")}`,
    ...commands.map((command) => `${command} ${paths}`),
    report,
    `write_sdc ${join(folder, "after.sdc")}`,
  ];
  writeFileSync(script, lines.join("\n"));
  const required: number[] = [];
  for await (const record of parseReport(runSta({ script })))
    if (record.kind === "endpoint" && typeof record.required !== "string") required.push(record.required.units);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { movedBy: required[1]! - required[0]!, before: read("before.sdc"), after: read("after.sdc") };
}

it
  .skipIf(notLive !== null)
  .each([
    [["set_multicycle_path 2"]],
    [["set_multicycle_path 2 -setup"]],
    [["set_multicycle_path 2 -setup -hold"]],
    [["set_multicycle_path 1"]],
    [["set_multicycle_path 2 -setup", "set_multicycle_path 1 -hold"]],
    [["set_multicycle_path 2", "set_multicycle_path 1 -hold"]],
    [["set_multicycle_path 3 -setup", "set_multicycle_path 1 -hold"]],
  ])("%j: the difference points at it exactly if the tool moves the hold check later", async (commands) => {
  const { movedBy, before, after } = await afterCommands(commands);
  const { multicycleWithoutHold } = diffConstraints(before, after);
  expect(multicycleWithoutHold.length > 0).toBe(movedBy > 0);
});
