/**
 * A log of a whole session, in which every kind of section stands. A unit of it is a run of whole lines that begins with
 * the line by which its format is known, holds all that its records need (a table with its heading, a record with its
 * header), and ends with the line feed of its last line, or of the blank lines below it where those end it. A unit of a
 * damaged log is intact if all its lines stand there unchanged, in order and next to each other, the first of them at the
 * beginning of a line. Whatever stands before and after it, all its records and
 * messages are delivered, as from the log that is whole.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ReportNote, ReportRecord } from "../../src/opensta/report-records.js";
import { ReportScanner } from "../../src/opensta/report-scanner.js";
import { placeless, report } from "./read-report.js";

const seed = Number(process.env["CKPT_SEED"] ?? Date.now() % 2 ** 31);
process.stdout.write(`mixed logs: CKPT_SEED=${seed} repeats this run\n`);

const text = (name: string): string => report(name).toString();
const upTo = (whole: string, end: string): string => whole.slice(0, whole.indexOf(end) + end.length);
const dashes = "-".repeat(74);

const latch = text("3.1.0-tbl.rpt");
const units = [
  `${"=".repeat(74)}\nfinish report_checks -path_delay min\n${dashes}\n`,
  upTo(text("3.1.0-odd_full_clock_expanded.rpt"), "\n\n\n"),
  upTo(text("3.1.0-odd_fields_src.rpt"), "\n\n\n"),
  "Warning 168: small.tcl line 1, unknown field nets.\n",
  `${upTo(latch, "(VIOLATED)\n")}\n`,
  latch.slice(latch.indexOf("Time Borrowing")),
  "OpenSTA> report_checks -format end\n",
  text("2.0.17-odd_end.rpt"),
  upTo(text("2.0.17-odd_short.rpt"), "\n\n\n"),
  "SC_METRIC: report_checks -path_delay max\n",
  text("2.0.17-odd_summary.rpt"),
  text("3.1.0-types_slack.rpt").slice(0, text("3.1.0-types_slack.rpt").indexOf("\n\n") + 2),
  text("3.1.0-odd_two.rpt").slice(text("3.1.0-odd_two.rpt").lastIndexOf('{"checks"')),
  "wns max -1.64\n",
  text("3.1.0-odd_summary_none.rpt"),
  "[ 9.433,  9.516): ***** (1)\n",
  '{"checks": [\n]\n}\n',
];
const log = Buffer.from(units.join(""));

interface Seen {
  readonly records: ReportRecord[];
  readonly notes: ReportNote[];
}

function scan(bytes: Uint8Array, cuts: readonly number[] = []): Seen {
  const seen: Seen = { records: [], notes: [] };
  const scanner = new ReportScanner({
    paths: (batch) => {
      for (let index = 0; index < batch.count; index++) seen.records.push(batch.path(index));
    },
    record: (record) => seen.records.push(record),
    text: (span) => seen.records.push(span),
    note: (note) => seen.notes.push(note),
  });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (let at = 1; at < places.length; at++) scanner.push(bytes.subarray(places[at - 1], places[at]));
  scanner.finish();
  scanner.close();
  return seen;
}

/** What is delivered, without its place: the records, then the tool's messages. */
const recordsOf = ({ records, notes }: Seen): string[] => [
  ...records.filter((record) => record.kind !== "text").map(placeless),
  ...notes.filter((note) => note.tool !== undefined).map((note) => note.message),
];

const expected = units.map((unit) => ({ bytes: Buffer.from(unit), records: recordsOf(scan(Buffer.from(unit))) }));

/** How often a unit stands in `bytes` whole, at the beginning of a line. */
function intact(bytes: Buffer, unit: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(unit); at >= 0; at = bytes.indexOf(unit, at + unit.length))
    if (at === 0 || bytes[at - 1] === 10) count++;
  return count;
}

type Damage = (bytes: Buffer) => Buffer;

