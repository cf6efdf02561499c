import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { capture } from "../../src/ledger/capture.js";
import { complete, create, fail, restore, update } from "../../src/ledger/checkpoint-commands.js";
import { joinGroup, retryParked } from "../../src/ledger/join-group.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import { type EventFeed, type FeedMessage, subscribe, type SubscribeOptions } from "../../src/ledger/subscribe.js";
import { openLedger } from "../../src/open-ledger.js";
import type { EventStore } from "../../src/store/event-store.js";
import { temporaryFolder } from "../temporary-folder.js";

async function open(url = "memory:"): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "ann" });
  onTestFinished(async () => await ledger.close());
  return ledger;
}

async function feedOf(ledger: Pick<Ledger, "store">, options: SubscribeOptions = {}): Promise<EventFeed> {
  const subscribed = await subscribe(ledger, options);
  if (!subscribed.ok) throw new Error(subscribed.message);
  return subscribed.feed;
}

/** What there is: types and streams without the ids of checkpoints; and where to go on. */
async function past(feed: EventFeed): Promise<{ events: string[]; position: string }> {
  const events: string[] = [];
  for await (const message of feed) {
    if (message.kind === "caught-up") return { events, position: message.position };
    events.push(`${message.event.type} ${message.event.stream.replace(/_\d+_\d+-\w+$/, "")}`);
  }
  throw new Error("the feed ended");
}

async function captureInto(ledger: Ledger, design: string, stage: string): Promise<void> {
  const source = (async function* () {
    yield Buffer.from(`${design} ${stage}\n`);
  })();
  const captured = await capture(ledger, { design, stage }, [{ name: "x", source }]);
  if (!captured.ok) throw new Error(captured.message);
}

async function newTask(ledger: Ledger, taskId: string): Promise<string> {
  const made = await create(ledger, { taskId });
  if (!made.ok) throw new Error(made.message);
  return made.checkpoint.checkpointId;
}

it("brings what happens to a design, and nothing of a design or task whose name is like it", async () => {
  const ledger = await open();
  for (const design of ["lane", "lane_x", "lane2"]) await captureInto(ledger, design, "a");
  await newTask(ledger, "lane");
  const { events } = await past(await feedOf(ledger, { designs: ["lane"] }));
  expect(events).toContain("StageCommitted design-lane");
  expect(events).toContain("CheckpointCompleted checkpoint-cp_lane");
  expect(new Set(events.map((event) => event.split(" ")[1]))).toEqual(new Set(["design-lane", "checkpoint-cp_lane"]));
  expect(events.filter((event) => event.startsWith("CheckpointCreated"))).toHaveLength(1);
  const committed = await past(await feedOf(ledger, { designs: ["lane", "lane2"], types: ["StageCommitted"] }));
  expect(committed.events).toEqual(["StageCommitted design-lane", "StageCommitted design-lane2"]);
  const own = await past(await feedOf(ledger, { designs: ["lane_x"], streamPrefixes: ["design-"] }));
  expect(own.events).toEqual(["StageCommitted design-lane_x"]);
});

it("brings the events by which a checkpoint comes into a state, not the updates within it", async () => {
  const ledger = await open();
  const id = await newTask(ledger, "t");
  for (const stepNumber of [2, 3]) await update(ledger, id, { stepNumber });
  await fail(ledger, id, { error: { message: "oom" } });
  await restore(ledger, id, {});
  for (const stepNumber of [4, 5]) await update(ledger, id, { stepNumber });
  await complete(ledger, id, {});
  const numbers = async (...states: string[]) => {
    const seen: number[] = [];
    for await (const message of await feedOf(ledger, { states }))
      if (message.kind === "caught-up") return seen;
      else seen.push(message.event.event);
    return seen;
  };
  expect(await numbers("active")).toEqual([3, 7]);
  expect(await numbers("failed", "completed")).toEqual([5, 9]);
  expect(await numbers("created", "active", "completed", "failed", "restored")).toEqual([2, 3, 5, 6, 7, 9]);
});

it("goes on after a position, an event number, or from now on, in another process too", async () => {
  const url = `sqlite:${join(temporaryFolder(), "ledger.db")}`;
  const ledger = await open(url);
  await newTask(ledger, "a");
  const { position } = await past(await feedOf(ledger, { designs: ["lane"] }));
  await newTask(ledger, "b");
  const other = await open(url);
  expect((await past(await feedOf(other, { from: position }))).events).toEqual(["CheckpointCreated checkpoint-cp_b"]);
  expect((await past(await feedOf(other, { after: 2 }))).events).toEqual(["CheckpointCreated checkpoint-cp_b"]);
  expect((await past(await feedOf(other, { after: 3 }))).events).toEqual([]);
  const fromNow = await feedOf(other, { from: "end" });
  await newTask(ledger, "c");
  expect((await past(fromNow)).events).toEqual(["CheckpointCreated checkpoint-cp_c"]);
});

