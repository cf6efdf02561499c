/** Rows of end reports: plain ones are read by the kernel, all others by their format. A tab behind a row makes it none of the plain ones. */
import { describe, expect, it } from "vitest";
import type { EndpointSlack, ReportRecord } from "../../src/opensta/report-records.js";
import { ReportScanner } from "../../src/opensta/report-scanner.js";
import { runsTimeout, seedsFrom } from "../timing/random-runs.js";
import { SeededRandom } from "../timing/seeded-random.js";
import { pieces, read, reports } from "./read-report.js";

const names = [
  "u1/D",
  "u2/D",
  "g_lane[0].u_lane/_1996_/D",
  "é/D",
  "Startpoint:",
  "-",
  "",
  "two words",
  "n".repeat(900),
];
const cells = ["(DFFPOSX1)", "(output)", "()", "(", ")", "(a b)", "DFF"];
const numbers = [
  "0.17",
  "-3.20",
  "INF",
  "-INF",
  "inf",
  "5.",
  ".5",
  ".",
  "-",
  "1e3",
  "0.0000",
  "-0.00",
  "12345678.123456",
];
const odd = [...numbers, "9".repeat(40), `0.${"3".repeat(30)}`];
const verdicts = ["(MET)", "(VIOLATED)", "(MET) ", "(MET", "MET"];
const others = [
  "",
  "",
  "Warning 101: a.tcl line 1, no clocks.",
  "  a listed name",
  "------------",
  "======================",
  "what is no row",
  "max_delay/setup group io",
  "min_delay/hold group clk main",
  "Startpoint: a (input port)",
  "wns -1.64",
];

/** What may be a row; with these words in front it is the beginning of a path. */
const mayBeRow = (line: string): boolean => /\((?:MET|VIOLATED)\) *$/.test(line) && !line.startsWith("Startpoint: ");

/** Lines of an end report in which most rows are as the tool prints them. */
function madeLines(random: SeededRandom): string[] {
  const lines = [
    "max_delay/setup group clk_a",
    "",
    "  Required  Actual",
    "Endpoint  Delay   Delay   Slack",
    "--------",
  ];
  const count = random.pick([3, 40, 40, 40, 400, 5000]);
  while (lines.length < count) {
    if (random.chance(0.03)) lines.push(random.pick(others));
    else if (random.chance(0.05))
      lines.push(
        `${random.pick(names)} ${random.pick(cells)}${random.pick(["  ", " ", ""])}` +
          `${random.pick(odd)}  ${random.pick(odd)} ${random.pick(odd)}${random.pick([" ", "  "])}${random.pick(verdicts)}`,
      );
    else
      lines.push(
        `u${random.below(999)}/D (DFFSR)    ${random.pick(["4.29", "INF"])}    4.12   ` +
          `${random.below(999) / 100} ${random.pick(["(MET)", "(VIOLATED)"])}`,
      );
  }
  return lines;
}

/** All that is told, but the bytes. */
async function told(text: string, cuts: readonly number[] = []) {
  const { records, notes } = await read(text, cuts);
  const ends = records.filter((record): record is EndpointSlack => record.kind === "endpoint");
  const bytes = Buffer.from(text);
  const begins = ({ byteOffset, pin }: EndpointSlack) =>
    bytes.toString("utf8", byteOffset, byteOffset + Buffer.byteLength(pin)) === pin;
  expect(ends.filter((row) => !begins(row))).toEqual([]);
  return {
    records: records.filter(({ kind }) => kind !== "text").map(({ byteOffset: _, ...rest }) => rest),
    notes: notes.map(({ code, line }) => ({ code, line })),
  };
}

describe("rows of end reports", () => {
  it.each(seedsFrom(1, 40))(
    "are the same records whoever reads them: seed %i",
    async (seed) => {
      const random = new SeededRandom(seed);
      const lines = madeLines(random);
      const end = random.pick(["\n", "\r\n"]);
      const plain = await told(lines.join(end));
      expect(await told(lines.map((line) => (mayBeRow(line) ? `${line}\t` : line)).join(end))).toEqual(plain);
      const text = lines.join(end);
      const cuts = Array.from({ length: 20 }, () => random.below(text.length));
      expect(await told(text, cuts)).toEqual(plain);
    },
    runsTimeout,
  );

  it("come as columns to those who ask for columns, among the other records", async () => {
    const made = madeLines(new SeededRandom(7)).join("\n");
    for (const bytes of [Buffer.from(made), ...reports.map(([, text]) => text)]) {
      const columns: ReportRecord[] = [];
      const scanner = new ReportScanner({
        paths: (batch) => {
          for (let path = 0; path < batch.count; path++) columns.push(batch.path(path));
        },
        endpoints: (batch) => {
          for (let row = 0; row < batch.count; row++) columns.push(batch.endpoint(row));
        },
        record: (record) => columns.push(record),
        text: (span) => columns.push(span),
      });
      for await (const piece of pieces(bytes)) scanner.push(piece);
      scanner.finish();
      scanner.close();
      expect(columns).toEqual((await read(bytes)).records);
    }
  });
});
