import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Projection } from "../../projections/projection.js";
import { ReadModels } from "../../projections/read-models.js";
import { rebuildBeside } from "../../projections/rebuild-beside.js";
import type { EventStore } from "../../src/store/event-store.js";
import { MemoryEventStore } from "../../src/store/memory/memory-event-store.js";
import { temporaryFolder } from "../temporary-folder.js";
import { appendNumbers, numbered, sums } from "./sums.js";

/** A store, and read models that follow it: `refresh` brings them to its end. */
interface Followed {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  refresh(): Promise<void>;
  retry(): Promise<unknown>;
  rebuild(): Promise<void>;
}

async function follow(...projections: Projection[]): Promise<Followed> {
  const store = new MemoryEventStore();
  const path = join(temporaryFolder(), "read-models.db");
  const readModels = new ReadModels(new DatabaseSync(path), projections);
  readModels.prepare();
  onTestFinished(() => readModels.tables.database.close());
  return {
    store,
    readModels,
    refresh: async () => void (await readModels.catchUp(store)),
    retry: async () => await readModels.retryParked(store),
    rebuild: async () => await rebuildBeside(readModels, { store, path, takeOver: async (replace) => replace() }),
  };
}

function taken({ readModels }: Followed): Record<string, string> {
  const rows = readModels.tables.all<{ stream: string; taken: string }>(`SELECT * FROM rm_sums`);
  return Object.fromEntries(rows.map((row) => [row.stream, row.taken]));
}

function parked({ readModels }: Followed): [number: number, attempts: number, reason: string][] {
  return readModels.parked().map((each) => [each.number, each.attempts, each.reason]);
}

const behind = "it waits behind a parked event of a";

describe("a read model", () => {
  it("parks what it throws on with nothing of it left, holds its stream back, and goes on with the others", async () => {
    const { projection, poison } = sums();
    const followed = await follow(projection);
    poison.set(2, () => new TypeError("no such state"));
    await appendNumbers(followed.store, { a: [1, 2, 4], b: [3, 5] });
    await followed.refresh();
    expect(taken(followed)).toEqual({ a: "1", b: "3 5" });
    expect(parked(followed)).toEqual([
      [2, 1, "no such state"],
      [4, 0, behind],
    ]);
    expect(followed.readModels.parked()[0]).toMatchObject({ type: "Numbered", stream: "a", revision: 1 });
    expect(followed.readModels.status()).toMatchObject([{ number: 5, parked: 2, stopped: false }]);
  });

  it("takes the good events of a batch although one of them is poison", async () => {
    const { projection, poison } = sums();
    const followed = await follow(projection);
    poison.set(3, () => new Error("no"));
    const events = [1, 2, 3, 4].map(numbered);
    await Promise.all(
      events.map((event, at) => followed.store.append({ stream: `s${at}`, expected: "no_stream", events: [event] })),
    );
    await followed.refresh();
    expect(taken(followed)).toEqual({ s0: "1", s1: "2", s3: "4" });
  });

  it("takes parked events in their order once they are tried again, and counts attempts that failed", async () => {
    const { projection, poison } = sums();
    const followed = await follow(projection);
    poison.set(1, () => new Error("first")).set(4, () => new Error("second"));
    await appendNumbers(followed.store, { a: [1, 3, 5], b: [2, 4] });
    await followed.refresh();
    expect(await followed.retry()).toEqual({ applied: 0, parked: 4 });
    expect(parked(followed)).toEqual([
      [1, 2, "first"],
      [3, 0, behind],
      [4, 2, "second"],
      [5, 0, behind],
    ]);
    poison.delete(1);
    expect(await followed.retry()).toEqual({ applied: 3, parked: 1 });
    expect(taken(followed)).toEqual({ a: "1 3 5", b: "2" });
    await appendNumbers(followed.store, { a: [6] });
    await followed.refresh();
    expect(taken(followed)).toMatchObject({ a: "1 3 5 6" });
  });

  it("is rebuilt with every event tried again, and attempts go on", async () => {
    const { projection, poison } = sums();
    const followed = await follow(projection);
    poison.set(1, () => new Error("first")).set(2, () => new Error("second"));
    await appendNumbers(followed.store, { a: [1, 3], b: [2, 4] });
    await followed.refresh();
    poison.delete(1);
    await followed.rebuild();
    expect(taken(followed)).toEqual({ a: "1 3" });
    expect(parked(followed)).toEqual([
      [2, 2, "second"],
      [4, 0, "it waits behind a parked event of b"],
    ]);
  });

  it("stops with its thousandth parked event, refuses queries, and goes on where it stopped", async () => {
    const { projection, poison } = sums();
    const [bad, other] = [projection, { ...sums().projection, name: "others", tables: ["rm_others"], schema: [] }];
    const followed = await follow(bad, { ...other, apply: () => undefined });
    poison.set(1, () => new Error("first"));
    const rest = Array.from({ length: 1200 }, (__, at) => numbered(at + 2));
    await followed.store.append({ stream: "a", expected: "any", events: [numbered(1)] });
    await followed.store.append({ stream: "a", expected: "any", events: rest });
    await followed.refresh();
    expect(followed.readModels.status()).toMatchObject([
      { name: "others", number: 1201, stopped: false },
      { name: "sums", number: 1000, parked: 1000, stopped: true },
    ]);
    expect(() => followed.readModels.refuseStopped()).toThrow(/sums has stopped at event 1000 .* event 1 .*: first/);
    poison.delete(1);
    expect(await followed.retry()).toEqual({ applied: 1000, parked: 0 });
    followed.readModels.refuseStopped();
    await followed.readModels.catchUp(followed.store);
    expect(taken(followed)["a"]!.split(" ")).toHaveLength(1201);
  });

  it("whose order is the whole log's stops at the first event that it cannot take", async () => {
    const { projection, poison } = sums("log");
    const followed = await follow(projection);
    poison.set(2, () => new Error("no"));
    await appendNumbers(followed.store, { a: [1, 2], b: [3] });
    await followed.refresh();
    expect(taken(followed)).toEqual({ a: "1" });
    expect(followed.readModels.status()).toMatchObject([{ number: 2, parked: 1, stopped: true }]);
  });

  it("parks nothing when the engine fails: it stays behind, and catches up", async () => {
    const { projection, poison } = sums();
    const followed = await follow(projection);
    poison.set(2, () => Object.assign(new Error("database or disk is full"), { errcode: 13 }));
    await appendNumbers(followed.store, { a: [1, 2] });
    await followed.refresh().catch(() => undefined);
    expect(parked(followed)).toEqual([]);
    poison.clear();
    await followed.readModels.catchUp(followed.store);
    expect(taken(followed)).toEqual({ a: "1 2" });
  });
});
