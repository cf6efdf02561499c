import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { create } from "../../src/ledger/checkpoint-commands.js";
import { copyLedger } from "../../src/ledger/copy.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { openLedger, type LedgerOptions } from "../../src/open-ledger.js";
import type { EventStore } from "../../src/store/event-store.js";
import { ckpt } from "../cli/built-ckpt.js";
import { temporaryFolder } from "../temporary-folder.js";
import { dumpReadModels } from "./dump-read-models.js";
import { fillLedger, keptByCopy } from "./ledger-events.js";

async function open(url: string, options: LedgerOptions = {}): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "ann", ...options });
  onTestFinished(() => ledger.close());
  return ledger;
}

const emptyStore = async () => await open("memory:", { inspect: true });

/** The ledger, whose store takes so many appends and then fails. */
function failingAfter(ledger: Ledger, appends: number): Ledger {
  let left = appends;
  const append: EventStore["append"] = async (request) => {
    if (left-- === 0) throw new Error("the power is gone");
    return await ledger.store.append(request);
  };
  const { store } = ledger;
  return {
    ...ledger,
    store: {
      append,
      readStream: (stream, options) => store.readStream(stream, options),
      readAll: (options) => store.readAll(options),
      subscribe: (options) => store.subscribe(options),
      positionAt: (number) => store.positionAt(number),
      numberAt: (position) => store.numberAt(position),
      truncateBefore: (stream, revision) => store.truncateBefore(stream, revision),
      deleteStream: (stream) => store.deleteStream(stream),
      close: () => store.close(),
    },
  };
}

describe("a copy of a ledger", () => {
  it("is the same log on another engine: ids, order, hashes, timestamps, numbers, read models", async () => {
    const source = await open("memory:");
    await fillLedger(source, 20);
    const target = await open(`sqlite:${join(temporaryFolder(), "copy.db")}`, { inspect: true });
    const copied = await copyLedger(source, target);
    expect(copied).toMatchObject({ ok: true, same: true, before: 0 });
    expect(copied.ok && copied.to.head === copied.from.head).toBe(true);
    expect(await keptByCopy(target.store)).toEqual(await keptByCopy(source.store));
    for (const { readModels } of [source, target]) await readModels.refresh();
    const { rm_projections: _, ...expected } = dumpReadModels(source);
    expect(dumpReadModels(target)).toMatchObject(expected);
  });

  it("that was broken off anywhere is gone on with, and follows a source that grows", async () => {
    const source = await open("memory:");
    await fillLedger(source, 5);
    const target = await emptyStore();
    let copied;
    for (let runs = 0, done = false; !done && runs < 40; runs++)
      try {
        copied = await copyLedger(source, failingAfter(target, 3));
        done = true;
      } catch (error) {
        expect(String(error)).toContain("the power is gone");
      }
    expect(copied).toMatchObject({ ok: true, same: true });
    await create(source, { taskId: "late", stepNumber: 1, stepDescription: "x" });
    expect(await copyLedger(source, target)).toMatchObject({ ok: true, same: true, events: 1, chunks: 0 });
    expect(await keptByCopy(target.store)).toEqual(await keptByCopy(source.store));
  });

  it("leaves out chunks that were erased in the source since they were copied", async () => {
    const source = await open("memory:");
    await fillLedger(source, 0);
    const target = await emptyStore();
    const chunk = { id: "01980000-0000-7000-8000-000000000001", type: "Chunk", data: Buffer.from("x"), metadata: "{}" };
    await source.store.append({ stream: "chunks-draft", expected: "no_stream", events: [chunk] });
    await copyLedger(source, target);
    await source.store.deleteStream("chunks-draft");
    await create(source, { taskId: "late", stepNumber: 1, stepDescription: "x" });
    expect(await copyLedger(source, target)).toMatchObject({ ok: true, same: true, events: 1 });
    expect(await keptByCopy(target.store)).toEqual(await keptByCopy(source.store));
  });

  it("is refused where another ledger is, or one that went on by itself, and nothing is written", async () => {
    const source = await open("memory:");
    await fillLedger(source, 1);
    const other = await open("memory:");
    expect(await copyLedger(source, other)).toMatchObject({ ok: false, code: "conflict", message: /another ledger/ });
    expect(await keptByCopy(other.store)).toHaveLength(1);
    const target = await emptyStore();
    await copyLedger(source, target);
    await create(target, { taskId: "own", stepNumber: 1, stepDescription: "x" });
    const before = await keptByCopy(target.store);
    expect(await copyLedger(source, target)).toMatchObject({ ok: false, code: "conflict", message: /by itself/ });
    expect(await keptByCopy(target.store)).toEqual(before);
    expect(await copyLedger(await emptyStore(), target)).toMatchObject({ ok: false, code: "not-found" });
  });

  it("says when the source does not verify", async () => {
    const source = await open("memory:");
    await fillLedger(source, 1);
    const [last] = (await keptByCopy(source.store)).slice(-1);
    const event = { id: "01980000-0000-7000-8000-000000000002", type: "Forged", data: "{}", metadata: "{}" };
    await source.store.append({ stream: last!.stream, expected: last!.revision, events: [event] });
    expect(await copyLedger(source, await emptyStore())).toMatchObject({ ok: true, same: false, to: { ok: false } });
  });

  it("is made by the command line, which prints both heads", async () => {
    const folder = temporaryFolder();
    await ckpt(folder, "task", "create", "build", "--title", "Place");
    const args = ["copy", "--from", `sqlite:${join(folder, "ledger.db")}`, "--to", `sqlite:${join(folder, "copy.db")}`];
    const first = await ckpt(folder, ...args);
    expect(first.code, first.err).toBe(0);
    const [head] = /2-[0-9a-f]{64}/.exec(first.out)!;
    expect(first.out.split(head)).toHaveLength(3);
    const again = JSON.parse((await ckpt(folder, ...args, "--json")).out) as unknown;
    expect(again).toMatchObject({ ok: true, before: 2, events: 0, same: true, from: { head }, to: { head } });
    await ckpt(folder, "init", "--store", `sqlite:${join(folder, "other.db")}`);
    const refused = await ckpt(folder, ...args.slice(0, 4), `sqlite:${join(folder, "other.db")}`);
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining("another ledger") });
  });
});
