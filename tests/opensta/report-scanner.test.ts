import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countReport } from "../../src/opensta/count-report.js";
import { parseReport } from "../../src/opensta/parse-report.js";
import type { ReportNote, ReportRecord, TimingPath } from "../../src/opensta/report-records.js";
import { lineBytesMax } from "../../src/opensta/report-scanner.js";
import { recordToJson } from "../../src/opensta/record-json.js";
import { oraclePaths } from "./report-oracle.js";

const folder = new URL("../data/reports/", import.meta.url);
const reports = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))] as const);
const report = (name: string) => reports.find(([own]) => own === name)![1];

async function* pieces(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (let at = 1; at < places.length; at++) yield bytes.subarray(places[at - 1], places[at]);
}

async function read(source: AsyncIterable<Uint8Array>): Promise<{ records: ReportRecord[]; notes: ReportNote[] }> {
  const records: ReportRecord[] = [];
  const notes: ReportNote[] = [];
  for await (const record of parseReport(source, { onNote: (note) => notes.push(note) })) records.push(record);
  return { records, notes };
}

const pathsOf = (records: readonly ReportRecord[]) =>
  records.filter((record): record is TimingPath => record.kind === "path");
const bytesOf = (text: string) => Buffer.from(text);

describe("the scanner on real reports of both versions", () => {
  it.each(reports)("reads %s as a slow reader does", async (_, bytes) => {
    const { records } = await read(pieces(bytes));
    const seen = pathsOf(records).map((path) => ({
      startpoint: path.startpoint,
      endpoint: path.endpoint,
      group: path.group,
      type: path.type,
      corner: path.corner,
      slack: path.slack,
      arrival: path.arrival,
      required: path.required,
      pins: path.points.map((point) => point.pin),
      times: path.points.map((point) => point.time),
    }));
    expect(seen).toEqual(oraclePaths(bytes.toString("utf8")));
  });

  it.each(reports)("counts %s as it reads it", async (_, bytes) => {
    const points = pathsOf((await read(pieces(bytes))).records).flatMap((path) => path.points);
    const counts = await countReport(pieces(bytes));
    expect(counts.points).toBe(points.length);
    expect(counts.pins).toBe(new Set(points.map((point) => point.pin)).size);
    expect(counts.timeSum).toBeCloseTo(
      points.reduce((sum, point) => sum + (point.time ?? 0), 0),
      4,
    );
  });

  it("gives the same records however the bytes are split", async () => {
    const small = report("3.1.0-odd_fields_src.rpt");
    const whole = (await read(pieces(small))).records.map(recordToJson);
    for (let at = 1; at < small.length; at += 7)
      expect((await read(pieces(small, [at]))).records.map(recordToJson)).toEqual(whole);
    for (const [, bytes] of reports) {
      const expected = (await read(pieces(bytes))).records.filter((record) => record.kind !== "text").map(recordToJson);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (cuts) => {
          const seen = (await read(pieces(bytes, cuts))).records
            .filter((record) => record.kind !== "text")
            .map(recordToJson);
          expect(seen).toEqual(expected);
        }),
        { numRuns: 5 },
      );
    }
  });

  it("keeps fields by the header's columns: fanout and capacitance, slew, attributes", async () => {
    const [path] = pathsOf((await read(pieces(report("3.1.0-fields_all.rpt")))).records);
    expect(path!.points[0]).toEqual({
      pin: "b[1]",
      cell: "in",
      edge: "^",
      fanout: 8,
      cap: 0.12,
      slew: 0.1,
      delay: 0,
      time: 1.25,
    });
    const [older] = pathsOf((await read(pieces(report("2.0.17-fields_all.rpt")))).records);
    expect(older!.points[0]).toEqual({ pin: "b[1]", cell: "in", edge: "^", slew: 0.1, delay: 0, time: 1.25 });
  });

  it("reads integers of -digits 0 and names the corner", async () => {
    expect(pathsOf((await read(pieces(report("2.0.17-digits_0.rpt")))).records)[0]).toMatchObject({ digits: 0 });
    expect(pathsOf((await read(pieces(report("2.0.17-corner_slow.rpt")))).records)[0]).toMatchObject({
      corner: "slow",
    });
  });

  it("reads end reports and report_tns lines", async () => {
    const rows = (await read(pieces(report("2.0.17-fmt_end_minmax.rpt")))).records;
    expect(rows[0]).toMatchObject({
      kind: "endpoint",
      pin: "_7424_/D",
      cell: "DFFSR",
      group: "io_in",
      type: "min",
      slack: { units: 54, digits: 2 },
    });
    expect((await read(pieces(report("3.1.0-tns.rpt")))).records).toMatchObject([
      { kind: "figure", name: "tns", type: "max", value: { units: -26485, digits: 2 } },
    ]);
    expect((await read(pieces(report("2.0.17-tns.rpt")))).records).toMatchObject([
      { kind: "figure", name: "tns", type: null },
    ]);
  });
});

