import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openLedger } from "../../src/open-ledger.js";
import { expectSame, inBytes, keep, readAllBack, type StageFiles } from "../timing/kept-stages.js";
import { change } from "../timing/changed-design.js";
import { makeDesign } from "../timing/made-design.js";
import { reportsOf } from "../timing/made-reports.js";
import { makeStyle } from "../timing/made-style.js";

const root = mkdtempSync(join(tmpdir(), "kept-model-"));
afterAll(() => rmSync(root, { recursive: true }));

const options = { actor: "test", keepsModels: true };

/** Stages of one design, so long that their model is worth keeping. */
function longStages(): StageFiles[] {
  const style = makeStyle(7);
  const first = makeDesign(7);
  const second = change(first, 8);
  return [first, second, change(second, 9)].map((design) => {
    const files = reportsOf(design, style);
    const full = files.get("max_full.rpt")!;
    return inBytes(new Map([...files, ["max_full.rpt", full.repeat(Math.ceil((5 << 20) / full.length))]]));
  });
}

/** Captures the stages, doing something to the cache after each; answers what the last one took. */
async function captureAll(name: string, stages: readonly StageFiles[], after: (cache: string) => void) {
  const folder = join(root, name);
  for (const [at, files] of stages.entries()) {
    const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`, options);
    await keep(ledger, `s${at}`, files);
    await ledger.close();
    after(join(folder, "cache"));
  }
  const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`, options);
  for (const [at, files] of stages.entries()) expectSame(files, await readAllBack(ledger, `s${at}`), `${name}, s${at}`);
  await ledger.close();
}

const modelsIn = (folder: string) => readdirSync(folder).filter((entry) => entry.startsWith("model-"));

it("keeps a stage's model beside the ledger, and needs it neither to capture nor to read", async () => {
  const stages = longStages();
  const kept: number[] = [];
  await captureAll("kept", stages, (cache) => kept.push(modelsIn(cache).length));
  expect(kept).toEqual([1, 2, 3]);
  await captureAll("lost", stages, (cache) => rmSync(cache, { recursive: true }));
}, 60_000);
