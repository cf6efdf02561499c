import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventBytes } from "../../projections/projection.js";
import { formsOf } from "../../projections/stage-forms.js";
import { stagesOf } from "../../projections/timing-stages.js";
import { capture } from "../../src/ledger/capture.js";
import { ChunkReader } from "../../src/ledger/chunk-stream.js";
import { compact, type Compacted } from "../../src/ledger/compact.js";
import { newCommandKey } from "../../src/ledger/command-key.js";
import { runDesignCommand } from "../../src/ledger/design-commands.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { rollback } from "../../src/ledger/rollback.js";
import { verify } from "../../src/ledger/verify.js";
import { openLedger } from "../../src/open-ledger.js";
import { temporaryFolder } from "../temporary-folder.js";
import { expectSame, keep, readAllBack, type StageFiles } from "../timing/kept-stages.js";
import { seedsFrom } from "../timing/random-runs.js";
import { SeededRandom } from "../timing/seeded-random.js";
import { dumpReadModels } from "./dump-read-models.js";
import { KilledError, killedAfter } from "./failing-store.js";
import { madeStages, noise } from "./made-stages.js";

/** As many as a capture lets stand on one another, a full one, and some that stand on it. */
const names = new Set(["top.v", "pins.tsv", "max_end.rpt"]);
const stages: readonly StageFiles[] = madeStages(13, 3).map(
  (files) => new Map([...files].filter(([name]) => names.has(name))),
);

async function open(url: string, now?: () => Date): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "ann", ...(now ? { now } : {}) });
  onTestFinished(() => ledger.close());
  return ledger;
}

const newPath = () => join(temporaryFolder(), "ledger.db");

async function openKept(url: string, files = stages): Promise<Ledger> {
  const ledger = await open(url);
  for (const [at, each] of files.entries()) await keep(ledger, `s${at}`, each, at);
  return ledger;
}

async function compacted(ledger: Ledger, request = {}): Promise<Compacted> {
  const done = await compact(ledger, request);
  if (!done.ok) throw new Error(done.message);
  return done;
}

async function expectWhole(ledger: Ledger, files: readonly StageFiles[] = stages, when = ""): Promise<void> {
  await ledger.readModels.refresh();
  for (const [at, each] of files.entries())
    expectSame(each, await readAllBack(ledger, `s${at}`), `${when} stage ${at}`);
  expect(await verify(ledger), when).toMatchObject({ ok: true });
}

async function chunkBytes(ledger: Ledger): Promise<number> {
  let bytes = 0;
  for await (const { data } of ledger.store.readAll({ filter: { payload: true, streamPrefixes: ["chunks-"] } }))
    bytes += data.length;
  return bytes;
}

