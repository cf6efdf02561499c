import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import type { CompetingConsumers } from "../../src/store/competing-consumers.js";
import type { EventStore } from "../../src/store/event-store.js";
import { LogChanges } from "../../src/store/sqlite/log-changes.js";
import { openSqliteEventStore } from "../../src/store/sqlite/sqlite-event-store.js";
import { temporaryFolder } from "../temporary-folder.js";
import { all, event } from "./event-store.contract.js";

const newLedger = () => join(temporaryFolder(), "ledger.db");

it("delivers to another process what a killed worker held, and to nobody what it had settled", async () => {
  const path = newLedger();
  const store = await openSqliteEventStore({ path, create: true });
  await store.append({ stream: "s", expected: "no_stream", events: [event(), event(), event()] });
  for await (const item of store.compete({ group: "notify" })) {
    await item.done();
    break;
  }
  const dying = startProcess("dying-worker.ts", path, "1500");
  const [output] = (await once(dying.stdout!, "data")) as [Buffer];
  expect(output.toString()).toBe("2\n");
  dying.kill("SIGKILL");
  const seen: [number, number][] = [];
  for await (const item of store.compete({ group: "notify" })) {
    seen.push([item.event.number!, item.retries]);
    await item.done();
    if (seen.length === 2) break;
  }
  expect(seen).toEqual([
    [2, 1],
    [3, 0],
  ]);
  await store.close();
});

describe("the groups of an embedded store", () => {
  const events = () => [event(), event(), event()];
  const takeOne = async (store: EventStore & CompetingConsumers) => {
    for await (const item of store.compete({ group: "notify" })) {
      await item.done();
      return item.event.number;
    }
    return null;
  };

  it("lie in a file beside it, for the same users: its own file holds the log alone", async () => {
    const path = newLedger();
    const store = await openSqliteEventStore({ path, create: true });
    await store.append({ stream: "s", expected: "no_stream", events: events() });
    chmodSync(path, 0o660);
    expect(existsSync(`${path}-groups`)).toBe(false);
    expect(await takeOne(store)).toBe(1);
    expect(statSync(`${path}-groups`).mode & 0o777).toBe(0o660);
    await store.close();
    const database = new DatabaseSync(path);
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    database.close();
    expect(tables.map(({ name }) => name)).toEqual(["erased", "events", "sqlite_sequence"]);
  });

  it.each([
    ["shorter", "s", 2],
    ["of as many events elsewhere", "other", 3],
    ["of other events in the same place", "s", 4],
  ])(
    "are refused where the log is not the one that they have followed, but %s, with the cure",
    async (_, stream, count) => {
      const path = newLedger();
      const store = await openSqliteEventStore({ path, create: true });
      await store.append({ stream: "s", expected: "no_stream", events: events() });
      expect(await takeOne(store)).toBe(1);
      await store.close();
      const other = await openSqliteEventStore({ path: join(dirname(path), "other.db"), create: true });
      await other.append({ stream, expected: "no_stream", events: Array.from({ length: count }, () => event()) });
      await other.close();
      for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      renameSync(join(dirname(path), "other.db"), path);
      const restored = await openSqliteEventStore({ path, create: false });
      await expect(takeOne(restored)).rejects.toMatchObject({
        code: "store-damaged",
        message: expect.stringContaining("the group notify has come to event 3 of another log") as string,
        cure: expect.stringContaining("delete it") as string,
      });
      await restored.close();
      rmSync(`${path}-groups`);
      const again = await openSqliteEventStore({ path, create: false });
      expect(await takeOne(again)).toBe(1);
      await again.close();
    },
  );

  it("are said to be damaged where their file is, with a cure that spares the ledger", async () => {
    const path = newLedger();
    const store = await openSqliteEventStore({ path, create: true });
    await store.append({ stream: "s", expected: "no_stream", events: events() });
    writeFileSync(`${path}-groups`, "no database, but text that is long enough to be taken for the header of one");
    await expect(takeOne(store)).rejects.toMatchObject({
      code: "store-damaged",
      message: expect.stringContaining("ledger.db-groups") as string,
      cure: expect.stringContaining("The ledger is not touched") as string,
    });
    await store.close();
  });

  it("are made for nobody once the store is closed", async () => {
    const path = newLedger();
    const store = await openSqliteEventStore({ path, create: true });
    await store.close();
    await expect(store.retryParked("notify")).rejects.toMatchObject({ code: "store-closed" });
    expect(existsSync(`${path}-groups`)).toBe(false);
  });
});

