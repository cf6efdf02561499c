/** What was damaged in the store is refused; it never comes back as other bytes. Seeds: random-runs.ts. */
import { describe, expect, it } from "vitest";
import { BlockDamagedError } from "../../src/timing/stage-reader.js";
import { change } from "./changed-design.js";
import { chunksOf, expectSame, inBytes, keep, openMemory, readAllBack, withDamagedChunks } from "./kept-stages.js";
import { makeDesign } from "./made-design.js";
import { reportsOf } from "./made-reports.js";
import { makeStyle } from "./made-style.js";
import { runsTimeout, seedsFrom } from "./random-runs.js";
import { SeededRandom } from "./seeded-random.js";

const files = ["max_full.rpt", "max_end.rpt", "pins.tsv", "out.sdc"];

/** Two stages with one seed; the second leans on the first. */
async function twoStages(seed: number) {
  const ledger = await openMemory();
  const style = { ...makeStyle(seed), digits: 3 };
  const design = makeDesign(seed, { cells: 25 });
  const stages = [design, change(design, seed + 1)].map((each) => {
    const all = inBytes(reportsOf(each, style));
    return new Map(files.map((name) => [name, all.get(name)!]));
  });
  for (const [at, each] of stages.entries()) await keep(ledger, `s${at}`, each);
  const [base, next] = [await chunksOf(ledger, "s0"), await chunksOf(ledger, "s1")];
  return { ledger, stages, base, next };
}

describe("damaged chunks", () => {
  it(
    "are refused, or hold nothing that is read",
    async () => {
      const { ledger, stages, base, next } = await twoStages(4);
      const all = seedsFrom(20_001, 10_000);
      let refused = 0;
      for (const seed of all) {
        const random = new SeededRandom(seed);
        // The stage itself, or the one that it leans on.
        const [stage, stream] = random.pick([[0, base] as const, [1, next] as const, [1, base] as const]);
        const harmSeed = random.below(2 ** 31);
        const harmed = withDamagedChunks(ledger, stream, (bytes) => harm(bytes, new SeededRandom(harmSeed)));
        const back = await readAllBack(harmed, `s${stage}`).catch((error: unknown) => {
          if (!isClear(error)) throw new Error(`seed ${seed}: refused as if by accident`, { cause: error });
          return null;
        });
        if (back) expectSame(stages[stage]!, back, `seed ${seed}`);
        else refused++;
      }
      // Headers that only a recovery reads lie between the blocks; most of the bytes are read.
      if (all.length > 100) expect(refused).toBeGreaterThan(all.length / 2);
      await ledger.close();
    },
    runsTimeout,
  );
});

/** Flips a bit, cuts, loses, zeroes, overwrites or moves bytes. */
function harm(bytes: Uint8Array, random: SeededRandom): Uint8Array | null {
  const harmed = Uint8Array.from(bytes);
  const at = random.below(harmed.length);
  const end = at + 1 + random.below(64);
  switch (random.below(10)) {
    case 0:
      return random.chance(0.1) ? null : harmed.subarray(0, random.chance(0.1) ? 0 : at);
    case 1:
    case 2:
      return harmed.fill(0, at, end);
    case 3:
    case 4:
      return harmed.fill(random.below(256), at, end);
    case 5:
      return harmed.copyWithin(at, random.below(harmed.length));
    case 6:
      for (let byte = at; byte < Math.min(end, harmed.length); byte++) harmed[byte] = random.below(256);
      return harmed;
    default:
      harmed[at]! ^= 1 << random.below(8);
      return harmed;
  }
}

/** A refusal says what is wrong; a TypeError, an allocation that fails or a trap of a kernel is an accident. */
function isClear(error: unknown): boolean {
  if (error instanceof BlockDamagedError) return true;
  if (!(error instanceof Error) || error.name === "RuntimeError") return false;
  if (error instanceof RangeError) return "code" in error;
  return !(error instanceof TypeError || error instanceof ReferenceError);
}
