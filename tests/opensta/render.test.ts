import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { renderEnd, renderSummary } from "../../src/opensta/render/end-report.js";
import { type FullStyle, renderPath } from "../../src/opensta/render/full-report.js";
import { renderShort } from "../../src/opensta/render/path-header.js";
import type { ReportRecord } from "../../src/opensta/report-records.js";
import { furtherReports, type Kind, ofKind, read, reports } from "./read-report.js";

const rendered: ReadonlySet<Kind> = new Set(["path", "latch-borrow", "short-path", "endpoint", "summary"]);

const columns = ["fanout", "cap", "slew", "variation"] as const;

/** What a capture knows of the command: the version, -digits, -fields, -no_line_splits. */
function styleOf(path: string, text: string, records: readonly ReportRecord[]): FullStyle {
  const [first] = records;
  const digits =
    first?.kind === "path" ? first.digits : /^(?:max|min)_delay|^Startpoint {2}/.test(text) ? digitsIn(text) : 2;
  const heading = /^(.*)Description(.*)$/m.exec(text);
  return {
    version: path.includes("2.0.17") ? "2.0.17" : "3.1.0",
    digits,
    splitLines: !path.includes("nosplit"),
    fields: [
      ...columns.filter((name) => heading?.[1]!.toLowerCase().includes(name)),
      ...(heading?.[2]!.includes("Src Attr") ? (["src_attr"] as const) : []),
    ],
  };
}

const digitsIn = (text: string): number => /\d\.(\d+)(?: \((?:MET|VIOLATED)\))?$/m.exec(text)![1]!.length;

function render(records: readonly ReportRecord[], style: FullStyle): string {
  if (records[0]?.kind === "endpoint") return [...renderEnd(ofKind(records, "endpoint"), style)].join("");
  if (records[0]?.kind === "summary") return [...renderSummary(ofKind(records, "summary"), style)].join("");
  const text = records.map((record, at) => {
    const next = records[at + 1];
    if (record.kind === "path") return renderPath(record, style, next?.kind === "latch-borrow" ? next : null);
    return record.kind === "short-path" ? renderShort(record, style) : "";
  });
  return text.join("");
}

/**
 * Two things that a path does not hold: whether a slack that prints as zero is violated, and what a row that is no pin
 * shows in the columns before Delay (2.0.17 has its nets' fanout and capacitance there; clock rows may have a slew).
 */
const exceptions = [
  { name: "zero slack", of: (line: string) => line.replace(/( -?0(?:\.0+)? {3}slack )\(VIOLATED\)$/, "$1(MET)") },
  {
    name: "net row",
    of: (line: string) => line.replace(/^[ \d.]+(?= \S+ \(net\)$)/, (cells) => " ".repeat(cells.length)),
  },
  {
    name: "clock row",
    of: (line: string) =>
      line.replace(/^( *)(\d+\.\d+)(?=( +-?\d+\.\d+){2} {3}clock )/, (_, blanks: string, slew: string) =>
        " ".repeat(blanks.length + slew.length),
      ),
  },
];

/** What is not the same, by the exception that explains it. */
async function differences(path: string, bytes: Buffer): Promise<Record<string, number> | null> {
  const { records, notes } = await read(bytes);
  if (records.length === 0 || !records.every((record) => rendered.has(record.kind))) return null;
  const messages = new Set(notes.map((note) => note.line));
  const lines = bytes.toString().split("\n");
  const expected = lines.filter((_, at) => !messages.has(at + 1));
  const actual = render(records, styleOf(path, expected.join("\n"), records)).split("\n");
  expect(actual.length, path).toBe(expected.length);
  const found: Record<string, number> = {};
  for (const [at, line] of actual.entries()) {
    if (line === expected[at]) continue;
    const why = exceptions.find((each) => each.of(expected[at]!) === line);
    expect(why?.name ?? line, `${path}: line ${at + 1}: ${expected[at]}`).toBe(why?.name ?? expected[at]);
    if (why) found[why.name] = (found[why.name] ?? 0) + 1;
  }
  return found;
}

describe("reports written from their records", () => {
  it("are the tool's text, byte for byte, but for what a path does not hold", async () => {
    const seen: Record<string, Record<string, number>> = {};
    for (const [name, bytes] of reports) {
      const found = await differences(name, bytes);
      if (found !== null) seen[name] = found;
    }
    expect(seen).toEqual({
      "2.0.17-badopt.rpt": {},
      "2.0.17-borrow.rpt": {},
      "2.0.17-corner_slow.rpt": {},
      "2.0.17-corners_thru_latch.rpt": {},
      "2.0.17-digits_0.rpt": {},
      "2.0.17-fields_all.rpt": { "net row": 664, "clock row": 208 },
      "2.0.17-fmt_end_minmax.rpt": {},
      "2.0.17-odd_end.rpt": {},
      "2.0.17-odd_fields.rpt": { "net row": 38 },
      "2.0.17-odd_short.rpt": {},
      "2.0.17-odd_summary.rpt": {},
      "2.0.17-unconstrained.rpt": {},
      "3.1.0-borrow.rpt": {},
      "3.1.0-fields_all.rpt": { "clock row": 208 },
      "3.1.0-fields_var.rpt": {},
      "3.1.0-fmt_end_minmax.rpt": {},
      "3.1.0-odd_end.rpt": {},
      "3.1.0-odd_fields_src.rpt": {},
      "3.1.0-odd_full_clock_expanded.rpt": {},
      "3.1.0-odd_full_nosplit.rpt": {},
      "3.1.0-odd_short.rpt": {},
      "3.1.0-odd_summary.rpt": {},
      "3.1.0-tbl.rpt": {},
      "3.1.0-thru_latch.rpt": {},
      "3.1.0-unconstrained.rpt": {},
    });
  });

  const further = furtherReports().filter((path) => path.endsWith(".rpt"));
  it.skipIf(further.length === 0)("are so for all further reports", async () => {
    let count = 0;
    const known: string[] = [];
    for (const path of further) {
      const found = await differences(path, readFileSync(path));
      if (found === null) continue;
      count++;
      if (Object.keys(found).length > 0) known.push(`${basename(path)} ${JSON.stringify(found)}`);
    }
    process.stdout.write(`${count} reports are written back; explained differences:\n${known.join("\n")}\n`);
    expect(count).toBeGreaterThan(0);
  });

  it("have the number of bins, dashes and blanks of other digits", () => {
    const row = {
      kind: "endpoint",
      pin: "u/D",
      cell: "DFF",
      group: "clk",
      type: "min",
      required: "-INF",
      actual: { units: 10666, digits: 4 },
      slack: "INF",
      met: true,
      byteOffset: 0,
      line: 1,
    } as const;
    expect([...renderEnd([row], { version: "3.1.0", digits: 4 })].join("").split("\n")).toEqual([
      "min_delay/hold group clk",
      "",
      "                                      Required    Actual",
      "Endpoint                                 Delay     Delay     Slack",
      "------------------------------------------------------------------",
      "u/D (DFF)                                 -INF    1.0666       INF (MET)",
      "",
      "",
    ]);
  });
});