describe("the embedded store's filters", () => {
  it("find what lies far apart in a long log, both ways, with an exact limit, and a subscription goes on behind", async () => {
    const store = await openSqliteEventStore({ path: newLedger(), create: true });
    const add = async (type: string, count: number) =>
      await store.append({
        stream: `${type}-s`,
        expected: "any",
        events: Array.from({ length: count }, () => ({ ...event(), type })),
      });
    for (const many of [1, 25_000, 20_000, 19_999]) {
      await add("Rare", 1);
      await add("Often", many);
    }
    const filter = { types: ["Rare"] };
    const rare = [1, 3, 25_004, 45_005];
    const numbers = async (options: Parameters<typeof store.readAll>[0]) =>
      (await all(store.readAll({ filter, ...options }))).map(({ number }) => number);
    expect(await numbers({})).toEqual(rare);
    expect(await numbers({ direction: "backwards" })).toEqual(rare.toReversed());
    expect(await numbers({ limit: 2 })).toEqual(rare.slice(0, 2));
    expect(await numbers({ direction: "backwards", limit: 3 })).toEqual(rare.toReversed().slice(0, 3));
    expect(await numbers({ after: "3" })).toEqual(rare.slice(2));
    expect(await numbers({ after: "25004", direction: "backwards" })).toEqual([3, 1]);
    expect(await numbers({ filter: { streamPrefixes: ["Ra"], types: ["Often"] } })).toEqual([]);
    const seen: number[] = [];
    for await (const message of store.subscribe({ filter })) {
      if (message.kind === "event") seen.push(message.event.number!);
      else await add("Rare", 1);
      if (seen.length === 5) break;
    }
    expect(seen).toEqual([...rare, 65_005]);
    await store.close();
  });
});

describe("the embedded store under many writers", () => {
  it("rejects none of 64 concurrent appenders and keeps every stream dense", async () => {
    const store = await openSqliteEventStore({ path: newLedger(), create: true });
    const results = await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        const mine = [];
        for (let at = 0; at < 20; at++)
          mine.push(
            await store.append({ stream: `w${writer}`, expected: at === 0 ? "no_stream" : at - 1, events: [event()] }),
          );
        return mine;
      }),
    );
    expect(results.flat().every((result) => result.ok)).toBe(true);
    const events = await all(store.readAll());
    expect(events.map((read) => read.number)).toEqual(Array.from({ length: 64 * 20 }, (_, at) => at + 1));
    await store.close();
  });

  it("reads all of a long log in its order, chunks in every place of it too, in both directions", async () => {
    const store = await openSqliteEventStore({ path: newLedger(), create: true });
    const appendMany = async (stream: string, count: number) => {
      for (let left = count; left > 0; left -= 500) {
        const events = Array.from({ length: Math.min(500, left) }, () => event());
        await store.append({ stream, expected: "any", events });
      }
    };
    for (const [run, count] of [1500, 1, 999, 1000, 2100].entries()) {
      await appendMany(`w${run}`, count);
      await appendMany(`chunks-${run}`, run === 2 ? 20 : 1);
    }
    await store.deleteStream("chunks-2");
    const filter = { payload: true };
    const read = await all(store.readAll({ filter }));
    expect(read.filter(({ number }) => number !== null).map(({ number }) => number)).toEqual(
      Array.from({ length: 5600 }, (_, at) => at + 1),
    );
    expect(read.filter(({ number }) => number === null).map(({ stream }) => stream)).toEqual(
      [0, 1, 3, 4].map((run) => `chunks-${run}`),
    );
    const positions = read.map(({ position }) => Number(position));
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(await all(store.readAll({ filter, direction: "backwards" }))).toEqual(read.toReversed());
    await store.close();
  });

  it("shares a file between two processes of 8 writers: none lost, none rejected, no wait above a second", async () => {
    const path = newLedger();
    const processes = [startWriter(path, 8, 100), startWriter(path, 8, 100)];
    const outputs = await Promise.all(processes.map(outputOf));
    const acknowledged = outputs.flatMap((lines) => lines.slice(0, -1));
    for (const lines of outputs) {
      const seen = JSON.parse(lines.at(-1)!) as { worstMs: number; refused: number };
      expect(seen.refused).toBe(0);
      expect(seen.worstMs).toBeLessThan(1000);
    }
    const store = await openSqliteEventStore({ path, create: false });
    const ids = (await all(store.readAll())).map((read) => read.id);
    expect(ids.toSorted()).toEqual(acknowledged.toSorted());
    expect(ids).toHaveLength(1600);
    await store.close();
  });

  it("keeps every acknowledged event when the writing process is killed at random moments", async () => {
    const path = newLedger();
    const acknowledged = new Set<string>();
    for (let run = 0; run < 5; run++) {
      const writer = startWriter(path, 4, 100_000);
      const lines = outputOf(writer);
      await once(writer.stdout!, "data");
      await new Promise((resolve) => setTimeout(resolve, 20 + 40 * run));
      writer.kill("SIGKILL");
      for (const line of await lines) if (line.length === 36) acknowledged.add(line);
    }
    const store = await openSqliteEventStore({ path, create: false });
    const events = await all(store.readAll());
    const ids = new Set(events.map((read) => read.id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(events.map((read) => read.number)).toEqual(events.map((_, at) => at + 1));
    expect(acknowledged.size).toBeGreaterThan(0);
    await store.close();
  });

  it("tells a live subscription what another process wrote", async () => {
    const path = newLedger();
    const reader = await openSqliteEventStore({ path, create: true });
    const writer = await openSqliteEventStore({ path, create: false });
    const seen: string[] = [];
    const mine = event();
    for await (const message of reader.subscribe())
      if (message.kind === "caught-up" && seen.length === 0)
        await writer.append({ stream: "s", expected: "any", events: [mine] });
      else if (message.kind === "event") {
        seen.push(message.event.id);
        break;
      }
    expect(seen).toEqual([mine.id]);
    await reader.close();
    await writer.close();
  });
});

