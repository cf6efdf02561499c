import { join } from "node:path";
import { expect, it } from "vitest";
import { parseReport } from "../../src/opensta/parse-report.js";
import type { ReportRecord } from "../../src/opensta/report-records.js";
import { runSta, StaError } from "../../src/opensta/sta-process.js";
import { liberty, liveDesign, missingTool } from "../live-tool.js";
import { temporaryFolder } from "../temporary-folder.js";

const missing = missingTool();

it.skipIf(missing !== null)(
  "the real tool's output, read through a pipe, tells the slacks that it prints elsewhere",
  async () => {
    const records: ReportRecord[] = [];
    const env = { LIBF: liberty, HERE: liveDesign, SCRATCH: temporaryFolder() };
    for await (const record of parseReport(runSta({ script: join(liveDesign, "stages.tcl"), env })))
      records.push(record);
    const paths = records.filter((record) => record.kind === "path");
    const figures = records.filter((record) => record.kind === "figure");
    const rows = records.filter((record) => record.kind === "endpoint");
    expect(paths.length).toBeGreaterThan(1000);
    // The first stage: what comes before the second stage's figures.
    const second = figures[3]!.byteOffset;
    const setup = paths.filter((path) => path.type === "max" && path.byteOffset < second);
    const worst = figures.find((figure) => figure.name === "worst_slack")!.value as { units: number; digits: number };
    const slacks = setup.map((path) => path.slack as number);
    expect(Math.min(...slacks)).toBe(worst.units / 10 ** worst.digits);
    const ends = rows.filter((row) => row.type === "max" && row.byteOffset < second);
    expect(ends).toHaveLength(setup.length);
    const printed = ends.map((row) => (row.slack as { units: number; digits: number }).units / 1e4);
    for (const [at, path] of setup.entries())
      expect(Math.abs(printed[at]! - (path.slack as number))).toBeLessThanOrEqual(0.0051);
  },
);

it.skipIf(missing !== null)("a script that fails ends in an error that names it", async () => {
  const script = join(temporaryFolder(), "none.tcl");
  const output: Uint8Array[] = [];
  const run = async () => {
    for await (const bytes of runSta({ script, executable: "false" })) output.push(bytes);
  };
  await expect(run()).rejects.toMatchObject({ code: "sta-failed" });
});

it("a tool that is not there is named, with the cure", async () => {
  const run = async () => {
    for await (const _ of runSta({ script: "x.tcl", executable: "no-such-sta" })) break;
  };
  await expect(run()).rejects.toThrow(StaError);
});