/** A capture that has begun, and reads on only when it is told to. */
async function begunCapture(ledger: Ledger, stage: string, parent?: string) {
  const [asked, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const source = async function* () {
    asked.resolve();
    await goOn.promise;
    yield Buffer.from(`${stage}\n`);
  };
  const request = { design: "made", stage, ...(parent === undefined ? {} : { parent }) };
  const done = capture(ledger, request, [{ name: "note.txt", source: source() }]);
  await asked.promise;
  return {
    end: () => {
      goOn.resolve();
      return done;
    },
  };
}

describe.each(["memory:", "sqlite:"])("compact in %s", (engine) => {
  const url = () => (engine === "memory:" ? engine : `sqlite:${newPath()}`);

  it("stores a chain in fewer bytes, gives back every file, and finds nothing more to do", async () => {
    const longer = madeStages(20, 3);
    const ledger = await openKept(url(), longer);
    const before = await chunkBytes(ledger);
    const done = await compacted(ledger);
    expect(done.totals.rewritten).toBeGreaterThan(0);
    expect(done.totals.bytesAfter).toBeLessThan(done.totals.bytesBefore);
    expect(done.totals).toMatchObject({ bytesBefore: before, waitingBytes: 0 });
    expect(await chunkBytes(ledger)).toBe(done.totals.bytesAfter);
    expect(Math.max(...done.stages.map(({ after }) => after.level))).toBe(16);
    await expectWhole(ledger, longer);

    const { head } = (await verify(ledger)) as { head: string };
    expect((await compacted(ledger)).totals).toMatchObject({ rewritten: 0, bytesAfter: done.totals.bytesAfter });
    expect(await verify(ledger)).toMatchObject({ head });

    const kept = dumpReadModels(ledger);
    await ledger.readModels.rebuild();
    expect(dumpReadModels(ledger)).toEqual(kept);
    await expectWhole(ledger, longer);
  });

  it("counts a stage's bytes in the form that it has, as the log holds them", async () => {
    const ledger = await openKept(url());
    await compacted(ledger);
    const held = new Map<string, number>();
    const events = new Map<string, number>();
    for await (const event of ledger.store.readAll({ filter: { payload: true } })) {
      const { stream, data, type } = event;
      held.set(stream, (held.get(stream) ?? 0) + data.length);
      const of = type === "Chunk" ? stream : `${stream} ${data as string}`;
      const id = of.match(/cp_made_\d+_\d+-[0-9a-z]{8}/g)?.[0] ?? "";
      if (type !== "DesignCompacted") events.set(id, (events.get(id) ?? 0) + eventBytes(event));
    }
    for (const { seal, storedBytes, checkpointId } of stagesOf(ledger.readModels.tables, "made")) {
      expect(storedBytes).toBe(events.get(checkpointId));
      expect(held.get(seal!.chunks.stream)).toBe(seal!.chunks.bytes);
      const files = seal!.files!.reduce((sum, each) => sum + each.storedBytes, 0);
      expect(files).toBe(seal!.manifest.at);
    }
  });

  it("only tells what it would do in a dry run", async () => {
    const ledger = await openKept(url());
    const { head } = (await verify(ledger)) as { head: string };
    const told = await compacted(ledger, { dryRun: true });
    expect(await verify(ledger)).toMatchObject({ head });
    const done = await compacted(ledger);
    const { seconds: _, erasedBytes, ...totals } = done.totals;
    expect(told.totals).toMatchObject(totals);
    expect(told.stages).toEqual(done.stages);
    expect(erasedBytes).toBeGreaterThan(0);
  });

  it("goes on where it was killed, however often, and loses nothing", async () => {
    const ledger = await openKept(url());
    let kills = 0;
    for (; kills < 30; kills++) {
      const killed = await compact(killedAfter(ledger, 1 + kills)).catch((error: unknown) => error);
      await expectWhole(ledger, stages, `killed ${kills + 1} times:`);
      if (!(killed instanceof KilledError)) break;
    }
    expect(kills).toBeGreaterThan(2);
    const done = await compacted(ledger);
    expect(done.totals).toMatchObject({ rewritten: 0, waitingBytes: 0 });
    await expectWhole(ledger);
  });

  it("leans a stage on the abandoned sibling that it resembles", async () => {
    const ledger = await open(url());
    const [one, other] = [noise(40_000, 1), noise(40_000, 2)];
    const files = [one, other, Buffer.concat([other, Buffer.from("// again\n")])].map(
      (text): StageFiles => new Map([["top.v", text]]),
    );
    await keep(ledger, "s0", files[0]!);
    await keep(ledger, "s1", files[1]!);
    await rollback(ledger, { design: "made", to: "s0", reason: "hold broke" });
    await keep(ledger, "s2", files[2]!);
    const done = await compacted(ledger);
    expect(done.stages.map(({ after }) => after.base)).toEqual([null, "s0", "s1"]);
    expect(done.totals.bytesAfter).toBeLessThan(0.7 * done.totals.bytesBefore);
    await expectWhole(ledger, files);
  });

  it("codes by the model what was captured by general compression alone", async () => {
    const ledger = await open(url());
    const whole = madeStages(3, 3);
    for (const [at, files] of whole.entries()) {
      const sources = [...files].map(([name, bytes]) => ({ name, source: only(bytes) }));
      await capture(ledger, { design: "made", stage: `s${at}`, plain: true }, sources);
    }
    const done = await compacted(ledger);
    expect(done.totals).toMatchObject({ rewritten: 3 });
    expect(done.totals.bytesAfter).toBeLessThan(0.8 * done.totals.bytesBefore);
    await expectWhole(ledger, whole);
  });

  it("erases nothing that a capture under way could lean on, and makes up for it afterwards", async () => {
    const ledger = await openKept(url());
    const under = await begunCapture(ledger, "late");
    const done = await compacted(ledger);
    expect(done.totals).toMatchObject({ erasedBytes: 0, waitingBytes: expect.any(Number) });
    expect(done.totals.waitingBytes).toBeGreaterThan(0);
    expect(await under.end()).toMatchObject({ ok: true });
    await expectWhole(ledger);
    expect((await readAllBack(ledger, "late")).get("note.txt")?.toString()).toBe("late\n");
    await compacted(ledger);
    expect((await readAllBack(ledger, "late")).get("note.txt")?.toString()).toBe("late\n");
    await expectWhole(ledger);
  });

  it("does not wait for a capture that has died; should it come back, it is refused", async () => {
    let time = Date.parse("2026-01-01T00:00:00Z");
    const ledger = await open(url(), () => new Date(time));
    for (const [at, files] of stages.entries()) await keep(ledger, `s${at}`, files, at);
    const under = await begunCapture(ledger, "late", "s11");
    time += 91_000;
    expect((await compacted(ledger)).totals).toMatchObject({ waitingBytes: 0 });
    const late = await under.end().catch((error: unknown) => error);
    expect(late).not.toMatchObject({ ok: true });
    await expectWhole(ledger);
  });

  it("lets two of them work at once: each stage is written by one, and all can be read", async () => {
    const ledger = await openKept(url());
    const both = await Promise.all([compact(ledger), compact(ledger)]);
    expect(both.some(({ ok }) => ok)).toBe(true);
    for (const each of both) if (!each.ok) expect(each).toMatchObject({ code: "conflict" });
    await expectWhole(ledger);
    await compacted(ledger);
    await expectWhole(ledger);
    expect((await compacted(ledger)).totals).toMatchObject({ rewritten: 0, waitingBytes: 0 });
  });

  it("tells a reader whose form was erased meanwhile to read again", async () => {
    const ledger = await openKept(url());
    const { stream } = stagesOf(ledger.readModels.tables, "made").at(-1)!.seal!.chunks;
    const reader = new ChunkReader(ledger, { stream });
    await compacted(ledger);
    await expect(reader.read(0, 1)).rejects.toMatchObject({ code: "store-unavailable", cure: "Read the stage again." });
  });

  it("keeps every stage whole through captures, rollbacks and compacts in any order", async () => {
    let rewritten = 0;
    for (const seed of seedsFrom(1, 6)) {
      const random = new SeededRandom(seed);
      const ledger = await open(url());
      const files: StageFiles[] = [];
      for (let step = 0; step < 24; step++)
        if (files.length > 1 && random.chance(0.2)) rewritten += (await compacted(ledger)).totals.rewritten;
        else if (files.length > 1 && random.chance(0.3)) {
          const to = `s${random.below(files.length)}`;
          await rollback(ledger, { design: "made", to, reason: "seen enough" });
        } else {
          const before = files.length > 0 ? random.pick(files).get("top.v")! : noise(20_000, seed);
          const at = random.below(before.length);
          const patch = noise(random.pick([10, 3000]), seed + step);
          const text = Buffer.concat([before.subarray(0, at), patch, before.subarray(at + patch.length)]);
          files.push(new Map([["top.v", text]]));
          await keep(ledger, `s${files.length - 1}`, files.at(-1)!);
        }
      await compacted(ledger);
      await expectWhole(ledger, files, `seed ${seed},`);
      const kept = dumpReadModels(ledger);
      await ledger.readModels.rebuild();
      expect(dumpReadModels(ledger), `seed ${seed}`).toEqual(kept);
      expect((await compacted(ledger)).totals, `seed ${seed}`).toMatchObject({ rewritten: 0, waitingBytes: 0 });
    }
    expect(rewritten).toBeGreaterThan(0);
  });

  it("refuses a design that is not there", async () => {
    expect(await compact(await open(url()), { design: "none" })).toMatchObject({ ok: false, code: "not-found" });
  });
});

describe("a form that is gone", () => {
  it("is no fault once an event has said so, and is named as one otherwise", async () => {
    const ledger = await openKept("memory:");
    await compacted(ledger);
    expect(await verify(ledger)).toMatchObject({ ok: true });
    const last = stagesOf(ledger.readModels.tables, "made").at(-1)!;
    await ledger.store.deleteStream(last.seal!.chunks.stream);
    expect(await verify(ledger)).toMatchObject({
      ok: false,
      type: "StageRecompacted",
      faults: 1,
      reason: `the chunks in ${last.seal!.chunks.stream} are gone`,
    });
  });

  it("is a fault where the event names other chunks than were sealed", async () => {
    const ledger = await openKept("memory:");
    const under = await begunCapture(ledger, "late");
    await compacted(ledger);
    const { tables } = ledger.readModels;
    const { checkpointId, form } = formsOf(tables, "made").find(({ state }) => state === "replaced")!;
    const chunks = { ...form.chunks, root: "0".repeat(64) };
    const erase = { type: "erase-chunks", design: "made", checkpointId, chunks } as const;
    const run = { key: newCommandKey(new Date()), actor: "ann", step: "erase" };
    expect(await runDesignCommand(ledger, "made", () => erase, run)).toMatchObject({ ok: true });
    await ledger.store.deleteStream(chunks.stream);
    await under.end();
    expect(await verify(ledger)).toMatchObject({ ok: false, type: "CheckpointCompleted", faults: 2 });
  });
});

describe("stages captured before seals named their base's form", () => {
  it("are read by the form that the base had then", async () => {
    const ledger = await openKept("memory:");
    const older = await openLedger("memory:", { create: false });
    onTestFinished(() => older.close());
    for await (const event of ledger.store.readAll({ filter: { payload: true } })) {
      const { stream, id, type, metadata } = event;
      const data = typeof event.data === "string" ? event.data.replace(/"baseStream":(null|"[^"]*"),/, "") : event.data;
      await older.store.append({ stream, expected: "any", events: [{ id, type, data, metadata }] });
    }
    await older.readModels.refresh();
    for (const { seal } of stagesOf(older.readModels.tables, "made")) expect(seal).not.toHaveProperty("baseStream");
    for (const [at, files] of stages.entries()) expectSame(files, await readAllBack(older, `s${at}`), `stage ${at}`);
    expect((await compacted(older)).totals.rewritten).toBeGreaterThan(0);
    for (const [at, files] of stages.entries()) expectSame(files, await readAllBack(older, `s${at}`), `stage ${at}`);
  });
});

describe("compact on disk", () => {
  it("loses nothing when it is killed between any two writes, and the next one finishes the work", async () => {
    const path = newPath();
    const first = await openKept(`sqlite:${path}`);
    first.readModels.tables.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    await first.close();
    let last: Compacted | null = null;
    for (let writes = 0; last === null; writes++) {
      const copy = newPath();
      copyFileSync(path, copy);
      const ledger = await open(`sqlite:${copy}`);
      const killed = await compact(killedAfter(ledger, writes)).catch((error: unknown) => error as KilledError);
      if (!(killed instanceof Error) && killed.ok) last = killed;
      await expectWhole(ledger, stages, `killed after ${writes} writes:`);
      const done = await compacted(ledger);
      expect(done.totals.waitingBytes).toBe(0);
      await expectWhole(ledger, stages, `killed after ${writes} writes, and compacted:`);
      await ledger.close();
    }
    expect(last.totals.rewritten).toBeGreaterThan(3);
  }, 240_000);
});

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
