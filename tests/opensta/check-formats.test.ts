import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toNumber } from "../../src/opensta/printed-number.js";
import type { PrintedFigure } from "../../src/opensta/records/printed.js";
import { furtherReports, type Kind, ofKind, read, report, reports } from "./read-report.js";

const plain = (figure: PrintedFigure | null) =>
  figure === null || typeof figure === "string" ? figure : toNumber(figure.units, figure.digits);

/** How many rows each kind has, counted by patterns over the whole text. */
function countRows(text: string): Partial<Record<Kind, number>> {
  const matches = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const tableRows = (heading: RegExp) =>
    text
      .split("\n\n")
      .map((block) => block.replace(/^(?:Warning.*\n|#.*\n|--uncon\n|OpenSTA>.*\n)+/, "").split("\n"))
      .filter((lines) => heading.test(lines.slice(0, 2).join("\n")) && !lines.some((line) => line.startsWith("No ")))
      .reduce((sum, lines) => sum + lines.length - (lines.findIndex((line) => line.startsWith("---")) + 1), 0);
  return {
    endpoint: tableRows(/^ +Required +Actual\nEndpoint/),
    summary: matches(/^\S+ \(\S*\) +\S+ \(\S*\) +-?[\d.]+$/gm),
    "group-slack": tableRows(/^Group +Slack/),
    check: matches(/^ {2}"type": /gm),
    "latch-borrow": matches(/^Time Borrowing Information$/gm),
    "no-paths": matches(/^No paths found\.$/gm) + matches(/^\{"checks": \[\n\]\n\}/gm),
  };
}

async function countsOf(text: Buffer): Promise<Partial<Record<Kind, number>>> {
  const { records } = await read(text);
  const kinds = Object.keys(countRows("")) as Kind[];
  return Object.fromEntries(kinds.map((kind) => [kind, ofKind(records, kind).length]));
}

describe("rows of real reports", () => {
  it.each(reports)("reads as many of each kind from %s as patterns find", async (_, bytes) => {
    expect(await countsOf(bytes)).toEqual(countRows(bytes.toString()));
  });

  const further = furtherReports();
  it.skipIf(further.length === 0)("reads as many from all further reports", async () => {
    for (const path of further) {
      const bytes = readFileSync(path);
      expect({ path, ...(await countsOf(bytes)) }).toEqual({ path, ...countRows(bytes.toString()) });
    }
  });
});

describe("-format summary", () => {
  it.each(["2.0.17", "3.1.0"])("reads names that push the columns, from %s", async (version) => {
    const { records, notes } = await read(report(`${version}-odd_summary.rpt`));
    expect(notes).toEqual([]);
    expect(records).toHaveLength(12);
    expect(records[0]).toMatchObject({
      kind: "summary",
      startpoint: "in[0]",
      startpointCell: "input",
      endpoint: expect.stringMatching(/^a_very_long_\w+_0001\/D$/),
      endpointCell: "DFFPOSX1",
      slack: { units: -13, digits: 2 },
    });
    expect(records[2]).toMatchObject({ startpoint: "hier[0].sub/reg/with.slash[3]/Q", startpointCell: "DFFPOSX1" });
    expect(records[3]).toMatchObject({ startpoint: "end{point}#1/Q", slack: { units: 19, digits: 2 } });
  });

  it("tells the same of both versions but for what they found", async () => {
    const rows = async (version: string) =>
      ofKind((await read(report(`${version}-odd_summary.rpt`))).records, "summary").map(
        ({ byteOffset: _, line: __, ...row }) => row,
      );
    const [older, newer] = [await rows("2.0.17"), await rows("3.1.0")];
    const different = older.flatMap((row, at) => (JSON.stringify(row) === JSON.stringify(newer[at]) ? [] : [at]));
    expect(different).toEqual([4]);
  });

  it("takes no line for a row that is narrower than the table", async () => {
    const heading = report("3.1.0-odd_summary.rpt").toString().split("\n").slice(0, 2).join("\n");
    const { records } = await read(`${heading}\na (b) c (d) 1.00\n`);
    expect(ofKind(records, "summary")).toEqual([]);
  });
});

describe("-format slack_only", () => {
  it("reads groups with spaces", async () => {
    const { records } = await read(report("3.1.0-odd_slack_only.rpt"));
    expect(records.map((record) => record.kind === "group-slack" && [record.group, plain(record.slack)])).toEqual(
      [-0.13, 0.17, 0.17, 0.19, 0.62, 0.63, 1.19, 1.19, 1.54, 1.54, 1.58, 1.88].map((slack) => ["clk main", slack]),
    );
    const types = ofKind((await read(report("3.1.0-types_slack.rpt"))).records, "group-slack");
    expect(types[2]).toMatchObject({ group: "gated clock", slack: { units: 2, digits: 2 } });
  });

  it("reads 2.0.17's table inside report_check_types, and none of the tables after it", async () => {
    const rows = ofKind((await read(report("2.0.17-types_slack.rpt"))).records, "group-slack");
    expect(rows).toHaveLength(12);
    expect(rows[1]).toMatchObject({ group: "**async_default**", slack: { units: -259, digits: 2 } });
  });

  it("takes no line that only ends in a number for a row", async () => {
    const text = report("3.1.0-odd_slack_only.rpt").toString();
    const { records } = await read(`${text}a line that is about as wide as the table  1.00\nPin     0.50\n`);
    expect(ofKind(records, "group-slack")).toHaveLength(12);
  });

  it("reads groups that are wider than their column", async () => {
    const text = report("3.1.0-odd_slack_only.rpt").toString().split("\n").slice(0, 2).join("\n");
    const group = "a_group_whose_name_is_wider_than_its_column";
    const { records } = await read(`${text}\n${group}    1.25\n`);
    expect(records).toMatchObject([{ kind: "group-slack", group, slack: { units: 125, digits: 2 } }]);
  });
});

describe("-format end", () => {
  it.each(["2.0.17", "3.1.0"])("reads odd names, both path types and groups with spaces, from %s", async (version) => {
    const { records, notes } = await read(report(`${version}-odd_end.rpt`));
    expect(notes).toEqual([]);
    const rows = ofKind(records, "endpoint");
    expect(rows).toHaveLength(12);
    expect(rows[1]).toMatchObject({ pin: "end{point}#1/D", cell: "DFFPOSX1", group: "clk main", type: "min" });
    expect(rows.map((row) => row.met)).toEqual(rows.map((row) => (plain(row.slack) as number) >= 0));
    expect(new Set(rows.map((row) => row.type))).toEqual(new Set(["min", "max"]));
  });

  it.each([
    ["2.0.17", "(none)"],
    ["3.1.0", "unconstrained"],
  ])("reads the INF of unconstrained endpoints, from %s", async (version, group) => {
    const rows = ofKind((await read(report(`${version}-odd_unconstrained.rpt`))).records, "endpoint");
    expect(rows).toMatchObject([
      { pin: "o2", cell: "output", group, required: "INF", actual: { units: 26 }, slack: "INF", met: true },
    ]);
  });

  it("reads the -INF of unconstrained hold endpoints", async () => {
    const text = "min_delay/hold group unconstrained\n\nEndpoint   Delay   Delay   Slack\n----\n";
    const { records } = await read(`${text}o2 (output)      -INF  1.0666     INF (MET)\n`);
    expect(records).toMatchObject([{ kind: "endpoint", type: "min", required: "-INF", slack: "INF" }]);
  });
});

describe("-format json", () => {
  const text = report("3.1.0-odd_json.rpt").toString();

  it("reads what no JSON parser reads: quotes in names", async () => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    const checks = ofKind((await read(text)).records, "check");
    const names = checks.flatMap((check) => check.sourcePath.map((point) => point.instance));
    expect(names).toContain('and"quote"');
    const pins = checks.flatMap((check) => [...check.sourceClockPath, ...check.sourcePath, ...check.targetClockPath]);
    expect(pins.map((point) => point.pin)).toEqual([...text.matchAll(/"pin": "(.*)",$/gm)].map((match) => match[1]));
  });

  it("moves the decimal point from seconds and farads, and rounds nothing", async () => {
    const printed = [...text.matchAll(/^ {2}"slack": (\S+)$/gm)].map((match) => Number(match[1]));
    for (const [timeUnit, scale] of [
      ["1ns", 1e9],
      ["10ps", 1e11],
      ["1s", 1],
    ] as const) {
      const checks = ofKind((await read(text, [], { timeUnit })).records, "check");
      const slacks = checks.map((check) => plain(check.slack) as number);
      expect(slacks).toHaveLength(12);
      for (const [at, slack] of slacks.entries()) expect(slack / (printed[at]! * scale)).toBeCloseTo(1, 12);
    }
    const [check] = ofKind((await read(report("3.1.0-odd_two.rpt"), [], { capacitanceUnit: "1fF" })).records, "check");
    expect(plain(check!.sourceClockPath[0]!.capacitance)).toBe(37.39);
  });

  it("refuses a unit that is none, and says what one is", async () => {
    await expect(read(text, [], { timeUnit: "fortnight" })).rejects.toThrow('"fortnight" is no unit of time; say');
    await expect(read(text, [], { timeUnit: "1pF" })).rejects.toThrow(RangeError);
  });

  it("keeps every field of a check", async () => {
    const [first] = ofKind((await read(report("3.1.0-odd_two.rpt"))).records, "check");
    expect(first).toMatchObject({
      type: "output_delay",
      group: "clk main",
      pathType: "max",
      endpoint: "o1",
      sourceClock: "clk main",
      sourceClockEdge: "rise",
      targetClock: "clk main",
      multiCyclePath: null,
      pathDelay: null,
      byteOffset: 13,
      line: 2,
    });
    expect(first!.sourceClockPath[0]).toEqual({
      pin: "clk",
      instance: null,
      cell: "odd",
      net: null,
      hierPins: [],
      source: null,
      arrival: { units: 0, digits: 3 },
      slew: { units: 0, digits: 3 },
      capacitance: { units: 3739, digits: 5 },
    });
    expect(first!.sourcePath[0]!.hierPins).toHaveLength(1);
  });

  it("has no slack for an unconstrained check", async () => {
    const [check] = ofKind((await read(report("3.1.0-odd_unconstrained.rpt"))).records, "check");
    expect(check).toMatchObject({ type: "unconstrained", slack: null, required: null, targetClock: null });
  });

  it("tells a check that was cut, with its place, and reads the next", async () => {
    const second = text.indexOf("{\n", text.indexOf("},\n{") + 1);
    const cut = `${text.slice(0, second - 400)}\n${text.slice(second)}`;
    const { records, notes } = await read(cut);
    expect(ofKind(records, "check")).toHaveLength(11);
    expect(notes).toMatchObject([{ code: "cut-record", severity: "warning", byteOffset: 13, line: 2 }]);
    const [first] = ofKind(records, "check");
    expect(cut.slice(first!.byteOffset).startsWith('{\n  "type"')).toBe(true);
  });
});

describe("a check without end", () => {
  it("is given up at its bound, and those after it are read", async () => {
    const whole = report("3.1.0-odd_two.rpt").toString();
    const single = whole.slice(whole.lastIndexOf('{"checks"'));
    const check = single.slice(single.indexOf("\n") + 1, single.lastIndexOf("\n]"));
    const point = `    {\n      "pin": "${"u".repeat(1000)}"\n    },\n`;
    const long = check.replace('"source_path": [\n', (key) => key + point.repeat(20_000));
    const { records, notes } = await read(`{"checks": [\n${long},\n${check}\n]\n}\n`);
    expect(notes).toMatchObject([{ code: "long-record", line: 2 }]);
    expect(ofKind(records, "check")).toHaveLength(1);
  });
});

describe("latch blocks", () => {
  it.each([
    ["2.0.17-corners_thru_latch.rpt", "clk_b pulse width"],
    ["3.1.0-thru_latch.rpt", "clk_b pulse width"],
  ])("keeps all rows in order, behind the path they belong to: %s", async (name, width) => {
    const { records } = await read(report(name));
    expect(records.map((record) => record.kind)).toEqual(["path", "latch-borrow"]);
    const [block] = ofKind(records, "latch-borrow");
    expect(block!.rows.map((row) => row.label)).toEqual([
      expect.stringContaining(width.slice(0, 5)),
      "library setup time",
      "max time borrow",
      "actual time borrow",
    ]);
    const printed = /^actual time borrow +(\S+)$/m.exec(report(name).toString())![1];
    expect(plain(block!.actualTimeBorrow)).toBe(Number(printed));
    expect(block!.userLimit).toBe(false);
  });

  it("knows the limit that the user set", async () => {
    const [block] = ofKind((await read(report("3.1.0-tbl.rpt"))).records, "latch-borrow");
    expect(block).toMatchObject({
      userLimit: true,
      maxTimeBorrow: { units: 10, digits: 2 },
      actualTimeBorrow: { units: 10, digits: 2 },
    });
  });

  it("tells a block that was cut, and gives no half of it", async () => {
    const text = report("3.1.0-tbl.rpt").toString();
    const { records, notes } = await read(text.slice(0, text.indexOf("actual time borrow")));
    expect(records.map((record) => record.kind)).toEqual(["path"]);
    expect(notes).toMatchObject([{ code: "cut-record", line: 33 }]);
  });
});

describe("an answer without paths", () => {
  it.each(["3.1.0-odd_summary_none.rpt", "3.1.0-odd_json_none.rpt"])("is a record of its own: %s", async (name) => {
    const { records, notes } = await read(report(name));
    expect(records.map((record) => record.kind)).toEqual(["no-paths"]);
    expect(notes).toEqual([]);
  });
});
