import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { ledgerHead } from "../../projections/tree-head.js";
import { create, getCheckpoint, update } from "../../src/ledger/checkpoint-commands.js";
import { lagOf } from "../../src/ledger/lag.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { verify } from "../../src/ledger/verify.js";
import { watch } from "../../src/ledger/watch.js";
import { openLedger } from "../../src/open-ledger.js";
import { temporaryFolder } from "../temporary-folder.js";
import { appendAs } from "./append-as.js";
import { dumpReadModels } from "./dump-read-models.js";

async function open(engine: string): Promise<Ledger> {
  const url = engine === "memory" ? "memory:" : `sqlite:${join(temporaryFolder(), "ledger.db")}`;
  const ledger = await openLedger(url, { actor: "ann", now: () => new Date("2026-03-01T12:00:00Z") });
  onTestFinished(() => ledger.close());
  return ledger;
}

async function newTask(ledger: Ledger): Promise<string> {
  const made = await create(ledger, { taskId: "build", stepDescription: "place" });
  if (!made.ok) throw new Error(made.message);
  return made.checkpoint.checkpointId;
}

describe.each(["memory", "sqlite"])("a ledger in %s with an event of a newer ckpt", (engine) => {
  it.each([
    ["an unknown version", "CheckpointProgressed", 2],
    ["an unknown type", "CheckpointForked", 1],
  ])(
    "(%s) parks it in the read models that need its data, and verifies with the same head",
    async (_, type, version) => {
      const ledger = await open(engine);
      const [newer, other] = [await newTask(ledger), await newTask(ledger)];
      const event = await appendAs(ledger, newer, type, version);
      expect(await update(ledger, other, { stepNumber: 2 })).toMatchObject({ ok: true });
      expect(await update(ledger, newer, { stepNumber: 2 })).toMatchObject({
        ok: false,
        code: "conflict",
        message: expect.stringMatching(`event ${event.number} \\(${type}\\) .* is parked .*written by a newer ckpt`),
      });
      expect(await getCheckpoint(ledger, newer)).toMatchObject({ checkpoint: { stepNumber: 1 } });
      const parked = ledger.readModels.parked();
      expect(new Set(parked.map(({ id }) => id))).toEqual(new Set([event.id]));
      expect(parked.find(({ projection }) => projection === "tree-head")).toBeUndefined();
      expect(await verify(ledger)).toMatchObject({ ok: true, head: ledgerHead(ledger.readModels.tables) });
      await ledger.readModels.rebuild();
      expect(ledger.readModels.parked().map((each) => each.number)).toEqual(parked.map((each) => each.number));
    },
  );

  it("is told so by who watches it", async () => {
    const ledger = await open(engine);
    await appendAs(ledger, await newTask(ledger), "CheckpointProgressed", 2);
    const events = watch(ledger, { after: 2 });
    await expect(events.next()).rejects.toMatchObject({ cure: "Use a newer ckpt." });
  });
});

describe.each(["memory", "sqlite"])("a ledger in %s", (engine) => {
  it("takes parked events again once the cause is mended, and is what a rebuild makes", async () => {
    const ledger = await open(engine);
    const id = await newTask(ledger);
    await ledger.readModels.refresh();
    const { tables } = ledger.readModels;
    const [row] = tables.all<Record<string, string>>(`SELECT * FROM rm_checkpoints`);
    tables.run(`DELETE FROM rm_checkpoints`);
    tables.forget();
    await appendAs(ledger, id, "CheckpointProgressed", 1);
    await ledger.readModels.refresh();
    expect(ledger.readModels.parked()).toMatchObject([
      {
        projection: "checkpoints",
        type: "CheckpointProgressed",
        reason: expect.stringContaining("before CheckpointCreated"),
      },
    ]);
    expect((await ledger.readModels.retryParked()).parked).toBe(1);
    tables.run(
      `INSERT INTO rm_checkpoints VALUES (${Object.keys(row!)
        .map(() => "?")
        .join(", ")})`,
      ...Object.values(row!),
    );
    expect(await ledger.readModels.retryParked()).toEqual({ applied: 1, parked: 0 });
    const kept = dumpReadModels(ledger);
    await ledger.readModels.rebuild();
    expect(dumpReadModels(ledger)).toEqual(kept);
    expect(await getCheckpoint(ledger, id)).toMatchObject({ checkpoint: { stepNumber: 9 } });
  });

  it("tells how far its read models are behind, in events and seconds", async () => {
    const ledger = await open(engine);
    const id = await newTask(ledger);
    await ledger.readModels.refresh();
    expect((await lagOf(ledger)).readModels).toMatchObject(
      Array.from({ length: 5 }, () => ({ number: 2, lagEvents: 0, lagSeconds: 0, parked: 0, stopped: false })),
    );
    await appendAs(ledger, id, "CheckpointProgressed", 1);
    await appendAs(ledger, id, "CheckpointProgressed", 2);
    ledger.readModels.tables.run(`UPDATE rm_projections SET number = 2, position = '2'`);
    const { number, position, readModels } = await lagOf(ledger);
    expect({ number, position }).toEqual({ number: 4, position: "4" });
    expect(readModels).toMatchObject(Array.from({ length: 5 }, () => ({ number: 2, lagEvents: 2, lagSeconds: 60 })));
  });

  it("tells nobody anything when its read models are rebuilt or parked events tried again", async () => {
    const ledger = await open(engine);
    const id = await newTask(ledger);
    await appendAs(ledger, id, "CheckpointProgressed", 1);
    const controller = new AbortController();
    const seen: (number | null)[] = [];
    const watching = (async () => {
      for await (const event of watch(ledger, { signal: controller.signal })) seen.push(event?.event ?? null);
    })();
    await expect.poll(() => seen).toEqual([1, 2, 3, null]);
    const head = await verify(ledger);
    await ledger.readModels.rebuild();
    await ledger.readModels.retryParked();
    await ledger.readModels.refresh();
    expect(await verify(ledger)).toEqual(head);
    await update(ledger, id, { stepNumber: 3 });
    await expect.poll(() => seen).toEqual([1, 2, 3, null, 4, null]);
    controller.abort();
    await watching;
  });
});
