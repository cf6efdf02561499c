import { followingReadModels } from "../../projections/read-model-host.js";
import type { EventStore } from "../store/event-store.js";
import type { Ledger } from "./ledger.js";

/**
 * The ledger as it stood right after an event: its read models rebuilt from the events up to that number, in memory.
 * Every query works on it; nothing can be appended.
 * @example const then = await replayUntil(ledger, 31); await historyOf(then, "lane");
 */
export async function replayUntil(ledger: Ledger, number: number): Promise<Ledger> {
  const store = upTo(ledger.store, number);
  const readModels = followingReadModels(store);
  await readModels.refresh();
  const { actor, cache, keepsModels } = ledger;
  return {
    store,
    groups: { compete: forReading, retryParked: forReading },
    readModels,
    cache,
    keepsModels,
    actor,
    now: () => ledger.now(),
    close: async () => readModels.close(),
  };
}

function upTo(store: EventStore, number: number): EventStore {
  return {
    append: async () => forReading(),
    readStream: (stream, options) => store.readStream(stream, options),
    async *readAll(options) {
      for await (const event of store.readAll(options)) {
        if (event.number !== null && event.number > number) return;
        yield event;
      }
    },
    subscribe: forReading,
    positionAt: (wanted) => store.positionAt(wanted),
    numberAt: (position) => store.numberAt(position),
    truncateBefore: (stream, revision) => store.truncateBefore(stream, revision),
    deleteStream: (stream) => store.deleteStream(stream),
    close: async () => undefined,
  };
}

function forReading(): never {
  throw new Error("a replay is for reading");
}
