import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { designFolder, notLive } from "../opensta/live-tool.js";
import { temporaryFolder } from "../temporary-folder.js";
import { ckpt, ckptWithInput, type CkptRun } from "./built-ckpt.js";

/** Runs a command over the small design, in its folder. */
async function sta(input: string | null, ...args: string[]): Promise<CkptRun> {
  return await ckptWithInput({ folder: temporaryFolder(), input, cwd: designFolder }, "sta", ...args);
}

function lines(out: string): Record<string, unknown>[] {
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function script(text: string): string {
  const path = join(temporaryFolder(), "run.tcl");
  writeFileSync(path, text);
  return path;
}

describe.skipIf(notLive !== null)("ckpt sta", () => {
  it("ends a script that takes longer than it may, and refuses a limit that is none", async () => {
    const folder = temporaryFolder();
    const path = script("while 1 {}\n");
    const ended = await ckpt(folder, "sta", "run", path, "--timeout", "0.5");
    expect(ended.code).toBe(8);
    expect(ended.err).toContain("took longer than it may");
    const refused = await ckpt(folder, "sta", "run", path, "--timeout", "abc");
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/^ckpt: .*--timeout/);
  });

  it("runs a script, and prints what the tool prints or the records in it", async () => {
    const path = script("source setup.tcl\nreport_worst_slack\nreport_checks -format end -group_count 2\n");
    const text = await sta(null, "run", path);
    expect(text).toMatchObject({ code: 0, err: "" });
    expect(text.out).toContain("worst slack -1.64\n");
    const records = lines((await sta(null, "run", path, "--json")).out);
    expect(records[0]).toMatchObject({ kind: "figure", name: "worst_slack", value: -1.64 });
    expect(records.filter(({ kind }) => kind === "endpoint").length).toBeGreaterThan(4);
    expect(await sta("puts [expr 6*7]\n", "run", "-")).toEqual({ code: 0, out: "42\n", err: "" });
  });

  it("ends with exit code 8 behind what was printed when a script fails", async () => {
    const { code, out, err } = await sta("puts before\nnosuch\n", "run", "-");
    expect(code).toBe(8);
    expect(out).toMatch(/^before\n/);
    expect(err).toMatch(/^ckpt: stdin.tcl, line 2: invalid command name "nosuch"\.\n {6}\S/);
  });

  it("answers commands from standard input until it ends, whatever they come to", async () => {
    const input = "report_wns\nnosuch\nforeach x {1\n2} {\n  puts $x\n}\nget_cells nosuch\nlist a {b c}\nif {";
    const text = await sta(input, "shell", "--setup", "setup.tcl");
    expect(text.code).toBe(0);
    expect(text.out).toBe("wns -1.64\n1\n2\na {b c}\n");
    expect(text.err).toContain('error: invalid command name "nosuch"');
    expect(text.err).toContain("warning: instance 'nosuch' not found.");
    expect(text.err).toContain("missing close-brace");
  });

  it("answers each command with one JSON object, and survives the tool's death", async () => {
    const { code, out } = await sta("set a 7\nexec kill -9 [pid]\nset a\nquit\nset a\n", "shell", "--json");
    expect(code).toBe(0);
    expect(lines(out)).toMatchObject([
      { command: "set a 7", result: "7", error: null, state: "ready" },
      { error: { code: "sta-failed" }, state: "lost" },
      { command: "set a", result: "7", error: null, state: "ready" },
    ]);
  });

  it("streams the records of one command", async () => {
    const { code, out } = await sta(null, "stream", "report_checks -group_count 50", "--setup", "setup.tcl");
    expect(code).toBe(0);
    const records = lines(out);
    expect(records.length).toBeGreaterThan(100);
    expect(new Set(records.map(({ kind }) => kind))).toEqual(new Set(["path"]));
    const failed = await sta(null, "stream", "report_checks -to nosuch", "--setup", "setup.tcl");
    expect(failed.code).toBe(8);
    expect(failed.err).toContain("report_checks command failed");
  });

  it("ends a command that takes too long", async () => {
    const command = "report_checks -path_delay min_max -group_count 200000 -endpoint_count 200";
    const { code, err } = await sta(null, "stream", command, "--setup", "setup.tcl", "--timeout", "0.5");
    expect(code).toBe(8);
    expect(err).toContain("within 0.5 s");
  });

  it.each([["stream"], ["run"]])(
    "that is interrupted (%s) ends the tool and itself, without an error",
    async (name) => {
      const command = "report_checks -path_delay min_max -group_count 200000 -endpoint_count 200";
      const args = name === "run" ? [script(`source setup.tcl\n${command}\n`)] : [command, "--setup", "setup.tcl"];
      const surroundings = { folder: temporaryFolder(), input: null, cwd: designFolder, interruptAfterMs: 1500 };
      const { code, err } = await ckptWithInput(surroundings, "sta", name, ...args);
      expect(err).toBe("");
      expect(code).toBe(130);
    },
  );

  it("captures what a script prints with the tool's version, and refuses a script that fails", async () => {
    const folder = temporaryFolder();
    const stage = ["capture", "--design", "d", "--sta"];
    const good = script('puts "wns max -1.00"\n');
    const kept = await ckpt(folder, ...stage, good, "--stage", "a", "--json");
    expect(kept.code, kept.err).toBe(0);
    expect(JSON.parse(kept.out)).toMatchObject({
      files: [{ name: "run.tcl.log", kind: "figures", context: { tool: expect.stringMatching(/^sta \d/) as string } }],
    });
    const failed = await ckpt(folder, ...stage, script("puts x\n\nnosuch\n"), "--stage", "b");
    expect(failed.code).toBe(8);
    expect(failed.err).toMatch(/run.tcl, line 3: invalid command name "nosuch"/);
    expect((await ckpt(folder, "show", "d@b")).code).toBe(3);
  });
});

it("ckpt sta tells what is wrong with its options, and where the tool is not", async () => {
  const folder = temporaryFolder();
  expect(await ckpt(folder, "sta", "stream", "x", "--timeout", "soon")).toMatchObject({ code: 2 });
  const missing = await ckpt(folder, "sta", "stream", "x", "--sta-executable", "no-such-sta");
  expect(missing.code).toBe(8);
  expect(missing.err).toContain("there is no no-such-sta on this machine");
  expect(await ckpt(folder, "capture", "--design", "d", "--stage", "s")).toMatchObject({ code: 2 });
});
