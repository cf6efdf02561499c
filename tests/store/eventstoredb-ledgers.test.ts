import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { appendBytesMax, type NewEvent } from "../../src/store/event-store.js";
import { EventStoreDbEventStore } from "../../src/store/eventstoredb/eventstoredb-event-store.js";
import { parseEventStoreDbUrl } from "../../src/store/eventstoredb/server-url.js";
import { all, event } from "./event-store.contract.js";
import { type EventStoreDouble, startDouble } from "./eventstoredb-double/server.js";
import { numbered } from "./numbered.js";

let double: EventStoreDouble;
const opened: EventStoreDbEventStore[] = [];
beforeEach(async () => {
  double = await startDouble();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  double.stop();
});

function open(ledger?: string): EventStoreDbEventStore {
  const store = new EventStoreDbEventStore({ url: double.url + (ledger === undefined ? "" : `&ledger=${ledger}`) });
  opened.push(store);
  return store;
}

const chunk = (text: string): NewEvent => ({ ...event(), type: "Chunk", data: Buffer.from(text) });

function foreign(stream: string): void {
  const written = { contentType: "application/json", data: Buffer.from("{}"), metadata: new Uint8Array() };
  double.log.append(stream, "any", [{ ...written, id: crypto.randomUUID(), type: "Theirs" }]);
}

describe("several ledgers on one EventStoreDB", () => {
  it("each have their own streams and numbers, beside foreign streams", async () => {
    for (const stream of ["a", "ckpt", "a#numbers", "other/x"]) foreign(stream);
    const stores = ["a", "a.b", "a-b"].map((ledger) => open(ledger));
    for (const store of stores)
      for (let at = 0; at < 3; at++) {
        await store.append({ stream: "s", expected: "any", events: [event()] });
        foreign("s");
      }
    for (const store of stores) {
      expect((await all(store.readAll())).map(({ number, stream }) => [number, stream])).toEqual(
        [1, 2, 3].map((number) => [number, "s"]),
      );
      expect(await all(store.readAll({ direction: "backwards" }))).toHaveLength(3);
      expect(await all(store.readAll({ direction: "backwards", filter: { payload: true } }))).toHaveLength(3);
    }
  });

  it("numbers events alike for every reader, however old they are", async () => {
    const store = open();
    for (let at = 0; at < 25; at++) {
      await store.append({ stream: `s${at % 3}`, expected: "any", events: Array.from({ length: 100 }, () => event()) });
      await store.append({ stream: "chunks-x", expected: "any", events: [chunk("x")] });
    }
    for await (const { position } of store.readAll({ direction: "backwards", limit: 1 }))
      expect(await store.numberAt(position)).toBe(2500);
    await store.close();
    expect(double.log.streams.get("ckpt#numbers")).toHaveLength(2);
    const again = open();
    const forwards = await all(again.readAll());
    expect(forwards.map(({ number }) => number)).toEqual(Array.from({ length: 2500 }, (_, at) => at + 1));
    const numberOf = new Map(forwards.map(({ id, number }) => [id, number]));
    const fresh = open();
    for (const read of [
      await all(fresh.readStream("s1")),
      await all(fresh.readAll({ direction: "backwards" })),
      await all(fresh.readAll({ after: forwards[1100]!.position })),
      await all(fresh.readAll({ after: forwards[1100]!.position, direction: "backwards" })),
      await all(fresh.readAll({ direction: "backwards", filter: { payload: true } })),
    ]) {
      expect(read.length).toBeGreaterThan(700);
      for (const { id, number } of read) expect(number).toBe(numberOf.get(id) ?? null);
    }
    const appended = fresh.append({ stream: "new", expected: "no_stream", events: [event()] });
    expect(await numbered(fresh, appended)).toMatchObject({ number: 2501 });
  });

  it("numbers the 1024th event, which is an anchor itself, and its neighbours", async () => {
    const store = open();
    const events = Array.from({ length: 1025 }, () => event());
    await store.append({ stream: "s", expected: "no_stream", events });
    await store.close();
    const numbers = (await all(open().readStream("s", { from: 1022 }))).map(({ number }) => number);
    expect(numbers).toEqual([1023, 1024, 1025]);
  });
});

it("a subscription to some streams of a ledger leaves the others on the server, and numbers are the log's", async () => {
  const store = open();
  for (const stream of ["other", "a.b", "a+b", "axb"])
    for (let at = 0; at < 5; at++)
      await store.append({ stream, expected: "any", events: Array.from({ length: 50 }, () => event()) });
  await store.close();
  const reader = open();
  expect(await reader.positionAt(1001)).toBeNull();
  const before = double.faults.calls.get("delivered")!;
  const numbers: number[] = [];
  for await (const message of reader.subscribe({ filter: { streamPrefixes: ["a.", "a+"] } }))
    if (message.kind === "event") numbers.push(message.event.number!);
    else break;
  expect(numbers).toEqual(Array.from({ length: 500 }, (_, at) => 251 + at));
  expect(double.faults.calls.get("delivered")! - before).toBe(500);
});

