/** A model that was kept goes on exactly as the one that went on. A failure names the seed that repeats it. */
import type { CachePlace } from "../../src/cache/cache-store.js";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { formOf } from "../../src/timing/file-form.js";
import { modelKey } from "../../src/timing/model/kept-model.js";
import { StageCheck } from "../../src/timing/threads/stage-check.js";
import { type CodedBlock, StageCoder } from "../../src/timing/threads/stage-coder.js";
import { change } from "./changed-design.js";
import { makeDesign } from "./made-design.js";
import { reportsOf } from "./made-reports.js";
import { makeStyle } from "./made-style.js";
import { runsTimeout, seedsFrom } from "./random-runs.js";

const folder = mkdtempSync(join(tmpdir(), "kept-model-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Blocks = readonly (readonly [file: string, blocks: readonly CodedBlock[]])[];

/** The blocks of a stage's files that the model codes. */
function encode(coder: StageCoder, texts: ReadonlyMap<string, string>): Blocks {
  coder.nextStage();
  return [...texts].flatMap(([file, text]) => {
    const form = formOf(Buffer.from(text));
    if (form === "plain") return [];
    coder.begin(file, form);
    const { blocks } = coder.push(Buffer.from(text));
    return [[file, [...blocks, ...coder.finish().blocks]] as const];
  });
}

function readBack(check: StageCheck, stage: Blocks): void {
  check.nextStage();
  for (const [file, blocks] of stage) for (const { coding, bytes } of blocks) check.take(coding, file, bytes);
}

function stagesOf(seed: number): ReadonlyMap<string, string>[] {
  const style = makeStyle(seed);
  const designs = [makeDesign(seed)];
  for (let step = 1; step < 4; step++) designs.push(change(designs.at(-1)!, seed + step));
  return designs.map((design) => reportsOf(design, style));
}

const placeOf = (seed: number, stage: number): CachePlace => ({
  folder,
  bytesMax: 2 ** 40,
  key: modelKey(`${seed} ${stage}`),
});

it(
  "codes the next stage as if it had read all stages before",
  () => {
    for (const seed of seedsFrom(1, 5)) {
      const whole = new StageCoder();
      let check = new StageCheck();
      for (const [at, texts] of stagesOf(seed).entries()) {
        const coder = new StageCoder();
        if (at > 0) expect(coder.load(placeOf(seed, at - 1)), `seed ${seed}`).toBe(true);
        const blocks = encode(whole, texts);
        expect(encode(coder, texts), `seed ${seed}, stage ${at}`).toEqual(blocks);
        if (at > 1) {
          check.close();
          check = new StageCheck();
          expect(check.load(placeOf(seed, at - 1)), `seed ${seed}`).toBe(true);
        }
        readBack(check, blocks);
        check.save(placeOf(seed, at));
        coder.close();
      }
      whole.close();
      check.close();
    }
  },
  runsTimeout,
);

it("takes nothing from a file that is damaged or cut, and drops it", () => {
  const place = placeOf(0, 0);
  const check = new StageCheck();
  readBack(check, encode(new StageCoder(), stagesOf(3)[0]!));
  for (const harm of [flipped, cut]) {
    check.save(place);
    const name = readdirSync(folder).find((each) => each.endsWith(place.key.of));
    const path = join(folder, name!);
    writeFileSync(path, harm(readFileSync(path)));
    expect(new StageCoder().load(place)).toBe(false);
    expect(readdirSync(folder)).not.toContain(name);
  }
});

function flipped(bytes: Buffer): Buffer {
  bytes[Math.floor(bytes.length / 2)]! ^= 4;
  return bytes;
}

const cut = (bytes: Buffer): Buffer => bytes.subarray(0, -1000);
