/** Paths that are read without their rows. */
import { describe, expect, it } from "vitest";
import type { PathBatch } from "../../src/opensta/path-batch.js";
import type { ReportNote } from "../../src/opensta/report-records.js";
import { ReportScanner } from "../../src/opensta/report-scanner.js";
import { report, reports } from "./read-report.js";

const endPin = (batch: PathBatch, path: number): string | null =>
  batch.endPin[path]! < 0 ? null : batch.names.pins.text(batch.endPin[path]!);

/** All but the rows, and the notes. */
function ends(bytes: Uint8Array, pathRows: boolean, pieceBytes: number) {
  const paths: unknown[] = [];
  const notes: ReportNote[] = [];
  let pins = 0;
  const scanner = new ReportScanner({
    paths: (batch) => {
      for (let path = 0; path < batch.count; path++) {
        const { points: _, requiredPoints: __, labels: ___, ...rest } = batch.path(path);
        paths.push({ ...rest, endPin: endPin(batch, path) });
      }
      pins = batch.names.pins.size;
    },
    note: (note) => notes.push(note),
    pathRows,
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) scanner.push(bytes.subarray(at, at + pieceBytes));
  scanner.finish();
  scanner.close();
  return { told: { paths, notes }, pins };
}

describe("paths without their rows", () => {
  it.each(reports)("of %s have the same ends, figures and notes", (_, bytes) => {
    const { told } = ends(bytes, true, bytes.length);
    for (const pieceBytes of [bytes.length, 97, 1]) expect(ends(bytes, false, pieceBytes).told).toEqual(told);
  });

  it("name no pins but the endpoints", () => {
    const bytes = report("3.1.0-odd_full_clock_expanded.rpt");
    const { told, pins } = ends(bytes, false, bytes.length);
    expect(pins).toBe(new Set(told.paths.map((path) => (path as { endPin: string }).endPin)).size);
    expect(pins).toBeLessThan(ends(bytes, true, bytes.length).pins);
  });

  it("are told as too long, and as cut, where those with rows are", () => {
    const text = report("3.1.0-odd_full_clock_expanded.rpt").toString();
    const first = text.slice(0, text.indexOf("\n\n\n") + 3);
    const row = /^.*\(in\)$/m.exec(first)?.[0] ?? /^.* [v^] \S+ \(\w+\)$/m.exec(first)![0];
    for (const rows of [65_000, 70_000]) {
      const long = Buffer.from(first.replace(row, `${row}\n`.repeat(rows).trimEnd()) + first + first.slice(0, -60));
      const { told } = ends(long, false, 1 << 20);
      expect(told).toEqual(ends(long, true, 1 << 20).told);
      expect(told.notes.some(({ code }) => code === "long-record")).toBe(rows === 70_000);
    }
  });
});
