/** Whatever stages hold, they come back byte for byte. A failure names the seed that repeats it (random-runs.ts). */
import { describe, expect, it } from "vitest";
import { renderPath } from "../../src/opensta/render/full-report.js";
import { read } from "../opensta/read-report.js";
import { change } from "./changed-design.js";
import { damage } from "./damaged-text.js";
import { expectSame, inBytes, keep, openMemory, readAllBack, type StageFiles } from "./kept-stages.js";
import { makeDesign } from "./made-design.js";
import { reportsOf } from "./made-reports.js";
import { makeStyle } from "./made-style.js";
import { runsTimeout, seedsFrom } from "./random-runs.js";
import { SeededRandom } from "./seeded-random.js";

/** A base, an ECO, and some of: damaged files, files that changed names, other options of the tool, nothing new. */
function stagesOf(seed: number): StageFiles[] {
  const random = new SeededRandom(seed);
  const style = makeStyle(random.below(2 ** 31));
  const base = makeDesign(seed);
  const next = change(base, seed + 1);
  const last = change(next, seed + 2);
  const texts = [...reportsOf(next, style)];
  const broken = texts.map(([name, text]) => [name, damage(text, random.below(2 ** 31))] as const);
  const missing = random.pick(texts)[0];
  const other = inBytes(reportsOf(last, makeStyle(random.below(2 ** 31))));
  return [
    inBytes(reportsOf(base, style)),
    inBytes(reportsOf(next, style)),
    ...random.some([
      new Map<string, Uint8Array>([...broken, ["new.rpt", Buffer.from(texts[0]![1])], ["empty.rpt", Buffer.alloc(0)]]),
      new Map([...inBytes(reportsOf(last, style))].filter(([name]) => name !== missing).map(renamed)),
      other,
      other,
    ]),
  ];
}

const renamed = ([name, bytes]: readonly [string, Uint8Array]): [string, Uint8Array] => [
  name === "max_full.rpt" ? "pins.tsv" : name === "pins.tsv" ? "max_full.rpt" : name,
  bytes,
];

async function expectKept(stages: readonly StageFiles[], seed: number): Promise<void> {
  const ledger = await openMemory();
  try {
    for (const [at, files] of stages.entries()) await keep(ledger, `s${at}`, files, seed + at);
    for (const [at, files] of stages.entries()) {
      const back = await readAllBack(ledger, `s${at}`);
      expect([...back.keys()], `seed ${seed}, stage ${at}`).toEqual([...files.keys()]);
      expectSame(files, back, `stage ${at}`);
    }
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await ledger.close();
  }
}

describe("made reports", () => {
  it("are read, and written from their records as they are", async () => {
    for (const seed of seedsFrom(1, 40)) {
      const style = { ...makeStyle(seed), warnings: false };
      // A heading that is wider than its column moves the columns that are found by it.
      if (style.fields.includes("variation")) continue;
      const text = reportsOf(makeDesign(seed), style).get("max_full.rpt")!;
      const { records, notes } = await read(Buffer.from(text));
      const written = records.map((record, at) => {
        const next = records[at + 1];
        if (record.kind === "path") return renderPath(record, style, next?.kind === "latch-borrow" ? next : null);
        return record.kind === "no-paths" ? "No paths found.\n" : "";
      });
      expect(notes, `seed ${seed}`).toEqual([]);
      expect(written.join("") === text, `seed ${seed}`).toBe(true);
    }
  });
});

describe("captured stages", () => {
  it(
    "come back byte for byte, after an ECO, damaged and with other options too",
    async () => {
      for (const seed of seedsFrom(1, 60)) await expectKept(stagesOf(seed), seed);
    },
    runsTimeout,
  );

  it(
    "come back where files take several blocks",
    async () => {
      for (const seed of seedsFrom(9001, 1)) {
        const style = { ...makeStyle(seed), pathsEach: 1 as const, digits: 4 };
        const design = makeDesign(seed, { cells: 24_000 });
        const stages = [design, change(design, seed + 1)].map((each) => {
          const files = inBytes(reportsOf(each, style));
          return new Map(["max_full.rpt", "max_end.rpt", "pins.tsv"].map((name) => [name, files.get(name)!]));
        });
        for (const name of ["max_full.rpt", "pins.tsv"])
          expect(stages[0]!.get(name)!.length, `seed ${seed}`).toBeGreaterThan(4.5e6);
        await expectKept(stages, seed);
      }
    },
    runsTimeout,
  );

  it(
    "come back where the text is no report",
    async () => {
      for (const seed of seedsFrom(7001, 20)) {
        const random = new SeededRandom(seed);
        const noise = () => Buffer.from(Array.from({ length: random.below(20_000) }, () => random.below(256)));
        const heading = Buffer.from("# pin\tmax_rise_slack\tmax_fall_slack\nStartpoint: ");
        const ends = Buffer.from("Startpoint: a\nEndpoint: b\n".repeat(random.below(3000)));
        const files = () =>
          new Map([
            ["noise", noise()],
            ["table.tsv", Buffer.concat([heading, noise()])],
            ["cut.rpt", ends.subarray(0, random.below(ends.length + 1))],
          ]);
        await expectKept([files(), files()], seed);
      }
    },
    runsTimeout,
  );
});