describe("the scanner on bad input", () => {
  const whole = report("3.1.0-borrow.rpt");
  const first = (text: string) => text.indexOf("slack (");

  it("names a cut record with its place and endpoint, and keeps the whole ones", async () => {
    const text = whole.toString();
    const cut = `${text.slice(0, first(text) - 200)}\n${text}`;
    const { records, notes } = await read(pieces(bytesOf(cut)));
    expect(pathsOf(records)).toHaveLength(oraclePaths(text).length);
    expect(notes.filter((note) => note.code === "cut-record")).toMatchObject([
      { byteOffset: 0, line: 1, endpoint: expect.any(String) },
    ]);
  });

  it("reports warnings between records without losing any", async () => {
    const text = `Warning 101: f.tcl line 1, x\n${whole.toString().replaceAll("\n\n\n", "\n\nError: f.tcl, 1 invalid command\n\n")}`;
    const { records, notes } = await read(pieces(bytesOf(text)));
    expect(pathsOf(records)).toHaveLength(oraclePaths(text).length);
    expect(notes.some((note) => note.code === "error-line")).toBe(true);
  });

  it("takes nothing of a message with its list for part of a record, wherever it stands in it", async () => {
    const text = report("3.1.0-fields_all.rpt").toString();
    const lines = text.slice(0, text.indexOf("slack (") + 20).split("\n");
    const wrapped = lines
      .join("\n")
      .replace(/^(Endpoint: \S+) \(/m, "$1\n          (")
      .split("\n");
    const [{ byteOffset: _, line: __, ...expected }] = pathsOf(
      (await read(pieces(bytesOf(lines.join("\n"))))).records,
    ) as [TimingPath];
    expect(expected.endpointReason).not.toBeNull();
    for (let at = 1; at < wrapped.length - 1; at++) {
      const disturbed = [...wrapped.slice(0, at), "Warning: nothing much.", "  set_n", ...wrapped.slice(at)].join("\n");
      const [path] = pathsOf((await read(pieces(bytesOf(disturbed)))).records);
      expect(path, `before line ${at + 1}`).toMatchObject(expected);
    }
  });

  it("passes over a byte order mark", async () => {
    const expected = pathsOf((await read(pieces(whole))).records);
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), whole]);
    const paths = pathsOf((await read(pieces(marked))).records);
    expect(paths.map(({ byteOffset }) => byteOffset - 3)).toEqual(expected.map(({ byteOffset }) => byteOffset));
    expect(paths.map(({ slack }) => slack)).toEqual(expected.map(({ slack }) => slack));
  });

  it("takes CRLF for LF", async () => {
    const { records } = await read(pieces(bytesOf(whole.toString().replaceAll("\n", "\r\n"))));
    expect(pathsOf(records).map((path) => path.slack)).toEqual(oraclePaths(whole.toString()).map((path) => path.slack));
  });

  it("keeps a line without end as text, all of it, and goes on after it", async () => {
    const long = Buffer.concat([Buffer.alloc(lineBytesMax + 5000, 120), bytesOf("\n"), whole]);
    for (const cuts of [[], [1000, lineBytesMax + 100], [lineBytesMax, lineBytesMax + 4000]]) {
      const { records, notes } = await read(pieces(long, cuts));
      expect(notes.filter((note) => note.code === "long-line").length).toBeLessThanOrEqual(1);
      const text = records.map((record) => (record.kind === "text" ? record.text : "")).join("");
      expect(text.match(/^x*/)![0]).toHaveLength(lineBytesMax + 5000);
      expect(pathsOf(records)).toHaveLength(oraclePaths(whole.toString()).length);
    }
  });

  it("survives random bytes and random damage, and keeps the records that are whole", async () => {
    const record = whole.toString().slice(0, whole.toString().indexOf("\n\n\n") + 3);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.nat(record.length), async (noise, cut) => {
        const bytes = Buffer.concat([bytesOf(record.slice(0, cut)), noise, bytesOf(`\n${record}`)]);
        expect(pathsOf((await read(pieces(bytes))).records).length).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  it("gives nulls and zeros for an empty file", async () => {
    expect(await countReport(pieces(Buffer.alloc(0)))).toEqual({
      paths: 0,
      points: 0,
      requiredPoints: 0,
      pins: 0,
      worstSlack: null,
      timeSum: 0,
    });
  });
});
