import { readFileSync } from "node:fs";
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

/** Whether the file holds nothing but what can be written back; then it must come out as it was. */
async function isWrittenBack(path: string, bytes: Buffer): Promise<boolean> {
  const { records, notes } = await read(bytes);
  if (records.length === 0 || !records.every((record) => rendered.has(record.kind))) return false;
  const messages = new Set(notes.map((note) => note.line));
  const expected = bytes
    .toString()
    .split("\n")
    .filter((_, at) => !messages.has(at + 1))
    .join("\n");
  expect(render(records, styleOf(path, expected, records)), path).toBe(expected);
  return true;
}

describe("reports written from their records", () => {
  it("are the tool's text, byte for byte", async () => {
    const seen: string[] = [];
    for (const [name, bytes] of reports) if (await isWrittenBack(name, bytes)) seen.push(name);
    expect(seen).toEqual([
      "2.0.17-badopt.rpt",
      "2.0.17-borrow.rpt",
      "2.0.17-corner_slow.rpt",
      "2.0.17-corners_thru_latch.rpt",
      "2.0.17-digits_0.rpt",
      "2.0.17-fields_all.rpt",
      "2.0.17-fmt_end_minmax.rpt",
      "2.0.17-odd_end.rpt",
      "2.0.17-odd_fields.rpt",
      "2.0.17-odd_short.rpt",
      "2.0.17-odd_summary.rpt",
      "2.0.17-unconstrained.rpt",
      "3.1.0-borrow.rpt",
      "3.1.0-fields_all.rpt",
      "3.1.0-fields_var.rpt",
      "3.1.0-fmt_end_minmax.rpt",
      "3.1.0-odd_end.rpt",
      "3.1.0-odd_fields_src.rpt",
      "3.1.0-odd_full_clock_expanded.rpt",
      "3.1.0-odd_full_nosplit.rpt",
      "3.1.0-odd_short.rpt",
      "3.1.0-odd_summary.rpt",
      "3.1.0-tbl.rpt",
      "3.1.0-thru_latch.rpt",
      "3.1.0-unconstrained.rpt",
    ]);
  });

  const further = furtherReports().filter((path) => path.endsWith(".rpt"));
  it.skipIf(further.length === 0)("are so for all further reports", async () => {
    let count = 0;
    for (const path of further) if (await isWrittenBack(path, readFileSync(path))) count++;
    process.stdout.write(`${count} reports are written back\n`);
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
