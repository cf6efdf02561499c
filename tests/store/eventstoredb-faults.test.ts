import { setTimeout as delay } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AppendResult, EventStore, StoredEvent } from "../../src/store/event-store.js";
import { EventStoreDbEventStore } from "../../src/store/eventstoredb/eventstoredb-event-store.js";
import { all, event } from "./event-store.contract.js";
import { type EventStoreDouble, startDouble } from "./eventstoredb-double/server.js";
import { numbered } from "./numbered.js";

const limits = { tryMs: 250, totalMs: 5000, pauseMs: 10 };
const ended: (() => Promise<void> | void)[] = [];
let double: EventStoreDouble;
let store: EventStoreDbEventStore;

beforeEach(async () => {
  double = await newDouble();
  store = open(double.url);
});
afterEach(async () => {
  for (const end of ended.splice(0).toReversed()) await end();
});

async function newDouble(options?: Parameters<typeof startDouble>[0]): Promise<EventStoreDouble> {
  const made = await startDouble(options);
  ended.push(() => made.stop());
  return made;
}

function open(url: string, changed: Partial<typeof limits> = {}): EventStoreDbEventStore {
  const opened = new EventStoreDbEventStore({ url, limits: { ...limits, ...changed } });
  ended.push(() => opened.close());
  return opened;
}

const appendOne = async (to: EventStore, stream: string, expected: "no_stream" | "any" | number, one = event()) => {
  const appended = to.append({ stream, expected, events: [one] });
  return await (stream.startsWith("chunks-") ? appended : numbered(to, appended));
};

async function fill(count: number, stream = "s"): Promise<void> {
  for (let at = 0; at < count; at += 50)
    await store.append({
      stream,
      expected: "any",
      events: Array.from({ length: Math.min(50, count - at) }, () => event()),
    });
}