describe("chunks in EventStoreDB", () => {
  it("that were erased are shown by no read, also before the server scavenges them", async () => {
    const store = open();
    await store.append({ stream: "a", expected: "no_stream", events: [event()] });
    await store.append({ stream: "chunks-x", expected: "no_stream", events: [chunk("1"), chunk("2"), chunk("3")] });
    await store.append({ stream: "chunks-y", expected: "no_stream", events: [chunk("4")] });
    await store.truncateBefore("chunks-x", 2);
    await store.truncateBefore("chunks-x", 1);
    const shown = async () =>
      (await all(store.readAll({ filter: { payload: true } }))).map(({ stream, revision }) => `${stream} ${revision}`);
    expect(await shown()).toEqual(["a 0", "chunks-x 2", "chunks-y 0"]);
    await store.deleteStream("chunks-x");
    await store.deleteStream("chunks-x");
    expect(await shown()).toEqual(["a 0", "chunks-y 0"]);
  });

  it("leave no payload behind in a stream that was erased whole: its last event, which the server keeps, is empty", async () => {
    const store = open();
    await store.append({ stream: "chunks-x", expected: "no_stream", events: [chunk("secret")] });
    await store.deleteStream("chunks-x");
    expect(double.log.streams.get("ckpt/chunks-x")!.at(-1)!.data).toHaveLength(0);
    expect(double.log.truncatedBefore("ckpt/chunks-x")).toBe(2);
  });

  it("may be a mebibyte each, and are read whole", async () => {
    const store = open();
    for (let at = 0; at < 10; at++)
      await store.append({
        stream: "chunks-x",
        expected: "any",
        events: [{ ...chunk(""), data: new Uint8Array(appendBytesMax).fill(at) }],
      });
    const read = await all(store.readStream("chunks-x"));
    expect(read.map(({ data }) => [data.length, data[1]])).toEqual(
      Array.from({ length: 10 }, (_, at) => [appendBytesMax, at]),
    );
  });
});

describe("workers of one group", () => {
  it("share the events, do again what was given back, and put aside what was parked", async () => {
    const store = open();
    await store.append({ stream: "chunks-x", expected: "no_stream", events: [chunk("x")] });
    const events = Array.from({ length: 20 }, () => event());
    await store.append({ stream: "s", expected: "no_stream", events });
    const stop = new AbortController();
    const done: string[] = [];
    let [parked, retried] = [0, 0];
    const work = async (worker: EventStoreDbEventStore) => {
      for await (const item of worker.compete({ group: "notify", inFlightMax: 2, signal: stop.signal })) {
        if (item.event.number === 3 && item.retries === 0) {
          retried++;
          await item.again("later");
        } else if (item.event.number === 5) {
          parked++;
          await item.park("no use");
        } else {
          await item.done();
          done.push(item.event.id);
        }
        if (done.length === 19) stop.abort();
      }
    };
    await Promise.all([work(store), work(open())]);
    expect(done.toSorted()).toEqual(
      events
        .filter((_, at) => at !== 4)
        .map(({ id }) => id)
        .toSorted(),
    );
    expect([parked, retried]).toEqual([1, 1]);
  });

  it("get a new subscription where the server confirms none, and all events", async () => {
    const url = `${double.url}&ledger=ckpt`;
    const store = new EventStoreDbEventStore({ url, limits: { tryMs: 200, totalMs: 5000, pauseMs: 10 } });
    opened.push(store);
    await store.append({ stream: "s", expected: "no_stream", events: [event()] });
    double.faults.silentConfirmations = 2;
    for await (const item of store.compete({ group: "notify" })) {
      expect(item.event.number).toBe(1);
      await item.done();
      break;
    }
    expect(double.faults.silentConfirmations).toBe(0);
  });
});

describe("the URL of a ledger on EventStoreDB", () => {
  it("names the ledger, and hands TLS, credentials and all else to the client", () => {
    const url = "esdb+discover://admin:p%40ss@one:2113,two:2114?tlsCAFile=ca.pem&ledger=chip7&keepAliveTimeout=10000";
    const options = "?tlsCAFile=ca.pem&keepAliveTimeout=10000&gossipTimeout=1";
    expect(parseEventStoreDbUrl(url)).toEqual({
      connectionString: `esdb://admin:p%40ss@one:2113,two:2114${options}`,
      ledger: "chip7",
      place: "esdb+discover://one:2113,two:2114",
      seeds: ["one:2113", "two:2114"].map((host) => `esdb+discover://admin:p%40ss@${host}${options}`),
      nodeString: expect.any(Function) as unknown,
    });
    expect(parseEventStoreDbUrl(url).nodeString("three:2115")).toBe(`esdb://admin:p%40ss@three:2115${options}`);
    expect(parseEventStoreDbUrl("esdb://localhost")).toMatchObject({
      connectionString: "esdb://localhost",
      ledger: "ckpt",
      seeds: [],
    });
  });

  it.each([
    ["esdb://", "no EventStoreDB connection string"],
    ["esdb://h?ledger=a/b", "cannot be the name of a ledger"],
    ["esdb://h?ledger=a&ledger=b", "cannot be the name of a ledger"],
    ["esdb://h?throwOnAppendFailure=false", "throwOnAppendFailure"],
  ])("is refused with the cure when it is %s", (url, reason) => {
    expect(() => parseEventStoreDbUrl(url)).toThrow(reason);
  });

  it("never shows its password", async () => {
    const store = new EventStoreDbEventStore({ url: "esdb://admin:secret@h:x", limits: { totalMs: 100 } });
    const error: unknown = await all(store.readStream("s")).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "store-unavailable" });
    expect(String(error)).not.toContain("secret");
    await store.close();
  });
});