/** Two places in order, of lines or of bytes. */
function stretch(bytes: Buffer, from: number, length: number, lines: boolean): [number, number] {
  const begin = from % (bytes.length + 1);
  const end = Math.min(begin + length, bytes.length);
  return lines ? [bytes.lastIndexOf(10, begin) + 1, bytes.lastIndexOf(10, end) + 1] : [begin, end];
}

const places = fc.tuple(fc.nat(log.length), fc.nat(3000), fc.boolean());
const damage: fc.Arbitrary<Damage> = fc.oneof(
  places.map(([from, length, lines]): Damage => (bytes) => {
    const [begin, end] = stretch(bytes, from, length, lines);
    return Buffer.concat([bytes.subarray(0, begin), bytes.subarray(Math.max(begin, end))]);
  }),
  fc.tuple(places, fc.nat(log.length)).map(([[from, length, lines], to]): Damage => (bytes) => {
    const [begin, end] = stretch(bytes, from, length, lines);
    const [at] = stretch(bytes, to, 0, lines);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(begin, Math.max(begin, end)), bytes.subarray(at)]);
  }),
  fc.tuple(places, fc.nat(3000)).map(([[from, length, lines], other]): Damage => (bytes) => {
    const [begin, middle] = stretch(bytes, from, length, lines);
    const [, end] = stretch(bytes, Math.max(begin, middle), other, lines);
    const cut = Math.max(begin, middle);
    const last = Math.max(cut, end);
    const parts = [
      bytes.subarray(0, begin),
      bytes.subarray(cut, last),
      bytes.subarray(begin, cut),
      bytes.subarray(last),
    ];
    return Buffer.concat(parts);
  }),
  fc.tuple(fc.nat(log.length), fc.uint8Array({ maxLength: 40 })).map(([from, noise]): Damage => (bytes) => {
    const at = from % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  }),
);

const damagedLog = fc
  .tuple(fc.shuffledSubarray(expected), fc.array(damage, { minLength: 1, maxLength: 6 }))
  .map(([some, damages]) =>
    damages.reduce((bytes, each) => each(bytes), Buffer.concat(some.map((unit) => unit.bytes)) as Buffer),
  );

it("reads all records of a log that is whole", () => {
  const seen = scan(log);
  expect(recordsOf(seen).toSorted()).toEqual(expected.flatMap((unit) => unit.records).toSorted());
  expect(expected.map((unit) => unit.records.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 12, 1, 1, 12, 12, 1, 1, 1, 1, 1]);
  expect(seen.notes).toMatchObject([{ code: "warning-line", tool: { code: "168" } }]);
});

it("delivers every record of what is intact in 10000 damaged logs", () => {
  const check = fc.property(damagedLog, fc.array(fc.nat(), { maxLength: 3 }), (bytes, cuts) => {
    const delivered = new Map<string, number>();
    for (const record of recordsOf(scan(bytes, cuts))) delivered.set(record, (delivered.get(record) ?? 0) + 1);
    for (const unit of expected) {
      const count = intact(bytes, unit.bytes);
      if (count === 0) continue;
      for (const record of unit.records) expect(delivered.get(record) ?? 0, record).toBeGreaterThanOrEqual(count);
    }
  });
  fc.assert(check, { numRuns: 10_000, seed });
});

it("tells the same of a damaged log however it is split", () => {
  const check = fc.property(damagedLog, fc.array(fc.nat(), { maxLength: 40 }), (bytes, cuts) => {
    expect(scan(bytes, cuts)).toEqual(scan(bytes));
  });
  fc.assert(check, { numRuns: 500, seed });
});

it("tells the same of a log split at any one byte", () => {
  const whole = scan(log);
  for (let at = 1; at < log.length; at++) expect(scan(log, [at]).records.length).toBe(whole.records.length);
  for (let at = 1; at < log.length; at += 13) expect(scan(log, [at])).toEqual(whole);
});
