import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";

const bin = join(import.meta.dirname, "..", "..", "dist", "src", "cli", "ckpt.js");
const reports = join(import.meta.dirname, "..", "data", "reports");

/** Runs the built ckpt as users do. */
async function ckpt(folder: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, CKPT_STORE: `sqlite:${join(folder, "ledger.db")}`, NO_COLOR: "1" };
  return await new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { env, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

describe("ckpt", () => {
  it("reads a text as what it is said to be, and names the formats if there is none of that name", async () => {
    const folder = temporaryFolder();
    const list = join(folder, "fanin.txt");
    writeFileSync(list, "u1/A\nu1/Y\n");
    const lines = (await ckpt(folder, "parse", "--as", "names", list)).out.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { kind: "name", name: "u1/A", byteOffset: 0, line: 1 },
      { kind: "name", name: "u1/Y", byteOffset: 5, line: 2 },
    ]);
    expect(JSON.parse((await ckpt(folder, "parse", list)).out)).toMatchObject({ kind: "text" });
    const refused = await ckpt(folder, "parse", "--as", "nosuch", list);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("power");
  });

  it("captures, lists, shows, prints, compares, rolls back, verifies and rebuilds", async () => {
    const folder = temporaryFolder();
    const report = join(reports, "3.1.0-borrow.rpt");
    const changed = join(folder, "3.1.0-borrow.rpt");
    writeFileSync(changed, readFileSync(report, "utf8").replace(/(\d+)(\s+slack \(MET\))/, "99$2"));
    const packed = join(folder, "notes.txt.gz");
    writeFileSync(packed, gzipSync("packed"));
    const first = await ckpt(
      folder,
      "capture",
      "--design",
      "lane",
      "--stage",
      "a",
      report,
      packed,
      "--unit",
      "1ns",
      "--meta",
      "tool=sta",
      "--json",
    );
    expect(first.code, first.err).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({
      stage: "a",
      head: true,
      unit: "1ns",
      files: [{ kind: "paths" }, { name: "notes.txt", container: { name: "notes.txt.gz" } }],
    });
    expect((await ckpt(folder, "cat", "lane@a", "notes.txt")).out).toBe("packed");
    expect((await ckpt(folder, "cat", "lane@a", "3.1.0-borrow.rpt")).out).toBe(readFileSync(report, "utf8"));
    await ckpt(folder, "capture", "--design", "lane", "--stage", "b", changed);
    const log = JSON.parse((await ckpt(folder, "log", "lane", "--json")).out) as { stage: string; head: boolean }[];
    expect(log.map((each) => [each.stage, each.head])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect((await ckpt(folder, "log", "lane")).out).toContain("head");
    expect((await ckpt(folder, "log")).out).toContain("lane");
    expect((await ckpt(folder, "show", "lane@b")).out).toContain("as changes against a");
    expect((await ckpt(folder, "diff", "lane@a", "lane@b")).out).toContain("setup");
    const page = JSON.parse((await ckpt(folder, "paths", "lane@a", "--limit", "2", "--json")).out) as {
      paths: unknown[];
      next: string;
    };
    expect(page.paths).toHaveLength(2);
    const rest = JSON.parse(
      (await ckpt(folder, "paths", "lane@a", "--limit", "100", "--cursor", page.next, "--json")).out,
    ) as { paths: unknown[]; next: null };
    const counts = JSON.parse((await ckpt(folder, "parse", "--count", report)).out) as { paths: number };
    expect(rest.paths.length + 2).toBe(counts.paths);
    const back = await ckpt(folder, "rollback", "lane", "--to", "a", "--reason", "r", "--actor", "ann");
    expect(back.out).toContain("rolled back to a");
    expect((await ckpt(folder, "replay", "lane", "--until", "5")).out).toContain("lane");
    expect((await ckpt(folder, "rebuild")).code).toBe(0);
    expect(JSON.parse((await ckpt(folder, "verify", "--json")).out)).toMatchObject({ ok: true });
    expect((await ckpt(folder, "watch", "--once", "--type", "HeadMoved")).out).toContain("by ann");
  });

  it("keeps a task's checkpoints", async () => {
    const folder = temporaryFolder();
    const made = JSON.parse((await ckpt(folder, "task", "create", "build", "--data", '{"seed":7}', "--json")).out) as {
      checkpointId: string;
    };
    await ckpt(folder, "task", "update", made.checkpointId, "--step", "2");
    await ckpt(folder, "task", "complete", made.checkpointId);
    expect((await ckpt(folder, "task", "fail", made.checkpointId, "--error", "x")).code).toBe(4);
    expect((await ckpt(folder, "task", "get", made.checkpointId)).out).toContain('"seed":7');
    expect((await ckpt(folder, "task", "list", "--state", "completed")).out).toContain(made.checkpointId);
  });

  it.each([
    [["cat", "d@none", "x"], 7, "there is no ledger"],
    [["frobnicate"], 2, "unknown command"],
    [["capture", "--stage", "s", "x"], 2, "--design"],
    [["capture", "--design", "d", "--stage", "s", "none.rpt"], 5, "there is no file none.rpt"],
    [["parse", "none.rpt"], 5, "there is no file none.rpt"],
    [["task", "create", "t", "--data", "{"], 2, "no JSON"],
  ])("refuses %j with a line of what and a line of what to do", async (args, code, message) => {
    const result = await ckpt(temporaryFolder(), ...args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(/^ckpt: /);
    expect(result.err).toContain(message);
    expect(result.err).not.toMatch(/\n\s+at /);
  });

  it.each([
    "init",
    "capture",
    "log",
    "show",
    "cat",
    "paths",
    "diff",
    "rollback",
    "verify",
    "rebuild",
    "replay",
    "watch",
    "serve",
    "parse",
    "task",
  ])("explains %s with examples", async (command) => {
    const { out, code } = await ckpt(temporaryFolder(), command, "--help");
    expect(code).toBe(0);
    if (command !== "task") expect(out).toContain("Examples:");
  });
});
