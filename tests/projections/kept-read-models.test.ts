import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ReadModelHost } from "../../projections/read-model-host.js";
import { followingReadModels } from "../../projections/read-model-host.js";
import { ReadModelFile } from "../../projections/read-model-file.js";
import { keptReadModels } from "../../projections/kept-read-models.js";
import { ledgerHead } from "../../projections/tree-head.js";
import { create, update } from "../../src/ledger/checkpoint-commands.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { openLedger } from "../../src/open-ledger.js";
import type { EventStore, StoredEvent } from "../../src/store/event-store.js";
import { MemoryEventStore } from "../../src/store/memory/memory-event-store.js";
import { dumpReadModels } from "../ledger/dump-read-models.js";
import { all } from "../store/event-store.contract.js";
import { temporaryFolder } from "../temporary-folder.js";

/** A ledger whose store stands for one on a server; 1 + 2 * `tasks` events. */
async function serverWith(tasks: number): Promise<Ledger> {
  const ledger = await openLedger("memory:", { actor: "ann" });
  onTestFinished(() => ledger.close());
  await grow(ledger, tasks);
  return ledger;
}

async function grow(ledger: Ledger, tasks: number): Promise<void> {
  for (let at = 0; at < tasks; at++) {
    const made = await create(ledger, { taskId: `t${at}`, stepNumber: 1, stepDescription: "place" });
    if (!made.ok) throw new Error(made.message);
    await update(ledger, made.checkpoint.checkpointId, { stepDescription: "route" });
  }
}

/** The host of one process. */
function processOn(store: EventStore, folder: string): ReadModelHost {
  const host = keptReadModels({ store, fileOf: (id) => join(folder, id, "read-models.db") });
  onTestFinished(() => host.close());
  return host;
}

/** The store, and the numbers of the events that are read from it. */
function listened(store: EventStore): { store: EventStore; read: number[] } {
  const read: number[] = [];
  const readAll: EventStore["readAll"] = async function* (options) {
    for await (const event of store.readAll(options)) {
      read.push(event.number!);
      yield event;
    }
  };
  return { store: sameBut({ readAll }, () => store), read };
}

/** A store that is looked up for each call, but for some of its methods. */
function sameBut(own: Partial<EventStore>, store: () => EventStore): EventStore {
  return {
    append: (request) => store().append(request),
    readStream: (stream, options) => store().readStream(stream, options),
    readAll: (options) => store().readAll(options),
    subscribe: (options) => store().subscribe(options),
    positionAt: (number) => store().positionAt(number),
    numberAt: (position) => store().numberAt(position),
    truncateBefore: (stream, revision) => store().truncateBefore(stream, revision),
    deleteStream: (stream) => store().deleteStream(stream),
    close: () => store().close(),
    ...own,
  };
}

/** A store of the first events of another one, as a backup has them. */
async function backup(store: EventStore, events: number): Promise<EventStore> {
  const copy = new MemoryEventStore();
  for (const { stream, revision, id, type, data, metadata } of (await all(store.readAll())).slice(0, events))
    await copy.append({
      stream,
      expected: revision === 0 ? "no_stream" : revision - 1,
      events: [{ id, type, data, metadata }],
    });
  return copy;
}

async function truth(store: EventStore): Promise<unknown> {
  const host = followingReadModels(store);
  await host.refresh();
  onTestFinished(() => host.close());
  return dumpReadModels({ readModels: host });
}