it.each([
  [{ types: ["StageComitted"] }, "invalid", 'no event type "StageComitted"'],
  [{ states: ["done"] }, "invalid", 'no state "done"'],
  [{ designs: ["a/b"] }, "invalid", '"a/b" cannot be the name'],
  [{ types: ["HeadMoved"], states: ["failed"] }, "invalid", "no event of these types"],
  [{ designs: ["lane"], streamPrefixes: ["ledger"] }, "invalid", "no stream of these designs"],
  [{ from: "nowhere" }, "invalid", "no position"],
  [{ after: 7 }, "not-found", "ends at 1"],
  [{ after: 1, from: "end" }, "invalid", "both say where"],
] as const)("refuses %j as %s", async (options, code, message) => {
  const refused = await subscribe(await open(), options);
  expect(refused).toMatchObject({ ok: false, code, message: expect.stringContaining(message) as unknown });
});

/** The ledger, and how many subscriptions of its store are open. */
function counted({ store }: Ledger): { ledger: Pick<Ledger, "store">; subscriptions: () => number } {
  let followed = 0;
  const subscribed: EventStore["subscribe"] = async function* (options) {
    followed++;
    try {
      yield* store.subscribe(options);
    } finally {
      followed--;
    }
  };
  const counting: EventStore = {
    append: (request) => store.append(request),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    subscribe: subscribed,
    positionAt: (number) => store.positionAt(number),
    numberAt: (position) => store.numberAt(position),
    truncateBefore: (stream, revision) => store.truncateBefore(stream, revision),
    deleteStream: (stream) => store.deleteStream(stream),
    close: () => store.close(),
  };
  return { ledger: { store: counting }, subscriptions: () => followed };
}

it("frees what it holds when a waiting iterator is returned, aborted or unsubscribed", async () => {
  const { ledger, subscriptions } = counted(await open());
  const waiting = async (feed: EventFeed) => {
    const messages = feed[Symbol.asyncIterator]();
    for (let next = await messages.next(); next.value.kind !== "caught-up";) next = await messages.next();
    return { messages, pending: messages.next() };
  };
  const { messages, pending } = await waiting(await feedOf(ledger));
  expect(subscriptions()).toBe(1);
  await messages.return!();
  expect(await pending).toMatchObject({ done: true });
  const stop = new AbortController();
  const aborted = await waiting(await feedOf(ledger, { signal: stop.signal }));
  stop.abort();
  expect(await aborted.pending).toMatchObject({ done: true });
  const observed = (await feedOf(ledger)).observe(async () => undefined).subscribe();
  await expect.poll(subscriptions).toBe(1);
  await delay(20);
  observed.unsubscribe();
  await expect.poll(subscriptions).toBe(0);
});

it("hands an Observable the next message when the one before is dealt with, and ends it with the signal", async () => {
  const ledger = await open();
  for (let at = 0; at < 5; at++) await newTask(ledger, `t${at}`);
  const stop = new AbortController();
  const feed = await feedOf(ledger, { signal: stop.signal });
  let atOnce = 0;
  const seen: FeedMessage[] = [];
  await new Promise<void>((resolve, reject) =>
    feed
      .observe(async (message) => {
        expect(++atOnce).toBe(1);
        await delay(2);
        atOnce--;
        if (message.kind === "caught-up") stop.abort();
        return message;
      })
      .subscribe({ next: (message) => seen.push(message), error: reject, complete: resolve }),
  );
  expect(seen.map(({ kind }) => kind)).toEqual([...Array.from({ length: 6 }, () => "event"), "caught-up"]);
});

it("shares the selected events among the workers of a group, which parks and retries", async () => {
  const ledger = await open();
  for (const task of ["a", "b"]) {
    const id = await newTask(ledger, task);
    await fail(ledger, id, { error: { message: task } });
  }
  const seen: [string, number][] = [];
  const work = async (until: number) => {
    const joined = joinGroup(ledger, { group: "mail", states: ["failed"] });
    if (!joined.ok) throw new Error(joined.message);
    for await (const item of joined.items) {
      seen.push([item.event.type, item.event.event]);
      if (seen.length === 1) await item.park("no address");
      else await item.done();
      if (seen.length === until) return;
    }
  };
  await work(2);
  expect(await retryParked(ledger, "mail")).toEqual({ ok: true });
  await work(3);
  expect(seen).toEqual([3, 5, 3].map((number) => ["CheckpointFailed", number]));
  const other = joinGroup(ledger, { group: "mail", states: ["completed"] });
  await expect(async () => await (other.ok && other.items.next())).rejects.toThrow("another filter");
  expect(joinGroup(ledger, { group: "a b" })).toMatchObject({ ok: false, code: "invalid" });
  expect(joinGroup(ledger, { group: "mail", inFlightMax: 0 })).toMatchObject({ ok: false, code: "invalid" });
  expect(await retryParked(ledger, "")).toMatchObject({ ok: false, code: "invalid" });
});
