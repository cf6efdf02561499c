import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ofKind, read, report } from "./read-report.js";

const path = report("3.1.0-odd_full_clock_expanded.rpt").toString().split("\n\n\n")[0] + "\n\n\n";
const equals = "=".repeat(74);
const dashes = "-".repeat(74);
const banner = (title: string) => `${equals}\n${title}\n${dashes}\n`;

describe("sections", () => {
  it("names the command before each part of a session that was piped into 2.0.17", async () => {
    const { records } = await read(report("2.0.17-odd_piped.rpt"));
    const told = records
      .filter((record) => record.kind !== "text")
      .map((record) => (record.kind === "section" ? record.command : record.kind));
    expect(told.slice(6)).toEqual([
      "report_checks",
      "path",
      "report_checks -format end",
      "endpoint",
      "report_checks -path_delay min -format summary",
      "summary",
      "report_checks -slack_max -100",
      "no-paths",
      "report_wns",
      "figure",
      "nosuch",
      "report_checks -from nosuchpin",
      'puts "hello"',
    ]);
    const texts = ofKind(records, "text").map((span) => span.text);
    expect(texts).toEqual(["OpenSTA>", "hello\nOpenSTA> Saving command history"]);
  });

  it("takes a flow's frame as title and command of what it heads", async () => {
    const log = `[INFO ODB-0227] LEF file: a.lef, created 22 layers\n\n${banner("finish report_checks -path_delay min")}${path}\n${banner("finish report_wns")}wns max 0.00\n\n${banner("cts final max_slew_violation_count")}`;
    const { records, notes } = await read(log);
    expect(records).toMatchObject([
      {
        kind: "section",
        title: "finish report_checks -path_delay min",
        command: "report_checks -path_delay min",
        source: "banner",
        line: 3,
        byteOffset: log.indexOf("="),
      },
      { kind: "path" },
      { kind: "section", command: "report_wns" },
      { kind: "figure" },
      { kind: "section", title: "cts final max_slew_violation_count", command: null },
    ]);
    expect(notes).toMatchObject([{ code: "info-line", tool: { level: "info", code: "ODB-0227" } }]);
  });

  it("takes the command behind a metric's prefix", async () => {
    const { records } = await read(`SC_METRIC: report_checks -path_delay max\n${path}SC_METRIC: cellarea\n1.5\n`);
    expect(records).toMatchObject([
      { kind: "section", title: "report_checks -path_delay max", command: "report_checks -path_delay max" },
      { kind: "path" },
      { kind: "section", title: "cellarea", command: null, source: "metric" },
      { kind: "text", text: "1.5" },
    ]);
  });

  it("leaves lines of = that frame no title in the text, as they stand", async () => {
    const texts = [
      `${equals}\nno frame\n\nmore\n`,
      `${equals}\n${equals}\n${equals}\n`,
      `${equals}\nname\nname\n${dashes}\n`,
      `a\n${equals}\n\n${equals}\nb\n`,
      equals,
      `${equals}\nlast`,
    ];
    for (const text of texts) {
      const { records } = await read(text);
      expect(records).toMatchObject([{ kind: "text", text: text.trimEnd(), byteOffset: 0, line: 1 }]);
    }
  });

  it("takes no line that begins a section of its own for a frame's title", async () => {
    const { records } = await read(`${equals}\nOpenSTA> report_wns\n${dashes}\nwns 0.00\n`);
    expect(ofKind(records, "section")).toMatchObject([{ command: "report_wns", source: "prompt", line: 2 }]);
    expect(ofKind(records, "text")).toMatchObject([{ text: equals }, { text: dashes }]);
  });

  it("reads what opens a report behind a line of = as such", async () => {
    const end = report("3.1.0-odd_end.rpt").toString();
    const { records } = await read(`${equals}\n${end}`);
    expect(ofKind(records, "endpoint")).toHaveLength(12);
    expect(ofKind(records, "section")).toEqual([]);
  });

  it.each([
    "OpenSTA> report_wns\nwns 0.00\n",
    banner("report_wns") + "wns 0.00\n",
    "SC_METRIC: report_wns\nwns 0.00\n",
  ])("begins a section where a record was cut: %s", async (next) => {
    const { records, notes } = await read(path.slice(0, path.indexOf("data arrival")) + "\n" + next);
    expect(records).toMatchObject([{ kind: "section", command: "report_wns" }, { kind: "figure" }]);
    expect(notes).toMatchObject([{ code: "cut-record", byteOffset: 0, line: 1 }]);
  });
});