describe("a wait for other processes", () => {
  it("ends with the failure when the log cannot be asked any more", async () => {
    const changes = new LogChanges(() => {
      throw new Error("database disk image is malformed");
    });
    await expect(changes.wait(0, undefined)).rejects.toThrow("malformed");
  });
});

describe("what the embedded store refuses", () => {
  it("a file that is no database, and leaves it as it was", async () => {
    const path = join(temporaryFolder(), "junk");
    writeFileSync(path, Buffer.alloc(20_000, 7));
    await expect(openSqliteEventStore({ path, create: true })).rejects.toMatchObject({ code: "not-a-ledger" });
    expect(readFileSync(path)).toEqual(Buffer.alloc(20_000, 7));
  });

  it("somebody else's database", async () => {
    const path = join(temporaryFolder(), "other.db");
    const other = new DatabaseSync(path);
    other.exec("CREATE TABLE theirs (x)");
    other.close();
    await expect(openSqliteEventStore({ path, create: true })).rejects.toMatchObject({ code: "not-a-ledger" });
  });

  it("a missing file, unless it may make it", async () => {
    await expect(openSqliteEventStore({ path: newLedger(), create: false })).rejects.toMatchObject({
      code: "store-unavailable",
    });
  });

  it("a write that cannot get the lock in time, naming what it waited for, and goes on once it is free", async () => {
    const path = newLedger();
    const store = await openSqliteEventStore({ path, create: true, waitMsMax: 50 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const request = { stream: "s", expected: "any", events: [event()] } as const;
    await expect(store.append(request)).rejects.toMatchObject({ code: "store-busy" });
    other.exec("ROLLBACK");
    other.close();
    expect(await store.append(request)).toMatchObject({ ok: true, number: 1 });
    await store.close();
  });
});

function startWriter(path: string, writers: number, appends: number): ChildProcess {
  return startProcess("writing-process.ts", path, String(writers), String(appends));
}

function startProcess(name: string, ...args: string[]): ChildProcess {
  const script = join(import.meta.dirname, name);
  const resolver = join(import.meta.dirname, "..", "typescript-resolver.mjs");
  return spawn(
    process.execPath,
    ["--experimental-transform-types", "--disable-warning=ExperimentalWarning", "--import", resolver, script, ...args],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
}

async function outputOf(child: ChildProcess): Promise<string[]> {
  let text = "";
  child.stdout!.setEncoding("utf8").on("data", (more: string) => (text += more));
  await once(child, "close");
  return text.split("\n").filter((line) => line.length > 0);
}
