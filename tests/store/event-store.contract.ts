import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type Appended,
  appendBytesMax,
  type AppendRequest,
  type EventStore,
  type NewEvent,
  type StoredEvent,
} from "../../src/store/event-store.js";
import { numbered } from "./numbered.js";

/** What every adapter must honour; `open` gives a new, empty store. */
export function eventStoreContract(engine: string, open: () => Promise<EventStore>): void {
  describe(`${engine} honours the event-store contract`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    const append = (stream: string, expected: AppendRequest["expected"], ...events: NewEvent[]) =>
      store.append({ stream, expected, events });

    describe("appends", () => {
      it("gives revisions from 0, numbers from 1 and grows them without holes", async () => {
        for (const [stream, expected, count, revision, number] of [
          ["a", "no_stream", 2, 1, 2],
          ["b", "no_stream", 1, 0, 3],
          ["a", 1, 1, 2, 4],
        ] as const) {
          const appended = await append(stream, expected, ...Array.from({ length: count }, () => event()));
          expect(appended).toMatchObject({ ok: true, revision, repeated: false });
          const { position, number: told } = appended as Appended;
          expect([number, null]).toContain(told);
          expect(await store.numberAt(position)).toBe(number);
        }
      });

      it("leaves payload events without a number", async () => {
        await append("a", "no_stream", event());
        expect(await append("chunks-x", "no_stream", chunk("x"))).toMatchObject({ ok: true, number: null });
        const { position } = (await append("a", 0, event())) as Appended;
        expect(await store.numberAt(position)).toBe(2);
      });

      it.each([
        ["no_stream", null, true],
        ["no_stream", 0, false],
        ["stream_exists", null, false],
        ["stream_exists", 0, true],
        ["any", null, true],
        ["any", 0, true],
        [0, null, false],
        [0, 0, true],
        [1, 0, false],
      ] as const)("expecting %s of a stream whose last revision is %s is met: %s", async (expected, last, met) => {
        if (last !== null) await append("s", "no_stream", event());
        const result = await append("s", expected, event());
        if (met) expect(result).toMatchObject({ ok: true });
        else expect(result).toEqual({ ok: false, code: "wrong-revision", expected, actual: last });
      });

      it("lets exactly one of 20 concurrent appends at one revision win and tells the others the truth", async () => {
        await append("s", "no_stream", event());
        const results = await Promise.all(Array.from({ length: 20 }, () => append("s", 0, event())));
        expect(results.filter((result) => result.ok)).toHaveLength(1);
        for (const result of results)
          if (!result.ok) expect(result).toMatchObject({ code: "wrong-revision", actual: 1 });
      });

      it("answers a retry of the same events with the first result, whatever its metadata", async () => {
        const events = [event(), event()];
        const first = await numbered(store, append("s", "no_stream", ...events));
        const retry = events.map((one) => ({ ...one, metadata: '{"at":"later"}' }));
        expect(await numbered(store, append("s", "no_stream", ...retry))).toEqual({ ...first, repeated: true });
        await append("s", 1, event());
        expect(await numbered(store, append("s", "no_stream", ...retry))).toEqual({ ...first, repeated: true });
        expect(await all(store.readStream("s"))).toHaveLength(3);
      });

      it("refuses a known id with other content, elsewhere, at another revision, or mixed with new ones", async () => {
        const known = event();
        await append("s", "no_stream", known);
        const conflict = { ok: false, code: "id-conflict", id: known.id };
        expect(await append("s", "no_stream", { ...known, data: '{"n":-1}' })).toEqual(conflict);
        expect(await append("s", "no_stream", { ...known, type: "Other" })).toEqual(conflict);
        expect(await append("t", "no_stream", known)).toEqual(conflict);
        expect(await append("s", 0, known)).toEqual(conflict);
        expect(await append("s", "no_stream", known, event())).toEqual(conflict);
        expect(await append("s", 0, event(), known)).toEqual(conflict);
        const twin = event();
        expect(await append("s", 0, twin, twin)).toMatchObject({ code: "id-conflict" });
        expect(await all(store.readAll())).toHaveLength(1);
      });

      it("takes a mebibyte of data and refuses one byte more", async () => {
        expect(await append("chunks-x", "no_stream", chunk(new Uint8Array(appendBytesMax)))).toMatchObject({
          ok: true,
        });
        const over = await append("chunks-x", 0, chunk(new Uint8Array(appendBytesMax)), chunk("x"));
        expect(over).toEqual({ ok: false, code: "too-large", bytes: appendBytesMax + 1, bytesMax: appendBytesMax });
      });

      it.each([
        ["no event", { stream: "s", expected: "any", events: [] }],
        ["an id that is no UUID", { stream: "s", expected: "any", events: [{ ...event(), id: "1" }] }],
        ["a stream name with a line break", { stream: "s\n", expected: "any", events: [event()] }],
        ["an empty type", { stream: "s", expected: "any", events: [{ ...event(), type: "" }] }],
        ["half a surrogate pair", { stream: "s", expected: "any", events: [{ ...event(), data: '"\ud800"' }] }],
      ] as const)("refuses %s without harm to its neighbours", async (_, request) => {
        const [good, bad] = await Promise.all([append("good", "any", event()), store.append(request)]);
        expect(good).toMatchObject({ ok: true });
        expect(bad).toMatchObject({ ok: false, code: "invalid-event" });
      });

      it("keeps data and metadata byte for byte", async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
        const text = '{"b":1,"a":"\\u0000 \u{1F600} é","1":[1.0,-0]}';
        await append("s", "no_stream", { ...event(), data: text, metadata: text });
        await append("chunks-s", "no_stream", { ...chunk("x"), data: bytes, metadata: text });
        const [json, binary] = await all(store.readAll({ filter: { payload: true } }));
        expect(json).toMatchObject({ data: text, metadata: text });
        expect(Buffer.from(binary!.data as Uint8Array)).toEqual(Buffer.from(bytes));
      });
    });

    describe("reads", () => {
      const fill = async () => {
        for (let at = 0; at < 25; at++) {
          await append("even", "any", event(2 * at));
          await append("odd", "any", event(2 * at + 1));
          await append("chunks-x", "any", chunk(String(at)));
        }
      };
      const numbers = (events: StoredEvent[]) =>
        events.map((read) => (JSON.parse(read.data as string) as { n: number }).n);

      it("reads a stream both ways, from a revision, with an exact limit", async () => {
        await fill();
        expect(numbers(await all(store.readStream("even")))).toEqual(Array.from({ length: 25 }, (_, at) => 2 * at));
        expect(numbers(await all(store.readStream("even", { from: 20, limit: 3 })))).toEqual([40, 42, 44]);
        expect(numbers(await all(store.readStream("even", { direction: "backwards", limit: 2 })))).toEqual([48, 46]);
        expect(numbers(await all(store.readStream("even", { direction: "backwards", from: 1 })))).toEqual([2, 0]);
        expect(await all(store.readStream("even", { limit: 0 }))).toEqual([]);
        expect(await all(store.readStream("none"))).toEqual([]);
      });

      it("reads all both ways in one order, payload left out unless asked for", async () => {
        await fill();
        const forwards = await all(store.readAll());
        expect(numbers(forwards)).toEqual(Array.from({ length: 50 }, (_, at) => at));
        expect(forwards.map((read) => read.number)).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
        expect(numbers(await all(store.readAll({ direction: "backwards", limit: 3 })))).toEqual([49, 48, 47]);
        expect(await all(store.readAll({ filter: { payload: true } }))).toHaveLength(75);
        const after = forwards[9]!.position;
        expect(numbers(await all(store.readAll({ after, limit: 2 })))).toEqual([10, 11]);
        expect(numbers(await all(store.readAll({ after, direction: "backwards", limit: 2 })))).toEqual([8, 7]);
      });

      it("filters by stream prefix and by type, and counts only what passes against the limit", async () => {
        await fill();
        await append("other", "any", { ...event(99), type: "Rare" });
        expect(numbers(await all(store.readAll({ filter: { streamPrefixes: ["od"] }, limit: 3 })))).toEqual([1, 3, 5]);
        expect(numbers(await all(store.readAll({ filter: { types: ["Rare"] } })))).toEqual([99]);
      });
    });

    describe("subscriptions", () => {
      it("catch up, say so, and go on live without a gap or a repeat while writers race", async () => {
        for (let at = 0; at < 10; at++) await append(`s${at % 3}`, "any", event(at));
        const seen: number[] = [];
        let caughtUp = 0;
        const writers = Array.from({ length: 4 }, async (_, writer) => {
          for (let at = 0; at < 25; at++) await append(`w${writer}`, "any", event(at));
        });
        for await (const message of store.subscribe()) {
          if (message.kind === "caught-up") caughtUp++;
          else seen.push(message.event.number!);
          if (seen.length === 110) break;
        }
        await Promise.all(writers);
        expect(seen).toEqual(Array.from({ length: 110 }, (_, at) => at + 1));
        const controller = new AbortController();
        for await (const message of store.subscribe({ signal: controller.signal }))
          if (message.kind === "caught-up") {
            caughtUp++;
            break;
          }
        expect(caughtUp).toBeGreaterThan(0);
      });

      it("resume after a position, with a filter, and end when aborted while waiting", async () => {
        for (let at = 0; at < 10; at++) await append(at % 2 ? "odd" : "even", "any", event(at));
        const [, , third] = await all(store.readAll());
        const controller = new AbortController();
        const seen: number[] = [];
        const filter = { streamPrefixes: ["even"] };
        for await (const message of store.subscribe({ after: third!.position, filter, signal: controller.signal }))
          if (message.kind === "event") seen.push(message.event.revision);
          else setTimeout(() => controller.abort(), 5);
        expect(seen).toEqual([2, 3, 4]);
      });
    });

    describe("positions", () => {
      it("of a subscription that has caught up lead to what is new", async () => {
        for (let at = 0; at < 4; at++) await append(at % 2 ? "odd" : "even", "any", event(at));
        const filter = { streamPrefixes: ["even"] };
        let position = "";
        for await (const message of store.subscribe({ filter })) {
          if (message.kind === "event") continue;
          position = message.position;
          break;
        }
        await append("even", "any", event(4));
        const resumed = store.subscribe({ after: position, filter })[Symbol.asyncIterator]();
        expect((await resumed.next()).value).toMatchObject({ kind: "event", event: { revision: 2, number: 5 } });
        await resumed.return?.();
      });

      it("are told for event numbers", async () => {
        await append("a", "any", event());
        await append("chunks-x", "any", chunk("x"));
        await append("a", "any", event(), event());
        for (const { number, position } of await all(store.readAll()))
          expect(await store.positionAt(number!)).toBe(position);
        expect(await store.positionAt(4)).toBeNull();
        expect(await store.positionAt(0)).toBeNull();
      });

      it("of another kind of engine are refused", async () => {
        await append("a", "any", event());
        await expect(async () => await all(store.readAll({ after: "x" }))).rejects.toThrow("no position");
        await expect(async () => await all(store.subscribe({ after: "x" }))).rejects.toThrow("no position");
      });
    });

    describe("erasing", () => {
      it("hides a chunk stream's events, keeps its revisions and positions used, and refuses chained streams", async () => {
        await append("a", "any", event());
        const chunks = await append("chunks-x", "no_stream", chunk("1"), chunk("2"), chunk("3"));
        await store.truncateBefore("chunks-x", 2);
        expect((await all(store.readStream("chunks-x"))).map((read) => read.revision)).toEqual([2]);
        await store.deleteStream("chunks-x");
        expect(await all(store.readStream("chunks-x"))).toEqual([]);
        expect(await append("chunks-x", "no_stream", chunk("4"))).toMatchObject({ code: "wrong-revision", actual: 2 });
        const next = await append("a", 0, event());
        expect(next.ok && chunks.ok && next.position !== chunks.position).toBe(true);
        await expect(store.deleteStream("a")).rejects.toThrow("chained");
      });
    });
  });
}

let counter = 0;

/** A JSON event; `n` tells it apart. */
export function event(n = counter++): NewEvent {
  return { id: randomUUID(), type: "Noted", data: JSON.stringify({ n }), metadata: "{}" };
}

function chunk(data: string | Uint8Array): NewEvent {
  return { ...event(), type: "Chunk", data: typeof data === "string" ? Buffer.from(data) : data };
}

export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
