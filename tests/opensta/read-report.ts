/** What the tests of the reports share: real reports, and readings of them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseReport, type ParseOptions } from "../../src/opensta/parse-report.js";
import { recordToJson } from "../../src/opensta/record-json.js";
import type { ReportNote, ReportRecord } from "../../src/opensta/report-records.js";

const folder = new URL("../data/reports/", import.meta.url);

/** Name and text of the reports beside the tests. */
export const reports = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))] as const);

export const report = (name: string): Buffer => reports.find(([own]) => own === name)![1];

/** Paths of further reports: CKPT_REPORTS names a folder of them, whose names or folders tell the version. */
export function furtherReports(): string[] {
  const root = process.env["CKPT_REPORTS"];
  if (root !== undefined)
    return readdirSync(root, { recursive: true, encoding: "utf8" })
      .map((name) => join(root, name))
      .filter((path) => /\.(?:rpt|log|sdc|v|tsv|txt)$/.test(path) && statSync(path).isFile());
  process.stdout.write("only the reports beside the tests are read: CKPT_REPORTS names no folder of further ones\n");
  return [];
}

export async function* pieces(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (let at = 1; at < places.length; at++) yield bytes.subarray(places[at - 1], places[at]);
}

/** All records and notes of a text. */
export async function read(
  text: Uint8Array | string,
  cuts: readonly number[] = [],
  options: ParseOptions = {},
): Promise<{ records: ReportRecord[]; notes: ReportNote[] }> {
  const records: ReportRecord[] = [];
  const notes: ReportNote[] = [];
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for await (const record of parseReport(pieces(bytes, cuts), { ...options, onNote: (note) => notes.push(note) }))
    records.push(record);
  return { records, notes };
}

export type Kind = ReportRecord["kind"];

export const ofKind = <Own extends Kind>(records: readonly ReportRecord[], kind: Own) =>
  records.filter((record): record is Extract<ReportRecord, { kind: Own }> => record.kind === kind);

/** A record without its place, for comparing what stands at different places. */
export function placeless(record: ReportRecord): string {
  const { byteOffset: _, line: __, ...rest } = JSON.parse(recordToJson(record)) as Record<string, unknown>;
  return JSON.stringify(rest);
}
