import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CompetingConsumers,
  deliveriesMax,
  type WorkItem,
  type WorkOptions,
} from "../../src/store/competing-consumers.js";
import type { EventStore } from "../../src/store/event-store.js";
import { event } from "./event-store.contract.js";

export type GroupStore = EventStore & CompetingConsumers;

export interface GroupEngine {
  /** Opens stores of a new, empty ledger; in memory there is one. */
  readonly newLedger: () => Promise<() => Promise<GroupStore>>;
  /** Whether groups are the server's own, which delivers the next event of a stream before one that was given back. */
  readonly keptByServer: boolean;
}

/** What groups of workers must honour on every engine. */
export function competingConsumersContract(engine: string, { newLedger, keptByServer }: GroupEngine): void {
  describe(`${engine} honours the contract of competing consumers`, () => {
    let openStore: () => Promise<GroupStore>;
    let store: GroupStore;
    const opened: GroupStore[] = [];
    beforeEach(async () => {
      const open = await newLedger();
      openStore = async () => {
        const made = await open();
        opened.push(made);
        return made;
      };
      store = await openStore();
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
    });

    const fill = async (stream: string, count: number) =>
      await store.append({ stream, expected: "any", events: Array.from({ length: count }, () => event()) });

    /** Works until so many events are settled; what is tried again does not count. */
    async function work(
      from: GroupStore,
      options: Partial<WorkOptions>,
      until: number,
      handle: (item: WorkItem) => Promise<unknown> = async (item) => await item.done(),
    ): Promise<WorkItem[]> {
      const items: WorkItem[] = [];
      if (until === 0) return items;
      for await (const item of from.compete({ group: "notify", ...options })) {
        items.push(item);
        await handle(item);
        if (items.length === until) break;
      }
      return items;
    }
    const numbersOf = (items: readonly WorkItem[]) => items.map((item) => item.event.number!);

    /** What comes within a while. */
    async function seenWithin(ms: number, options: Partial<WorkOptions> = {}): Promise<number[]> {
      const items: WorkItem[] = [];
      for await (const item of store.compete({ group: "notify", ...options, signal: AbortSignal.timeout(ms) })) {
        items.push(item);
        await item.done();
      }
      return numbersOf(items);
    }

    /** So many, which a server with a long log may first have to look for, and what comes within a while behind them. */
    async function seen(count: number, options: Partial<WorkOptions> = {}): Promise<number[]> {
      const items: WorkItem[] = [];
      const stop = new AbortController();
      const stopIn = (ms: number) => setTimeout(() => stop.abort(), ms);
      let timer = stopIn(20_000);
      for await (const item of store.compete({ group: "notify", ...options, signal: stop.signal })) {
        items.push(item);
        await item.done();
        if (items.length !== count) continue;
        clearTimeout(timer);
        timer = stopIn(200);
      }
      clearTimeout(timer);
      return numbersOf(items);
    }

    it("gives each event to one worker, those of a stream in their order, also while more are written", async () => {
      for (let at = 0; at < 5; at++) for (const stream of ["a", "b", "c"]) await fill(stream, 2);
      const stop = new AbortController();
      const done: { number: number; stream: string; worker: GroupStore | null }[] = [];
      const worker = async (own: GroupStore) => {
        for await (const item of own.compete({ group: "notify", signal: stop.signal })) {
          // The server pins a stream to another worker when one joins, whatever is under way.
          done.push({ number: item.event.number!, stream: item.event.stream, worker: keptByServer ? own : null });
          await delay(1);
          await item.done();
          if (done.length === 40) stop.abort();
        }
      };
      const workers = [worker(store), worker(await openStore()), worker(await openStore())];
      await fill("d", 10);
      await Promise.all(workers);
      expect(done.map(({ number }) => number).toSorted((one, other) => one - other)).toEqual(upTo(40));
      for (const each of done) {
        const own = done.filter(({ stream, worker: by }) => stream === each.stream && by === each.worker);
        expect(own).toEqual(own.toSorted((one, other) => one.number - other.number));
      }
    });

    it("delivers again what is given back, and tells how often it came", async () => {
      await fill("s", 3);
      const items = await work(store, {}, 4, async (item) =>
        item.event.number === 2 && item.retries === 0 ? await item.again("later") : await item.done(),
      );
      expect(numbersOf(items)).toEqual(keptByServer ? expect.arrayContaining([1, 2, 3]) : [1, 2, 2, 3]);
      expect(items.filter(({ event: { number } }) => number === 2).map(({ retries }) => retries)).toEqual([0, 1]);
      expect(await seenWithin(300)).toEqual([]);
    });

    it("puts aside what is parked until that is retried, and forgets what is skipped", async () => {
      await fill("s", 4);
      await work(store, {}, 4, async (item) => {
        if (item.event.number === 2) await item.park("no use");
        else if (item.event.number === 3) await item.skip("not for me");
        else await item.done();
      });
      expect(await seenWithin(300)).toEqual([]);
      await store.retryParked("notify");
      expect(await seen(1)).toEqual([2]);
      await store.retryParked("nobody");
    });

    it("delivers to another worker what was not settled in time", async () => {
      await fill("s", 1);
      const stuck = store.compete({ group: "notify", ackMs: 300 })[Symbol.asyncIterator]();
      const first = (await stuck.next()).value as WorkItem;
      const [again] = await work(await openStore(), {}, 1);
      expect([first.event.number, again!.event.number]).toEqual([1, 1]);
      expect(again!.retries).toBeGreaterThan(0);
      await first.done();
      await stuck.return?.();
    });

    it("delivers to others at once what a worker that leaves has not settled", async () => {
      await fill("s", 2);
      expect(numbersOf(await work(store, {}, 1, async () => undefined))).toEqual([1]);
      expect(numbersOf(await work(await openStore(), {}, 2))).toEqual([1, 2]);
    });

    it("parks by itself what was never settled, so that the stream goes on", async () => {
      await fill("s", 1);
      const mine = await openStore();
      let deliveries = 0;
      // There a worker that leaves does not count.
      if (keptByServer)
        for await (const item of mine.compete({ group: "notify", signal: AbortSignal.timeout(1500) })) {
          deliveries++;
          await item.again("not yet");
        }
      else while (deliveries < deliveriesMax) deliveries += (await work(mine, {}, 1, async () => undefined)).length;
      expect(deliveries).toBe(deliveriesMax);
      await fill("s", 1);
      expect(numbersOf(await work(mine, {}, 1))).toEqual([2]);
    });

    it("holds a worker to the number of events that it may have unsettled", async () => {
      for (const stream of ["a", "b", "c", "d"]) await fill(stream, 1);
      const held: WorkItem[] = [];
      const stop = new AbortController();
      const working = (async () => {
        for await (const item of store.compete({ group: "notify", inFlightMax: 2, signal: stop.signal }))
          held.push(item);
      })();
      await expect.poll(() => held.length).toBe(2);
      await delay(250);
      expect(held).toHaveLength(2);
      await held[0]!.done();
      await expect.poll(() => held.length).toBe(3);
      stop.abort();
      await working;
    });

    it("goes on where it was when all workers and their process are gone", async () => {
      await fill("s", 3);
      await work(store, {}, 2);
      const next = await openStore();
      expect(numbersOf(await work(next, {}, 1))).toEqual([3]);
      await fill("s", 1);
      expect(numbersOf(await work(next, {}, 1))).toEqual([4]);
    });

    it("ends without an error when its store is closed, whether it works or waits", async () => {
      await fill("s", 1);
      const mine = await openStore();
      for await (const item of mine.compete({ group: "notify" })) {
        expect(item.event.number).toBe(1);
        await item.done();
        setTimeout(() => void mine.close(), 200);
      }
      const other = await openStore();
      for await (const _ of other.compete({ group: "second" })) await other.close();
    });

    it("keeps the groups of a ledger apart, and begins a new one where it is told", async () => {
      await fill("s", 2);
      expect(await seen(2)).toEqual([1, 2]);
      expect(await seenWithin(400, { group: "late", from: "end" })).toEqual([]);
      await fill("s", 1);
      expect(await seen(1, { group: "late" })).toEqual([3]);
      expect(await seen(3, { group: "third" })).toEqual([1, 2, 3]);
    });

    it("takes the events of a filter alone, never payload, and refuses a worker with another one", async () => {
      await fill("s", 1);
      await store.append({
        stream: "chunks-s",
        expected: "any",
        events: [{ ...event(), type: "Rare", data: Buffer.from("x") }],
      });
      await store.append({ stream: "s", expected: "any", events: [{ ...event(), type: "Rare" }] });
      await store.append({ stream: "t", expected: "any", events: [{ ...event(), type: "Rare" }] });
      const filter = { types: ["Rare", "Rarer"], streamPrefixes: ["s", "c"] };
      expect(await seen(1, { filter })).toEqual([2]);
      const same = { streamPrefixes: ["c", "s"], types: ["Rarer", "Rare"] };
      expect(await seenWithin(200, { filter: same })).toEqual([]);
      await expect(seenWithin(200)).rejects.toMatchObject({
        name: "GroupDiffersError",
        cure: expect.stringContaining("filter") as unknown,
      });
    });
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);