describe("read models of a ledger on a server", () => {
  it("are what the log says, and a second process begins where the first has ended", async () => {
    const ledger = await serverWith(20);
    const folder = temporaryFolder();
    const first = listened(ledger.store);
    await processOn(first.store, folder).refresh();
    expect(first.read).toHaveLength(41);
    await grow(ledger, 3);
    const second = listened(ledger.store);
    const host = processOn(second.store, folder);
    await host.refresh();
    expect(second.read).toEqual([42, 43, 44, 45, 46, 47]);
    expect(dumpReadModels({ readModels: host })).toEqual(await truth(ledger.store));
  });

  it("are filled by several processes at once, each event applied once, while writers append", async () => {
    const ledger = await serverWith(600);
    const folder = temporaryFolder();
    const hosts = [0, 1, 2].map(() => processOn(ledger.store, folder));
    await Promise.all([
      ...hosts.flatMap((host) => [host.refresh(), host.refresh()]),
      grow(ledger, 30),
      hosts[1]!.rebuild(),
      ...hosts.map((host) => host.refresh()),
    ]);
    const expected = await truth(ledger.store);
    for (const host of hosts) {
      await host.refresh();
      expect(dumpReadModels({ readModels: host })).toEqual(expected);
    }
  });

  it("are whole although another process began them anew while they were filled", async () => {
    const { store } = await serverWith(800);
    const path = join(temporaryFolder(), "read-models.db");
    const [one, other] = [await ReadModelFile.open(path), await ReadModelFile.open(path)];
    let begun = false;
    const readAll: EventStore["readAll"] = async function* (options) {
      for await (const event of store.readAll(options)) {
        if (event.number === 1200 && !begun) {
          begun = true;
          await other.beginAnew();
        }
        yield event;
      }
    };
    await one.catchUp(sameBut({ readAll }, () => store));
    expect(begun).toBe(true);
    expect(dumpReadModels({ readModels: other.readModels })).toEqual(await truth(store));
    one.close();
    other.close();
  });

  it("show nothing of a ledger without its first event", async () => {
    const host = processOn(new MemoryEventStore(), temporaryFolder());
    await host.refresh();
    expect(ledgerHead(host.tables)).toMatch(/^0-/);
  });

  it("are another file for another ledger behind the same URL; who worked with the one before is told", async () => {
    const [one, other] = [await serverWith(2), await serverWith(1)];
    const folder = temporaryFolder();
    let behind = one.store;
    const url = sameBut({}, () => behind);
    const before = processOn(url, folder);
    await before.refresh();
    behind = other.store;
    await expect(before.refresh()).rejects.toMatchObject({ code: "not-a-ledger" });
    const after = processOn(url, folder);
    await after.refresh();
    expect(dumpReadModels({ readModels: after })).toEqual(await truth(other.store));
    behind = new MemoryEventStore();
    await expect(after.refresh()).rejects.toThrow("is gone");
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("are shown to nobody before they are known to follow this log, whoever comes first", async () => {
    const ledger = await serverWith(10);
    const folder = temporaryFolder();
    await processOn(ledger.store, folder).refresh();
    const restored = await backup(ledger.store, 11);
    const slow: EventStore["readStream"] = async function* (stream, options) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield* restored.readStream(stream, options);
    };
    const host = processOn(
      sameBut({ readStream: slow }, () => restored),
      folder,
    );
    await Promise.all([host.ready(), host.refresh()]);
    expect(dumpReadModels({ readModels: host })).toEqual(await truth(restored));
  });

  it("are built once where they are asked for and rebuilt at the same time", async () => {
    const ledger = await serverWith(10);
    const host = processOn(ledger.store, temporaryFolder());
    await Promise.all([host.rebuild(), host.refresh(), host.rebuild(), host.refresh()]);
    expect(dumpReadModels({ readModels: host })).toEqual(await truth(ledger.store));
  });

  it("are not set back by a process that builds them at the same time and knows less of the log", async () => {
    const ledger = await serverWith(10);
    const folder = temporaryFolder();
    const held = Promise.withResolvers<void>();
    const hasRead = Promise.withResolvers<void>();
    const slow: EventStore["readAll"] = async function* (options) {
      yield* ledger.store.readAll(options);
      hasRead.resolve();
      await held.promise;
    };
    const building = processOn(
      sameBut({ readAll: slow }, () => ledger.store),
      folder,
    ).refresh();
    await hasRead.promise;
    await grow(ledger, 5);
    const host = processOn(ledger.store, folder);
    await host.refresh();
    const numbers: number[] = [];
    const looking = setInterval(() => numbers.push(host.status()[0]!.number), 1);
    held.resolve();
    await building;
    clearInterval(looking);
    expect(new Set([...numbers, host.status()[0]!.number])).toEqual(new Set([31]));
    expect(dumpReadModels({ readModels: host })).toEqual(await truth(ledger.store));
  });

  it("begin anew when the log was set back to a backup", async () => {
    const ledger = await serverWith(10);
    const folder = temporaryFolder();
    await processOn(ledger.store, folder).refresh();
    const restored = await backup(ledger.store, 11);
    const host = processOn(restored, folder);
    await host.refresh();
    expect(dumpReadModels({ readModels: host })).toEqual(await truth(restored));
  });

  it.each([
    [
      "of another version",
      (path: string) => alter(path, "UPDATE rm_projections SET version = 0 WHERE name = 'tree-head'"),
    ],
    ["of a layout without parked events", (path: string) => alter(path, "DROP TABLE rm_parked")],
    ["damaged", (path: string) => writeFileSync(path, Buffer.alloc(8192, 7))],
  ])("that are %s are made again", async (_, harm) => {
    const ledger = await serverWith(5);
    const folder = temporaryFolder();
    const before = keptReadModels({ store: ledger.store, fileOf: (id) => join(folder, id, "read-models.db") });
    await before.refresh();
    before.close();
    harm(join(folder, readdirSync(folder)[0]!, "read-models.db"));
    const host = processOn(ledger.store, folder);
    await host.refresh();
    expect(dumpReadModels({ readModels: host })).toEqual(await truth(ledger.store));
  });

  it("refuse an id of a ledger that would lead out of their folder", async () => {
    const store = new MemoryEventStore();
    const first: Pick<StoredEvent, "id" | "type" | "data" | "metadata"> = {
      id: "01980000-0000-7000-8000-000000000001",
      type: "LedgerCreated",
      data: '{"ledgerId":"../../etc"}',
      metadata: "{}",
    };
    await store.append({ stream: "ledger", expected: "no_stream", events: [first] });
    await expect(processOn(store, temporaryFolder()).refresh()).rejects.toMatchObject({ code: "not-a-ledger" });
  });
});

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}
