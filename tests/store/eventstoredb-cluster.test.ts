import type { EventStore } from "../../src/store/event-store.js";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { EventStoreDbEventStore } from "../../src/store/eventstoredb/eventstoredb-event-store.js";
import { all, event } from "./event-store.contract.js";
import type { Recorded } from "./eventstoredb-double/event-log.js";
import { type EventStoreDouble, startDouble } from "./eventstoredb-double/server.js";
import { numbered } from "./numbered.js";

/** Far longer than a test waits: what goes on before, does so because somebody else was seen to lead. */
const limits = { tryMs: 20_000, totalMs: 30_000, pauseMs: 10 };

let nodes: EventStoreDouble[];
let store: EventStoreDbEventStore;
beforeEach(async () => {
  const first = await startDouble();
  nodes = [first, await startDouble({ log: first.log }), await startDouble({ log: first.log })];
  lead(0);
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`).join(",");
  store = new EventStoreDbEventStore({ url: `esdb://${hosts}?tls=false`, limits });
});
afterEach(async () => {
  await store.close();
  for (const node of nodes) node.stop();
});

/** What so many nodes, from the last on, say: which of them leads. */
function lead(leader: number, by = 3): void {
  for (const node of nodes.slice(3 - by)) node.leaderPort = nodes[leader]!.port;
}

/** A node that knows of the first event alone, in place of the last one. */
async function leaveBehind(): Promise<EventStoreDouble> {
  const [, , last] = nodes;
  const [{ id, type, contentType, data, metadata, stream }] = last!.log.all as [Recorded];
  last!.stop();
  const behind = await startDouble({ port: last!.port });
  behind.log.append(stream, "no_stream", [{ id, type, contentType, data, metadata }]);
  behind.leaderPort = nodes[0]!.port;
  nodes[2] = behind;
  return behind;
}

const appendTo = async (to: EventStore, revision: number) =>
  await numbered(
    to,
    to.append({ stream: "s", expected: revision === 0 ? "no_stream" : revision - 1, events: [event()] }),
  );
const append = async (revision: number) => await appendTo(store, revision);

async function follow(count: number): Promise<number[]> {
  const numbers: number[] = [];
  for await (const message of store.subscribe()) {
    if (message.kind === "event") numbers.push(message.event.number!);
    if (numbers.length === count) break;
  }
  return numbers;
}

it("goes to the new leader as soon as there is one, while the old one stands still", async () => {
  expect(await append(0)).toMatchObject({ ok: true, revision: 0 });
  const following = follow(2);
  nodes[0]!.faults.blackHole = true;
  const appended = append(1);
  await delay(1000);
  expect(nodes[0]!.log.all).toHaveLength(1);
  lead(1, 2);
  const began = performance.now();
  expect(await appended).toMatchObject({ ok: true, revision: 1, number: 2, repeated: false });
  expect(performance.now() - began).toBeLessThan(3000);
  expect(await following).toEqual([1, 2]);
  expect(await all(store.readStream("s"))).toHaveLength(2);
  expect(nodes[1]!.faults.calls.get("batchAppend")).toBe(1);
});

it("stays with a leader that is slow, and whom the others still name", async () => {
  await append(0);
  Object.assign(nodes[0]!.faults, { lateReplies: 1, lateMs: 2000 });
  expect(await append(1)).toMatchObject({ ok: true, revision: 1 });
  expect(nodes.map(({ faults }) => faults.calls.get("batchAppend"))).toEqual([1, undefined, undefined]);
});

it("does not believe one node alone that names another leader", async () => {
  await append(0);
  lead(2, 1);
  Object.assign(nodes[0]!.faults, { lateReplies: 1, lateMs: 2000 });
  const appended = append(1);
  await delay(200);
  for (const node of nodes.slice(0, 2)) node.faults.blackHole = true;
  expect(await appended).toMatchObject({ ok: true, revision: 1 });
  expect(nodes[2]!.faults.calls.get("batchAppend")).toBeUndefined();
});

it("does not stay with a node that has fallen behind and says that it leads", async () => {
  for (const revision of [0, 1]) await append(revision);
  const behind = await leaveBehind();
  lead(2);
  nodes[0]!.stop();
  const read = all(store.readStream("s"));
  await delay(300);
  lead(1);
  expect(await read).toHaveLength(2);
  expect(await append(2)).toMatchObject({ ok: true, revision: 2, number: 3 });
  expect(behind.log.all).toHaveLength(1);
});

it("does not believe a node that has fallen behind what it says of revisions", async () => {
  const hasty = new EventStoreDbEventStore({ url: nodes[0]!.url, limits: { ...limits, tryMs: 250 } });
  const appendHastily = async (revision: number) => await appendTo(hasty, revision);
  for (const revision of [0, 1]) await appendHastily(revision);
  const behind = await leaveBehind();
  nodes[0]!.faults.halfCloses = 1;
  nodes[0]!.faults.notLeader = { times: 1, host: "127.0.0.1", port: behind.port };
  expect(await appendHastily(2)).toMatchObject({ ok: true, revision: 2, number: 3 });
  expect(behind.faults.calls.get("batchAppend")).toBe(1);
  await hasty.close();
});
