import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseReport } from "../../src/opensta/parse-report.js";
import type { ReportRecord } from "../../src/opensta/report-records.js";
import { StaError } from "../../src/opensta/sta-error.js";
import { runSta, staVersion } from "../../src/opensta/sta-process.js";
import { temporaryFolder } from "../temporary-folder.js";
import { designFolder, liberty, notLive } from "./live-tool.js";

it.skipIf(notLive !== null)(
  "the real tool's output, read through a pipe, tells the slacks that it prints elsewhere",
  async () => {
    const records: ReportRecord[] = [];
    const env = { LIBF: liberty, HERE: designFolder, SCRATCH: temporaryFolder() };
    for await (const record of parseReport(runSta({ script: join(designFolder, "stages.tcl"), env })))
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

describe.skipIf(notLive !== null)("a script that fails", () => {
  it.each([
    [
      "an unknown command",
      "puts before\nnosuch a\nputs after\n",
      { line: 2, message: /invalid command name "nosuch"/ },
    ],
    ["a wrong argument", "puts before\n\nset_input_delay\n", { line: 3, message: /two positional arguments/ }],
    ["a file that is not there", "puts before\nread_verilog none.v\n", { line: 2, message: /cannot read file none.v/ }],
    ["a brace that is never closed", "puts before\nif {1} {\n", { line: 4, message: /incomplete command/ }],
  ])("with %s ends in an error with file, line and message, behind what was printed", async (_, text, expected) => {
    const { error, printed } = await runToEnd(scriptOf(text));
    expect(printed).toMatch(/^before\n/);
    expect(error).toMatchObject({ code: "script-error", file: "run.tcl", line: expected.line });
    expect(error!.message).toMatch(expected.message);
    expect(error!.cure).toContain("run.tcl");
  });

  it("in a file that it sources names that file", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "inner.tcl"), "puts inner\nnosuch\n");
    writeFileSync(join(folder, "run.tcl"), `source ${join(folder, "inner.tcl")}\nputs last\n`);
    const { error, printed } = await runToEnd(join(folder, "run.tcl"));
    expect(error).toMatchObject({ code: "script-error", file: "inner.tcl", line: 2 });
    // 2.0.17 runs on behind an error, and what it runs is kept.
    expect(printed).toContain("last\n");
  });

  it("at linking ends in an error though the tool says so on standard error alone and ends with 0", async () => {
    const text = `read_liberty ${liberty}\nread_verilog ${join(designFolder, "small.v")}\nlink_design nosuch\n`;
    const { error } = await runToEnd(scriptOf(text));
    expect(error).toMatchObject({ code: "script-error", message: expect.stringContaining("nosuch is not") as string });
  });

  it("but catches its error is no failure, even if it prints it as the tool would", async () => {
    const { error, printed } = await runToEnd(scriptOf('catch {nosuch} message\nputs "Error: $message"\n'));
    expect(error).toBeNull();
    expect(printed).toBe('Error: invalid command name "nosuch"\n');
  });
});

describe.skipIf(notLive !== null)("the tool", () => {
  it("is given further arguments, and tells its version", async () => {
    expect(await staVersion({ args: ["-threads", "1"] })).toMatchObject({ tool: "sta", version: /^\d+\.\d+/ });
    const run = runToEnd(scriptOf("puts here\n"), ["-threads", "1"]);
    expect(await run).toEqual({ error: null, printed: "here\n" });
  });

  it("prints nothing else than it would by itself", async () => {
    const script = scriptOf(`read_liberty ${liberty}\nputs one\nget_lib_cells nosuch\nputs -nonewline two\n`);
    const alone = execFileSync("sh", ["-c", 'exec sta -no_splash -no_init -exit "$0"', script], {
      encoding: "utf8",
    });
    expect(alone).toContain("Warning");
    expect((await runToEnd(script)).printed).toBe(alone);
  });
});

it("a tool that dies is told with its exit code", async () => {
  const run = async () => {
    for await (const _ of runSta({ script: scriptOf("puts x\n"), executable: "false" })) continue;
  };
  await expect(run()).rejects.toMatchObject({ code: "sta-failed" });
});

it("a script that is not there is named", async () => {
  const run = async () => {
    for await (const _ of runSta({ script: "none.tcl" })) continue;
  };
  await expect(run()).rejects.toMatchObject({
    code: "script-error",
    message: expect.stringContaining("none.tcl") as string,
  });
});

it("a tool that is not there is named, with the cure", async () => {
  const run = async () => {
    for await (const _ of runSta({ script: scriptOf("puts x\n"), executable: "no-such-sta" })) break;
  };
  await expect(run()).rejects.toThrow(StaError);
});

function scriptOf(text: string): string {
  const script = join(temporaryFolder(), "run.tcl");
  writeFileSync(script, text);
  return script;
}

async function runToEnd(script: string, args: string[] = []): Promise<{ error: StaError | null; printed: string }> {
  let printed = "";
  try {
    for await (const bytes of runSta({ script, args })) printed += Buffer.from(bytes).toString();
    return { error: null, printed };
  } catch (error) {
    if (error instanceof StaError) return { error, printed };
    throw error;
  }
}
