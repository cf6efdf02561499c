import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lastValueFrom, take, toArray } from "rxjs";
import { RecordStream } from "../../../src/opensta/stream/record-stream.js";
import type { ReportRecord, TimingPath } from "../../../src/opensta/report-records.js";
import type { OpenStaSession } from "../../../src/opensta/session/session.js";
import { formatTclList, parseTclList } from "../../../src/opensta/tcl-list.js";
import { StaError } from "../../../src/opensta/sta-error.js";
import { temporaryFolder } from "../../temporary-folder.js";
import { bare, design, liberty, notLive, setup } from "../live-tool.js";

async function all(records: AsyncIterable<ReportRecord>): Promise<ReportRecord[]> {
  const list: ReportRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

describe.skipIf(notLive !== null)("a session with the real tool", () => {
  it("tells output, result, warnings and errors apart", async () => {
    const session = await design();
    expect(session.version).toMatchObject({ tool: "sta", generation: 2 });
    expect(await session.run("puts printed; list a {b c}")).toEqual({
      output: "printed\n",
      result: "a {b c}",
      warnings: [],
    });
    const warned = await session.run("get_cells nosuch");
    expect(warned.output).toBe("");
    expect(warned.warnings).toMatchObject([{ level: "warning", text: "instance 'nosuch' not found." }]);
    const failed = await session.run("report_checks -to nosuch");
    expect(failed.warnings).toHaveLength(1);
    expect(failed.error).toBeInstanceOf(StaError);
    expect(failed.error!.message).toBe("report_checks command failed. no valid objects specified for -to.");
    expect((await session.run("report_worst_slack")).output).toBe("worst slack -1.64\n");
  });

  it.each([
    ["nosuch a b", 'invalid command name "nosuch"'],
    ["set_load", "set_load requires two positional arguments."],
    ['puts "open', 'missing "'],
    ["if {1} {", "missing close-brace"],
    ["puts [list a", "missing close-bracket"],
    ["break", 'invoked "break" outside of a loop'],
    ["puts }", null],
    ["# nothing", null],
    ["", null],
    ["puts one\n\n# between\nputs two", null],
  ])("answers %j and goes on", async (command, error) => {
    const session = await bare();
    const answer = await session.run(command, { wallMs: 10_000 });
    expect(answer.error?.message ?? null).toBe(error);
    expect((await session.run("expr 6*7")).result).toBe("42");
  });

  it("names file and line of an error in a script, which the tool itself runs past", async () => {
    const session = await bare();
    const file = scriptOf("set a 1\nnosuch\nset b 2\n");
    const { error } = await session.run(`source ${file}`);
    expect(error).toMatchObject({ code: "command-failed", file: "script.tcl", line: 2 });
    expect((await session.run("set b")).result).toBe("2");
    const { error: tcl } = await session.run(`interp create i; i eval {source ${file}}`);
    expect(tcl).toMatchObject({ file: "script.tcl", line: 2 });
    expect((await session.run("get_cells x")).error!.file).toBeNull();
  });

  it("is not misled by output that looks like its own frames, nor by text without a last newline", async () => {
    const session = await bare();
    const mark = "0".repeat(32);
    const text = `puts "\\n${mark} end ok 0 {} {} {}"; puts -nonewline "last ä€"`;
    expect((await session.run(text)).output).toBe(`\n${mark} end ok 0 {} {} {}\nlast ä€`);
  });

  it("runs commands in the order they were given, and refuses more than may wait", async () => {
    const session = await bare({ waitingMax: 2 });
    const given = [1, 2, 3, 4].map((n) => session.run(`lappend order ${n}`));
    const refused = await Promise.allSettled(given);
    expect(refused.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
    expect(refused[3]).toMatchObject({ reason: { code: "queue-full" } });
    expect((await session.run("set order")).result).toBe("1 2 3");
  });

  it("cancels a command that waits without running it", async () => {
    const session = await bare();
    const abort = new AbortController();
    const first = session.run("after 200");
    const second = session.run("set ran 1", { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    await first;
    expect((await session.run("info exists ran")).result).toBe("0");
  });

  it("refuses an output that is too long, names the cure, and has run the command", async () => {
    const session = await bare({ outputBytesMax: 1000 });
    const long = "set ran 1; for {set i 0} {$i < 1000} {incr i} {puts $i}";
    await expect(session.run(long)).rejects.toMatchObject({
      code: "output-too-large",
      cure: expect.stringContaining("streamCommand") as string,
    });
    await expect(session.run("string repeat x 2000")).rejects.toMatchObject({ code: "output-too-large" });
    expect((await session.run("set ran")).result).toBe("1");
  });

  it("writes lists that the tool reads back, and reads those that it writes", async () => {
    const session = await bare();
    const elements = [
      "",
      "a b",
      "q[0]",
      "$x",
      "{",
      "}",
      "\\",
      'say "x"',
      "#c",
      "~",
      "é€😀",
      "a\nb",
      "end\\",
      "{*}x",
      ";",
    ];
    for (const element of elements)
      expect((await session.run(`lindex [list ${formatTclList([element])}] 0`)).result).toBe(element);
    const { result } = await session.run(`list ${formatTclList(elements)}`);
    expect(parseTclList(result)).toEqual(elements);
  });

  it("separates what was printed by commands that themselves print into files", async () => {
    const session = await design();
    expect((await session.run("report_worst_slack > /dev/null; puts after")).output).toBe("after\n");
  });
});

describe.skipIf(notLive !== null)("queries of the real tool", () => {
  it("give clocks, slacks, endpoints, cones and constraints", async () => {
    const session = await design();
    expect(await session.clocks()).toEqual([
      { name: "clk_a", period: 4, sources: ["clk_a"], generated: false, propagated: false },
      { name: "clk_b", period: 5.3, sources: ["clk_b"], generated: false, propagated: false },
      { name: "clk_d", period: 8, sources: ["u_div_buf/Y"], generated: true, propagated: false },
      { name: "vio", period: 6, sources: [], generated: false, propagated: false },
    ]);
    expect(await session.worstSlack("max")).toBeCloseTo(-1.64, 2);
    expect(await session.endpoints()).toContain("q[63]");
    const starts = await session.fanin("_7913_/D", { flat: true, startpointsOnly: true });
    expect(starts).toContain("b[1]");
    expect(starts.every((pin) => pin.endsWith("/CLK") || !pin.includes("/"))).toBe(true);
    const near = await session.fanin("_7913_/D", { flat: true, onlyCells: true, levels: 1 });
    expect(near.length).toBeGreaterThan(0);
    expect(near.length).toBeLessThan((await session.fanin("_7913_/D", { flat: true, onlyCells: true })).length);
    expect(await session.fanout("b[1]", { flat: true, startpointsOnly: true })).toContain("_7913_/D");
    expect(await session.writeSdc()).toContain("create_clock -name clk_a -period 4.0000");
    expect(session.transcript.slice(4).every(({ changesState }) => !changesState)).toBe(true);
  });

  it("give endpoint slacks, their histogram, arcs and pins, which agree with each other and with the reports", async () => {
    const session = await design();
    const slacks = await session.endpointSlacks("max");
    const worst = Math.min(...[...slacks.values()].map(({ units, digits }) => units / 10 ** digits));
    expect(worst).toBeCloseTo((await session.worstSlack("max"))!, 2);
    const histogram = await session.histogram("max", 4);
    expect(histogram.bins.reduce((sum, { count }) => sum + count, 0)).toBe(slacks.size);
    const pin = [...slacks.keys()].find((name) => name.includes("/"));
    const rows = [];
    for await (const record of session.streamPins()) if (record.kind === "pin-row") rows.push(record);
    const own = rows.find((row) => row.pin === pin)!;
    const figures = [own.values["slack_max_rise"], own.values["slack_max_fall"]].flatMap((value) =>
      value !== null && typeof value === "object" ? [value.units / 10 ** value.digits] : [],
    );
    const { units, digits } = slacks.get(pin!)!;
    expect(Math.min(...figures)).toBeCloseTo(units / 10 ** digits, 6);
    const arcs = [];
    for await (const record of session.streamEdges({ to: pin! })) arcs.push(record);
    expect(arcs.some((record) => record.kind === "timing-arc")).toBe(true);
    await expect(session.streamEdges({}).next()).rejects.toThrow("needs a pin");
  });

  it("of paths hand a filter to the tool, which then prints less", async () => {
    const session = await design();
    const whole = [];
    for await (const record of session.streamReportChecks({ endpoints: 1000 }))
      if (record.kind === "path") whole.push(record);
    const slacks = whole.map(({ slack }) => slack as number).toSorted((one, other) => one - other);
    const slackMax = slacks[Math.floor(slacks.length / 2)]!;
    const some = [];
    for await (const record of session.streamReportChecks({ endpoints: 1000 }, { filter: { slackMax } }))
      if (record.kind === "path") some.push(record);
    expect(some.map(({ slack }) => slack as number).toSorted((one, other) => one - other)).toEqual(
      slacks.filter((slack) => slack <= slackMax),
    );
    expect(session.transcript.at(-1)!.command).toContain("-slack_max");
  });

  it("refuse names that are not there, and never run what is in a name", async () => {
    const session = await design();
    await expect(session.fanin("nosuch/D")).rejects.toMatchObject({ code: "invalid-request" });
    const evil = "[set ran 1]; set ran 1";
    await expect(session.fanin(evil)).rejects.toMatchObject({ code: "invalid-request" });
    await expect(all(session.streamReportChecks({ to: evil }))).rejects.toMatchObject({ code: "command-failed" });
    expect((await session.run("info exists ran")).result).toBe("0");
    expect(await session.fanin("q[63]", { flat: true, startpointsOnly: true })).not.toHaveLength(0);
  });

  it("of paths yield parsed records, by group, limits and names of either version", async () => {
    const session = await design();
    const group = await all(session.streamReportChecks({ group: "asynchronous", endpoints: 5, pathDelay: "max" }));
    const paths = group.filter((record): record is TimingPath => record.kind === "path");
    expect(paths).toHaveLength(5);
    expect(new Set(paths.map((path) => path.group))).toEqual(new Set(["**async_default**"]));
    expect(paths[0]!.slack).toBe(await rounded(session));
    const violating = await all(session.streamReportChecks({ endpoints: 10_000, slackThreshold: 0, format: "end" }));
    expect(violating.length).toBeGreaterThan(10);
    expect(violating.every((row) => row.kind === "endpoint" && (row.slack as { units: number }).units <= 0)).toBe(true);
    const through = await all(
      session.streamReportChecks({
        from: "b[1]",
        through: ["_4731_/Y"],
        to: ["_7913_/D"],
        fields: ["slew"],
        digits: 4,
      }),
    );
    expect(through).toMatchObject([{ kind: "path", startpoint: "b[1]", endpoint: "_7913_", digits: 4 }]);
    await expect(all(session.streamReportChecks({ group: "nosuch" }))).rejects.toMatchObject({
      code: "invalid-request",
    });
    await expect(all(session.streamReportChecks({ format: "json" }))).rejects.toMatchObject({
      code: "invalid-request",
    });
  });

  it("of paths name the corner where there are several", async () => {
    const session = await bare();
    for (const command of [
      "define_corners fast slow",
      `read_liberty -corner fast ${liberty}`,
      `read_liberty -corner slow ${slowLiberty()}`,
    ])
      expect((await session.run(command)).error).toBeUndefined();
    for (const command of setup.slice(1)) await session.run(command);
    const slacks: number[] = [];
    for (const corner of ["fast", "slow"]) {
      const paths = await all(session.streamReportChecks({ corner, group: "clk_a" }));
      expect(paths).toMatchObject([{ kind: "path", corner }]);
      slacks.push((paths[0] as TimingPath).slack as number);
    }
    expect(slacks[1]).toBeLessThan(slacks[0]!);
    expect(await session.worstSlack("max")).toBeLessThan(-1.64);
    await expect(all(session.streamReportChecks({ corner: "typical" }))).rejects.toMatchObject({
      code: "command-failed",
      message: expect.stringContaining("typical") as string,
    });
  });

  it("are an Observable that is left when its subscriber has enough", async () => {
    const session = await design();
    const source = session.streamCommand("report_checks -group_count 2000 -endpoint_count 5");
    const first = await lastValueFrom(
      new RecordStream(source).observe((records) => [...records]).pipe(take(3), toArray()),
    );
    expect(first.map(({ kind }) => kind)).toEqual(["path", "path", "path"]);
    expect((await session.run("report_worst_slack")).output).toBe("worst slack -1.64\n");
    expect(session.state).toBe("ready");
  });
});

describe.skipIf(notLive !== null)("changes of the design", () => {
  it("are timed anew in the same session, and written down", async () => {
    const session = await design();
    const before = (await session.worstSlack("max"))!;
    const slackOf = async () => {
      const [path] = await all(session.streamReportChecks({ to: "_7913_/D", digits: 4 }));
      return (path as TimingPath).slack as number;
    };
    const slack = await slackOf();
    expect((await session.run("replace_cell _5034_ NAND3X1")).error).toBeUndefined();
    await session.run("set_load -pin_load 2 [get_ports {q[0]}]");
    expect((await session.run("replace_cell _4731_ XNOR2X1")).error).toBeUndefined();
    await session.run("set_clock_uncertainty -setup 0.5 [get_clocks clk_a]");
    expect(await slackOf()).toBeLessThan(slack);
    await session.run("set_clock_uncertainty -from clk_a -to clk_b -setup 0.8");
    const after = (await session.worstSlack("max"))!;
    expect(after).toBeCloseTo(before - 0.5, 4);
    const changes = session.transcript.filter(({ changesState }) => changesState);
    expect(changes).toHaveLength(4 + 5);
    expect(changes.at(-1)).toMatchObject({ command: expect.stringContaining("0.8") as string, outcome: "ok" });
  });
});

async function rounded(session: OpenStaSession): Promise<number> {
  return Number((await session.run("report_worst_slack")).output.split(" ")[2]);
}

/** The same cells with delays one and a half times as long. */
function slowLiberty(): string {
  const delays = /(?:cell_(?:rise|fall))\s*\([^)]*\)\s*\{[^}]*\}/g;
  const text = readFileSync(liberty, "utf8").replaceAll(delays, (table) => {
    const [head = "", values = ""] = table.split(/(?=values)/);
    return head + values.replaceAll(/-?\d+\.\d+/g, (delay) => (Number(delay) * 1.5).toFixed(6));
  });
  const file = join(temporaryFolder(), "slow.lib");
  writeFileSync(file, text.replace(/library\s*\(\s*\w+\s*\)/, "library (slow)"));
  return file;
}

function scriptOf(text: string): string {
  const file = join(temporaryFolder(), "script.tcl");
  writeFileSync(file, text);
  return file;
}