/** The numbers of so many events of a subscription, in the order in which they come. */
async function follow(from: EventStore, count: number, pauseMs = 0): Promise<number[]> {
  const numbers: number[] = [];
  for await (const message of from.subscribe()) {
    if (message.kind === "event") numbers.push(message.event.number!);
    if (pauseMs > 0) await delay(pauseMs);
    if (numbers.length === count) break;
  }
  return numbers;
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
const written = (count = 1): Partial<AppendResult> => ({
  ok: true,
  revision: count - 1,
  number: count,
  repeated: false,
});

describe("an append to EventStoreDB", () => {
  it("goes through when a server that fell silent comes back, and is written once", async () => {
    await appendOne(store, "s", "no_stream");
    double.faults.blackHole = true;
    const append = appendOne(store, "s", 0);
    await delay(600);
    double.faults.blackHole = false;
    expect(await append).toMatchObject(written(2));
    expect(await all(store.readStream("s"))).toHaveLength(2);
  });

  it("ends with the cure when the server stays silent, and neither the reads do hang", async () => {
    const impatient = open(double.url, { totalMs: 600 });
    double.faults.blackHole = true;
    await expect(appendOne(impatient, "s", "no_stream")).rejects.toMatchObject({
      code: "store-unavailable",
      cure: expect.stringContaining("same key") as unknown,
    });
    await expect(all(impatient.readStream("s"))).rejects.toMatchObject({ code: "store-unavailable" });
    await expect(all(impatient.readAll())).rejects.toMatchObject({ code: "store-unavailable" });
  });

  it.each([["halfCloses"], ["lostReplies"]] as const)("is written once and told whole through %s", async (fault) => {
    double.faults[fault] = 2;
    expect(await appendOne(store, "s", "no_stream")).toMatchObject(written());
    expect(double.faults[fault]).toBe(0);
    expect(await all(store.readStream("s"))).toHaveLength(1);
  });

  it("is not troubled by the answer that comes after it was asked again", async () => {
    Object.assign(double.faults, { lateReplies: 1, lateMs: 400 });
    expect(await appendOne(store, "s", "no_stream")).toMatchObject(written());
    await delay(300);
    expect(await appendOne(store, "s", 0)).toMatchObject(written(2));
  });

  it("is the same few tries with the same ids when another writer comes between", async () => {
    const one = event();
    double.faults.lostReplies = 1;
    const append = appendOne(store, "s", "no_stream", one);
    while (double.log.all.length === 0) await delay(5);
    expect(await appendOne(open(double.url), "s", 0)).toMatchObject({ ok: true, revision: 1 });
    expect(await append).toMatchObject({ ok: true, revision: 0, number: 1 });
    expect((await all(store.readStream("s"))).map(({ id }) => id)[0]).toBe(one.id);
  });

  it("survives that the appends of another server fail, and answers that belong to nobody", async () => {
    const other = await newDouble();
    const neighbour = open(other.url);
    await appendOne(neighbour, "warm", "no_stream");
    await appendOne(store, "warm", "no_stream");
    Object.assign(other.faults, { lateReplies: 20, lateMs: 220 });
    const appends = Array.from({ length: 20 }, (_, at) => appendOne(neighbour, `s${at}`, "no_stream"));
    double.faults.blackHole = true;
    const lost = expect(appendOne(open(double.url, { totalMs: 300 }), "s", "no_stream")).rejects.toThrow("no answer");
    await delay(50);
    double.stop();
    await lost;
    for (const result of await Promise.all(appends)) expect(result).toMatchObject({ ok: true, revision: 0 });
    expect(await all(neighbour.readAll())).toHaveLength(21);
    // The late answers come while the neighbour is still open.
    await delay(250);
  });

  it("survives that the appends of another server are sent to its leader", async () => {
    const other = await newDouble();
    const neighbour = open(other.url);
    await appendOne(neighbour, "warm", "no_stream");
    await store.readAll().next();
    const leader = await newDouble({ log: double.log });
    double.faults.notLeader = { times: Infinity, host: "127.0.0.1", port: leader.port };
    Object.assign(other.faults, { lateReplies: 20, lateMs: 220 });
    const appends = Array.from({ length: 20 }, (_, at) => appendOne(neighbour, `s${at}`, "no_stream"));
    await delay(50);
    expect(await appendOne(store, "s", "no_stream")).toMatchObject(written());
    for (const result of await Promise.all(appends)) expect(result).toMatchObject({ ok: true, revision: 0 });
    expect(await all(neighbour.readAll())).toHaveLength(21);
    // The late answers come while the neighbour is still open.
    await delay(250);
  });

  it("goes over a new connection where the old one leads nowhere", async () => {
    await appendOne(store, "s", "no_stream");
    double.faults.deafen();
    expect(await appendOne(store, "s", 0)).toMatchObject(written(2));
  });

  it("asks for the leader from the first call, and goes where a follower sends it", async () => {
    const leader = await newDouble({ log: double.log });
    double.faults.notLeader = { times: Infinity, host: "127.0.0.1", port: leader.port };
    expect(await appendOne(store, "s", "no_stream")).toMatchObject(written());
    expect(double.faults.calls.get("batchAppend leader")).toBe(double.faults.calls.get("batchAppend"));
    expect(leader.faults.calls.get("batchAppend leader")).toBe(1);
  });

  it("goes through a change of leaders that meets it on its way", async () => {
    await appendOne(store, "s", "no_stream");
    const leader = await newDouble({ log: double.log });
    double.faults.notLeader = { times: Infinity, host: "127.0.0.1", port: leader.port };
    double.faults.halfCloses = 1;
    const appends = Array.from({ length: 10 }, (_, at) => appendOne(store, `t${at}`, "no_stream"));
    for (const result of await Promise.all(appends)) expect(result).toMatchObject({ ok: true, revision: 0 });
    expect((await all(store.readAll())).map(({ number }) => number)).toEqual(upTo(11));
  });

  it("waits for a server that is not ready yet", async () => {
    double.faults.failing = { times: 3, code: status.UNKNOWN, details: "Server Is Not Ready" };
    expect(await appendOne(store, "s", "no_stream")).toMatchObject(written());
  });

  it("refuses more than a message can carry before the client sees it", async () => {
    const large = { ...event(), metadata: JSON.stringify({ text: "x".repeat(17 * 1024 * 1024) }) };
    const neighbours = Array.from({ length: 5 }, (_, at) => appendOne(store, `s${at}`, "no_stream"));
    expect(await appendOne(store, "large", "no_stream", large)).toMatchObject({ ok: false, code: "too-large" });
    for (const result of await Promise.all(neighbours)) expect(result).toMatchObject({ ok: true });
  });

  it.each(["s", "chunks-s"])(
    "refuses an id that another process has written to %s with other content",
    async (stream) => {
      const one = event();
      await appendOne(open(double.url), stream, "no_stream", one);
      const conflict = { ok: false, code: "id-conflict", id: one.id };
      expect(await appendOne(store, stream, "no_stream", { ...one, data: "{}" })).toEqual(conflict);
      expect(await appendOne(store, stream, "no_stream", one)).toMatchObject({ ok: true, revision: 0, repeated: true });
    },
  );

  it("says what to do when no server is there, alone or in a cluster", async () => {
    double.stop();
    for (const scheme of ["esdb", "esdb+discover"]) {
      const url = `${double.url.replace("esdb:", `${scheme}:`)}&maxDiscoverAttempts=2&discoveryInterval=10`;
      const lost = open(url, { totalMs: 300 });
      await expect(appendOne(lost, "s", "no_stream")).rejects.toMatchObject({
        name: "StoreError",
        code: "store-unavailable",
      });
    }
  });
});

describe("a subscription to EventStoreDB", () => {
  it.each([
    ["it is unavailable in mid-subscription", { after: 5, times: 3, code: status.UNAVAILABLE, details: "gone" }, 0],
    ["the consumer is too slow", { after: 20, times: 3, code: status.ABORTED, details: "Consumer too slow" }, 2],
  ])("loses and doubles nothing when %s", async (_, failure, pauseMs) => {
    await fill(100);
    const reader = open(double.url);
    double.faults.subscriptionFailure = failure;
    expect(await follow(reader, 100, pauseMs)).toEqual(upTo(100));
    expect(failure.times).toBe(0);
  });

  it("goes on when it becomes unavailable after it has caught up", async () => {
    await fill(3);
    double.faults.subscriptionFailure = { after: 5, times: 3, code: status.UNAVAILABLE, details: "gone" };
    const following = follow(open(double.url), 12);
    await delay(2 * limits.tryMs);
    await fill(9);
    expect(await following).toEqual(upTo(12));
  });

  it("tells an event once that the server delivers twice", async () => {
    await fill(60);
    double.faults.duplicateDelivery = true;
    const reader = open(double.url);
    expect(await follow(reader, 60)).toEqual(upTo(60));
    expect(await appendOne(reader, "t", "no_stream")).toMatchObject({ number: 61 });
  });

  it("goes on behind a long stretch of other people's events, and resumes there", async () => {
    await fill(1);
    const foreign = {
      type: "Other",
      contentType: "application/json",
      data: Buffer.from("{}"),
      metadata: new Uint8Array(),
    };
    for (let at = 0; at < 5000; at++) double.log.append("foreign", "any", [{ ...foreign, id: crypto.randomUUID() }]);
    await fill(1);
    expect(await follow(open(double.url), 2)).toEqual([1, 2]);
  });

  it("holds back a server that is faster than its reader", async () => {
    const large = () => ({ ...event(), data: JSON.stringify({ text: "x".repeat(20_000) }) });
    for (let at = 0; at < 40; at++)
      await store.append({ stream: "s", expected: "any", events: Array.from({ length: 50 }, large) });
    const reader = open(double.url).subscribe();
    const before = double.faults.calls.get("delivered")!;
    await reader.next();
    await delay(500);
    expect(double.faults.calls.get("delivered")! - before).toBeLessThan(1500);
    let seen = 1;
    for await (const message of reader)
      if (message.kind === "event") seen++;
      else break;
    expect(seen).toBe(2000);
  });

  it.each([256, 264, 272, 300])("says that it has caught up after the last of %s events, not before", async (count) => {
    await fill(count);
    let seen = 0;
    for await (const message of open(double.url).subscribe())
      if (message.kind === "caught-up") break;
      else if (++seen === 1) await delay(100);
    expect(seen).toBe(count);
  });

  it("goes on when the server was restarted, and so do appends", async () => {
    await fill(3);
    const following = follow(store, 5);
    await delay(50);
    double.stop();
    await newDouble({ log: double.log, port: double.port });
    expect(await appendOne(store, "t", "no_stream")).toMatchObject({ number: 4 });
    expect(await appendOne(store, "t", 0)).toMatchObject({ number: 5 });
    expect(await following).toEqual(upTo(5));
  });

  it("notices that the server was reset, and says so", async () => {
    await fill(3);
    double.stop();
    await newDouble({ port: double.port });
    await expect(appendOne(store, "t", "no_stream")).rejects.toMatchObject({ code: "not-a-ledger" });
  });

  it("is given up after a while when the server takes it and drops it at once, with fewer and fewer tries", async () => {
    await fill(3);
    const reader = open(double.url, { totalMs: 1000 });
    double.faults.droppedSubscriptions = Infinity;
    const reads = double.faults.calls.get("read") ?? 0;
    await expect(follow(reader, 4)).rejects.toMatchObject({
      code: "store-unavailable",
      message: expect.stringContaining("ends it at once") as unknown,
    });
    // Each try subscribes and looks twice at whose server it is: with pauses that did not grow there would be 200.
    expect(double.faults.calls.get("read")! - reads).toBeLessThan(70);
  });

  it("is taken up again when the server drops it a few times and then serves", async () => {
    await fill(3);
    const reader = open(double.url);
    double.faults.droppedSubscriptions = 3;
    const following = follow(reader, 4);
    await expect.poll(() => double.faults.droppedSubscriptions).toBe(0);
    await appendOne(store, "t", "no_stream");
    expect(await following).toEqual(upTo(4));
  });

  it("of a group is given up too when the server drops it at once, and goes on when it serves again", async () => {
    await fill(1);
    double.faults.droppedGroups = Infinity;
    const work = async () => {
      for await (const item of open(double.url, { totalMs: 500 }).compete({ group: "notify" })) {
        await item.done();
        return item.event.number;
      }
      return null;
    };
    await expect(work()).rejects.toMatchObject({ message: expect.stringContaining("ends it at once") as unknown });
    double.faults.droppedGroups = 2;
    expect(await work()).toBe(1);
  });

  it("ends without an error when its store is closed", async () => {
    await fill(3);
    const seen: StoredEvent[] = [];
    for await (const message of store.subscribe())
      if (message.kind === "event") seen.push(message.event);
      else setTimeout(() => void store.close(), 5);
    expect(seen).toHaveLength(3);
    await expect(appendOne(store, "s", 2)).rejects.toMatchObject({ code: "store-closed" });
  });
});
