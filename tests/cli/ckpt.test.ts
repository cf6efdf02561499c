import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { noise } from "../ledger/made-stages.js";
import { temporaryFolder } from "../temporary-folder.js";
import { openLedger } from "../../src/open-ledger.js";
import type { StoredEvent } from "../../src/store/event-store.js";
import { appendAs } from "../ledger/append-as.js";
import { bin, ckpt, ckptWithInput } from "./built-ckpt.js";

const reports = join(import.meta.dirname, "..", "data", "reports");

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

  it("tells what went wrong on stdout too where --json asks for it, and in words on stderr", async () => {
    const folder = temporaryFolder();
    await ckpt(folder, "init");
    const { out, err, code } = await ckpt(folder, "show", "d@s", "--json");
    expect(code).toBe(3);
    const { error } = JSON.parse(out) as { error: { message: string; cure: string; exitCode: number } };
    expect(error.exitCode).toBe(3);
    expect(err).toContain(error.message);
    expect(err).toContain(error.cure);
    expect((await ckpt(folder, "show", "d@s")).out).toBe("");
    const wrong = await ckpt(folder, "log", "--bogus", "--json");
    expect(JSON.parse(wrong.out)).toMatchObject({
      error: { exitCode: 2, message: expect.stringContaining("--bogus") },
    });
  });

  it("makes read models anew for the users that may use the ledger", async () => {
    const folder = temporaryFolder();
    await ckpt(folder, "task", "create", "a");
    chmodSync(join(folder, "ledger.db"), 0o660);
    rmSync(join(folder, "ledger.db-read-models"));
    expect((await ckpt(folder, "task", "list")).out).toContain("a");
    expect(statSync(join(folder, "ledger.db-read-models")).mode & 0o777).toBe(0o660);
  });

  it("captures no file that lies outside of its root, nor the root itself", async () => {
    const folder = temporaryFolder();
    const report = join(folder, "max.rpt");
    writeFileSync(report, "a line\n");
    const capture = async (root: string) =>
      await ckpt(folder, "capture", "--design", "d", "--stage", "s", "--root", root, report);
    for (const root of [report, join(folder, "reports")]) {
      const { code, err } = await capture(root);
      expect(code).toBe(2);
      expect(err).toContain(`max.rpt lies outside of --root ${root}`);
    }
    expect(await capture(folder)).toMatchObject({ code: 0 });
  });

  it("parses -format json in the unit that it is asked for", async () => {
    const report = join(reports, "3.1.0-odd_two.rpt");
    const slackOf = async (...args: string[]) => {
      const { out } = await ckpt(temporaryFolder(), "parse", report, ...args);
      return (JSON.parse(out.split("\n")[0]!) as { slack: number }).slack;
    };
    const printed = Number(/"slack": (\S+)/.exec(readFileSync(report, "utf8"))![1]);
    expect(await slackOf()).toBeCloseTo(printed * 1e9, 9);
    expect(await slackOf("--time-unit", "1ps")).toBeCloseTo(printed * 1e12, 6);
  });

  it("parses only the paths that are asked for, and keeps pages of them", async () => {
    const folder = temporaryFolder();
    const report = join(reports, "3.1.0-fields_all.rpt");
    const slacks = async (...args: string[]) =>
      (await ckpt(folder, "parse", report, ...args)).out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { kind: string; slack: number })
        .filter(({ kind }) => kind === "path")
        .map(({ slack }) => slack);
    const all = await slacks();
    const bound = all.toSorted((one, other) => one - other)[2]!;
    expect(await slacks("--slack-max", String(bound))).toEqual(all.filter((slack) => slack <= bound));
    const made = JSON.parse((await ckpt(folder, "parse", report, "--pages")).out) as { cursor: string };
    const page = JSON.parse((await ckpt(folder, "page", made.cursor, "--limit", "3", "--json")).out) as {
      records: { slack: number }[];
      next: string;
    };
    expect(page.records.map(({ slack }) => slack)).toEqual(all.slice(0, 3));
    const { out, err } = await ckpt(folder, "page", page.next, "--limit", "2");
    expect(
      out
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { slack: number }).slack),
    ).toEqual(all.slice(3, 5));
    expect(err).toContain("previous: ckpt page");
    expect(await ckpt(folder, "page", "junk")).toMatchObject({ code: 3 });
    expect(await ckpt(folder, "parse", report, "--region", "0,0,1,1")).toMatchObject({ code: 2 });
  });

  it.each(["ignore", "pipe"] as const)("reads an empty standard input that is %s", (stdin) => {
    const run = spawnSync(process.execPath, [bin, "parse", "--count", "-"], { stdio: [stdin, "pipe", "pipe"] });
    expect(run.stderr.toString()).toBe("");
    expect(JSON.parse(run.stdout.toString())).toMatchObject({ paths: 0, worstSlack: null });
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

  it("watches by design and state, says where to go on, and shares the events of a group", async () => {
    const folder = temporaryFolder();
    for (const task of ["a", "b"]) await ckpt(folder, "task", "create", task);
    const lines = (await ckpt(folder, "watch", "--once", "--json", "--state", "created")).out.trim().split("\n");
    const [first] = lines.map((line) => JSON.parse(line) as { event: number; position: string });
    expect(lines).toHaveLength(2);
    const { out } = await ckpt(folder, "watch", "--once", "--json", "--from", first!.position);
    expect(JSON.parse(out)).toMatchObject({ event: first!.event + 1, type: "CheckpointCreated" });
    const interrupted = async (...args: string[]) =>
      await ckptWithInput({ folder, input: null, interruptAfterMs: 1500 }, "watch", "--json", ...args);
    const shared = (await interrupted("--group", "mail", "--state", "created")).out.trim().split("\n");
    expect(shared.map((line) => (JSON.parse(line) as { event: number }).event)).toEqual([2, 3]);
    expect((await interrupted("--group", "mail", "--state", "created")).out).toBe("");
    expect((await interrupted("--from", "end")).err).toMatch(/^ckpt: caught up; --from \d+ goes on here\n$/);
  });

  it.skipIf(!existsSync("/dev/full"))("gives an event of a group again whose line could not be written", async () => {
    const folder = temporaryFolder();
    await ckpt(folder, "task", "create", "a");
    const full = openSync("/dev/full", "w");
    const env = { ...process.env, CKPT_STORE: `sqlite:${join(folder, "ledger.db")}` };
    const group = ["watch", "--group", "mail", "--state", "created", "--json"];
    const { status, stderr } = spawnSync(process.execPath, [bin, ...group], { env, stdio: ["ignore", full, "pipe"] });
    expect(status).not.toBe(0);
    expect(stderr.toString()).toContain("cannot be written");
    const report = join(reports, "3.1.0-fields_all.rpt");
    const parsed = spawnSync(process.execPath, [bin, "parse", report], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect(parsed.status).not.toBe(0);
    expect(parsed.stderr.toString().match(/cannot be written/g)).toHaveLength(1);
    const again = await ckptWithInput({ folder, input: null, interruptAfterMs: 1500 }, ...group);
    expect(JSON.parse(again.out)).toMatchObject({ event: 2 });
  });

  it("compacts a design: tells it before, does it, and has nothing more to do", async () => {
    const folder = temporaryFolder();
    const [one, other] = ["one", "other"].map((seed) => noise(40_000, seed.length));
    for (const [stage, text] of [
      ["a", one!],
      ["b", other!],
      ["c", `${other!.toString()}again\n`],
    ] as const) {
      if (stage === "c") await ckpt(folder, "rollback", "d", "--to", "a", "--reason", "r");
      writeFileSync(join(folder, "top.v"), text);
      await ckpt(folder, "capture", "--design", "d", "--stage", stage, join(folder, "top.v"));
    }
    const told = JSON.parse((await ckpt(folder, "compact", "d", "--dry-run", "--json")).out) as { totals: unknown };
    expect(told).toMatchObject({ dryRun: true, totals: { rewritten: 1, erasedBytes: 0 } });
    const { out, code } = await ckpt(folder, "compact");
    expect(code).toBe(0);
    expect(out).toContain("wrote 1 of 3 stages anew");
    expect(out).toMatch(/^d@c .* a +b /m);
    expect((await ckpt(folder, "cat", "d@c", "top.v")).out).toBe(`${other!.toString()}again\n`);
    expect((await ckpt(folder, "verify")).code).toBe(0);
    expect(JSON.parse((await ckpt(folder, "compact", "--json")).out)).toMatchObject({ totals: { rewritten: 0 } });
    expect(await ckpt(folder, "compact", "none")).toMatchObject({ code: 3 });
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
    [["parse", "none.rpt", "--time-unit", "1pF"], 2, '"1pF" is no unit of time; say for example 1ns'],
    [["task", "create", "t", "--data", "{"], 2, "no JSON"],
    [["capture", "--design", "d", "--stage", "s"], 2, "nothing to capture"],
    [["capture", "--design", "d", "--stage", "s", "--sta", "none.tcl"], 5, "there is no file none.tcl"],
    [["capture", "--design", "d", "--stage", "s", "--key", "zz", "x"], 2, "UUID"],
    [["capture", "--design", "d", "--stage", "s", "--unit", "furlong", "x"], 2, "1ns"],
    [["capture", "--design", "d", "--stage", "s", "/tmp"], 5, "/tmp is a folder"],
    [["watch", "--after", "abc"], 2, "whole number"],
    [["watch", "--group", "g", "--once"], 2, "does not end"],
    [["watch", "--retry-parked"], 2, "--group"],
    [["diff", "d@a", "d@b", "--limit", "-1"], 2, "whole number"],
    [["paths", "d@a", "--slack-max", ""], 2, "number"],
    [["verify", "--expect-head", "junk"], 2, "hexadecimal"],
    [["replay", "--until", "0"], 2, "whole number"],
    [["task", "list", "--limit", "0"], 2, "whole number"],
    [["log", "--store", ""], 2, "empty"],
    [["init", "--store", "sqlite:/proc/none/ledger.db"], 7, "cannot make the folder"],
  ])("refuses %j with a line of what and a line of what to do", async (args, code, message) => {
    const result = await ckpt(temporaryFolder(), ...args);
    expect(result.code).toBe(code);
    expect(result.err).toMatch(/^ckpt: /);
    expect(result.err).toContain(message);
    expect(result.err).not.toMatch(/\n\s+at /);
  });

  it("lists the endpoints of a comparison when asked, one group alone when asked", async () => {
    const folder = temporaryFolder();
    const end = (slacks: Record<string, string>) =>
      `max_delay/setup group clk\n\n                 Required    Actual\nEndpoint            Delay     Delay     Slack\n${"-".repeat(50)}\n${Object.entries(
        slacks,
      )
        .map(([pin, slack]) => `${pin} (DFF)   1.00   1.00   ${slack} (MET)\n`)
        .join("")}\n`;
    for (const [stage, slacks] of [
      ["a", { "x/D": "0.50", "y/D": "-0.20", "z/D": "0.10" }],
      ["b", { "x/D": "-0.10", "y/D": "0.20", "w/D": "0.30" }],
    ] as const) {
      writeFileSync(join(folder, "end.rpt"), end(slacks));
      expect((await ckpt(folder, "capture", "--design", "d", "--stage", stage, join(folder, "end.rpt"))).code).toBe(0);
    }
    const all = await ckpt(folder, "diff", "d@a", "d@b", "--all", "--json");
    expect((JSON.parse(all.out) as { types: { endpoints: unknown }[] }).types[0]!.endpoints).toEqual([
      { endpoint: "x/D", change: "worse", crossed: "began to violate", before: 0.5, after: -0.1 },
      { endpoint: "z/D", change: "not observed", crossed: null, before: 0.1, after: null },
      { endpoint: "w/D", change: "appeared", crossed: null, before: null, after: 0.3 },
      { endpoint: "y/D", change: "better", crossed: "mended", before: -0.2, after: 0.2 },
    ]);
    expect((await ckpt(folder, "diff", "d@a", "d@b", "--crossed")).out).not.toContain("z/D");
    expect((await ckpt(folder, "diff", "d@a", "d@b", "--group", "clk")).out).not.toMatch(/^all /m);
    expect(await ckpt(folder, "diff", "d@a", "d@b", "--group", "zzz")).toMatchObject({ code: 3 });
  });

  it("shows control characters as escapes, and keeps tables in line", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a"), "text\n");
    await ckpt(folder, "capture", "--design", "d", "--stage", "s", "--actor", "e\u001b[31m\nf", join(folder, "a"));
    const { out } = await ckpt(folder, "log", "d");
    expect(out).toContain("e\\x1b[31m\\nf");
    expect(out).not.toContain("\u001b");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("a capture that %s ends commits nothing, says so, and ends with %i", async (signal, code) => {
    const folder = temporaryFolder();
    const store = join(folder, "ledger.db");
    const line = ["capture", "--design", "d", "--stage", "s"];
    // Standard input stays open, and silent.
    const signalled = { signal, once: () => existsSync(store) };
    const ended = await ckptWithInput({ folder, input: null, signalled }, ...line, "-");
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toContain(`interrupted by ${signal}: nothing was committed`);
    expect(ended.err).toContain("Run the same command again");
    const ledger = await openLedger(`sqlite:${store}`);
    const events: StoredEvent[] = [];
    for await (const event of ledger.store.readAll()) events.push(event);
    await ledger.close();
    expect(events.map(({ type }) => type)).not.toContain("StageCommitted");
    const last = events.at(-1)!;
    expect(last.type).toBe("CheckpointFailed");
    expect(last.data).toContain(`"message":"interrupted by ${signal}"`);
    const again = await ckptWithInput({ folder, input: "wns -1.64\n" }, ...line, "-");
    expect(again).toMatchObject({ code: 0, err: "" });
  });

  it("names the place where a report is cut, and what is kept of it", async () => {
    const folder = temporaryFolder();
    const whole = readFileSync(join(reports, "3.1.0-unconstrained.rpt"));
    const text = Buffer.concat([readFileSync(join(reports, "3.1.0-fields_all.rpt")), whole]);
    const cut = text.subarray(0, text.lastIndexOf("data arrival time") - 3);
    writeFileSync(join(folder, "cut.rpt"), cut);
    const { err, code } = await ckpt(folder, "capture", "--design", "d", "--stage", "s", join(folder, "cut.rpt"));
    expect(code).toBe(0);
    expect(err).toContain(`at byte ${cut.length} (line ${cut.toString().split("\n").length}) the record ends here`);
    expect(err).toMatch(/\d+ whole paths and the cut text are kept/);
  });

  it("shows how far read models are, and the events that they could not take", async () => {
    const folder = temporaryFolder();
    const made = JSON.parse((await ckpt(folder, "task", "create", "build", "--json")).out) as { checkpointId: string };
    const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`);
    await appendAs(ledger, made.checkpointId, "CheckpointProgressed", 99);
    await ledger.close();
    expect((await ckpt(folder, "projections")).out).toMatch(/checkpoints +[12] +[12] +\d+\.\d s +0/);
    await ckpt(folder, "task", "list");
    const told = await ckpt(folder, "projections");
    expect(told.out).toMatch(/checkpoints +3 +0 +0\.0 s +1/);
    expect(told.out).toContain("is parked in checkpoints, tried once: event CheckpointProgressed: version 99");
    const again = await ckpt(folder, "projections", "--retry", "--json");
    expect(again.err).toContain("parked events taken: 0, still parked: 4");
    expect(JSON.parse(again.out)).toMatchObject({
      number: 3,
      readModels: [{ name: "checkpoints", lagEvents: 0, lagSeconds: 0, parked: 1, stopped: false }, {}, {}, {}, {}],
      parked: [{ number: 3, attempts: 2, projection: "checkpoints" }, {}, {}, {}],
    });
    expect(JSON.parse((await ckpt(folder, "verify", "--json")).out)).toMatchObject({ ok: true, parked: 4 });
    expect((await ckpt(folder, "rebuild")).out).toContain("parked by checkpoints: 1;");
    expect((await ckpt(folder, "watch", "--once")).err).toContain("Use a newer ckpt.");
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
    "compact",
    "verify",
    "rebuild",
    "projections",
    "replay",
    "watch",
    "serve",
    "parse",
    "page",
    "sta",
    "task",
  ])("explains %s with examples", async (command) => {
    const { out, code } = await ckpt(temporaryFolder(), command, "--help");
    expect(code).toBe(0);
    if (command !== "task") expect(out).toContain("Examples:");
  });
});