describe("messages of the tool", () => {
  it.each([
    ["Warning: f.tcl, 47 unknown flag.", "warning", null, "f.tcl", 47, "unknown flag."],
    ["Warning 101: f.tcl line 1, object 'x' not found.", "warning", "101", "f.tcl", 1, "object 'x' not found."],
    ["Error 511: a/b.tcl line 12, bad.", "error", "511", "a/b.tcl", 12, "bad."],
    ['Error: f.tcl, 1 invalid command name "foo"', "error", null, "f.tcl", 1, 'invalid command name "foo"'],
    ["Warning: typ.lib, line 24 no default.", "warning", null, "typ.lib", 24, "no default."],
    ["[WARNING STA-0366] port 'x' not found.", "warning", "STA-0366", null, null, "port 'x' not found."],
    ["[ERROR STA-0453] f.tcl line 3, no.", "error", "STA-0453", "f.tcl", 3, "no."],
    ["Warning: There is 1 unconstrained endpoint.", "warning", null, null, null, "There is 1 unconstrained endpoint."],
  ])("takes %s apart", async (text, level, code, file, line, rest) => {
    const { records, notes } = await read(`${text}\n`);
    expect(records).toEqual([]);
    expect(notes).toMatchObject([
      { code: `${level}-line`, message: text, line: 1, tool: { level, code, file, line, text: rest, items: [] } },
    ]);
  });

  it("keeps the indented list below a message with it", async () => {
    const { notes } = await read(
      "wns 0.00\n[WARNING STA-0450] virtual clocks:\n  clk_a\n  clk_b\nWarning: done.\nwns 0.00\n",
    );
    expect(notes.map((note) => note.tool)).toMatchObject([
      { code: "STA-0450", text: "virtual clocks:", items: ["clk_a", "clk_b"] },
      { text: "done.", items: [] },
    ]);
  });

  it("bounds the list that one note holds, and loses none of it", async () => {
    const items = Array.from({ length: 2500 }, (_, at) => `u${at}/D`);
    const { notes } = await read(`Warning: many.\n${items.map((item) => `  ${item}\n`).join("")}wns 0.00\n`);
    expect(notes.map((note) => note.tool!.items.length)).toEqual([1000, 1000, 500]);
    expect(notes.flatMap((note) => note.tool!.items)).toEqual(items);
  });

  it("loses no record that a message stands between, before or in", async () => {
    const message = "Warning 168: small.tcl line 1, unknown field nets.\n";
    const whole = (await read(report("3.1.0-odd_end.rpt"))).records.length;
    const lines = report("3.1.0-odd_end.rpt").toString().split("\n");
    for (let at = 0; at <= lines.length; at++) {
      const { records, notes } = await read([...lines.slice(0, at), message.trimEnd(), ...lines.slice(at)].join("\n"));
      expect(ofKind(records, "endpoint")).toHaveLength(whole);
      expect(notes).toMatchObject([{ code: "warning-line", line: at + 1, tool: { code: "168" } }]);
    }
    const rows = path.split("\n");
    for (let at = 1; at < rows.length - 2; at++) {
      const { records, notes } = await read([...rows.slice(0, at), message.trimEnd(), ...rows.slice(at)].join("\n"));
      expect(ofKind(records, "path")).toHaveLength(1);
      expect(notes[0]).toMatchObject({ code: "warning-line", tool: { file: "small.tcl" } });
    }
  });

  it("leaves the lines of a driving script in the text", async () => {
    const text = 'CAUGHT: Error: small.tcl, 119 net clk_d not found.\nRESULT: 727\nCAUGHT: invalid command name "x"';
    expect(await read(text)).toMatchObject({ records: [{ kind: "text", text }], notes: [] });
  });
});

it("takes sources of designs and constraints for no report", async () => {
  for (const name of ["small.v", "base.sdc", "stages.tcl"]) {
    const text = readFileSync(new URL(`../../examples/live/${name}`, import.meta.url));
    const { records, notes } = await read(text);
    expect(new Set(records.map((record) => record.kind))).toEqual(new Set(["text"]));
    expect(notes).toEqual([]);
  }
});
