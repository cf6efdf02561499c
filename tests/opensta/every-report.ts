import { createReadStream } from "node:fs";
import { createZstdDecompress } from "node:zlib";
import { extract } from "tar-stream";
import { parseReport, type ParseOptions } from "../../src/opensta/parse-report.js";
import type { ReportNote, ReportRecord } from "../../src/opensta/report-records.js";

/**
 * All reports of two real tools, by their names: `3.1.0/single/power.rpt`. `_commands.txt` beside them names each one's
 * command; those of 2.0.17/made were printed for what the others lack.
 */
export async function everyReport(): Promise<Map<string, Buffer>> {
  const archive = new URL("../data/every-report.tar.zst", import.meta.url);
  const entries = extract();
  createReadStream(archive)
    .on("error", (error) => entries.destroy(error))
    .pipe(createZstdDecompress())
    .on("error", (error) => entries.destroy(error))
    .pipe(entries);
  const reports = new Map<string, Buffer>();
  for await (const entry of entries) {
    const parts: Uint8Array[] = [];
    for await (const bytes of entry) parts.push(bytes as Uint8Array);
    if (entry.header.type === "file") reports.set(entry.header.name, Buffer.concat(parts));
  }
  return reports;
}

/** Reads `bytes`, cut at these places. */
export async function readRecords(
  bytes: Uint8Array,
  options: ParseOptions = {},
  cuts: readonly number[] = [],
): Promise<{ records: ReportRecord[]; notes: ReportNote[] }> {
  async function* pieces() {
    const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    for (let at = 1; at < places.length; at++) yield bytes.subarray(places[at - 1], places[at]);
  }
  const records: ReportRecord[] = [];
  const notes: ReportNote[] = [];
  const onNote = (note: ReportNote) => notes.push(note);
  for await (const record of parseReport(pieces(), { ...options, onNote })) records.push(record);
  return { records, notes };
}

/** Records without the places where they stand, and without text. */
export function bare(records: readonly ReportRecord[]): unknown[] {
  return records.flatMap((record) => {
    if (record.kind === "text") return [];
    const { byteOffset: _, line: __, ...rest } = record;
    return [record.kind === "path-row" ? { ...rest, table: null } : rest];
  });
}
