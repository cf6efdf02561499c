/** A ledger whose process dies: after so many writes nothing reaches the store any more. */
import type { Ledger } from "../../src/ledger/ledger.js";
import type { EventStore } from "../../src/store/event-store.js";

export class KilledError extends Error {}

/** The same ledger; every write from that number on fails, before it is done. */
export function killedAfter(ledger: Ledger, writes: number): Ledger {
  const { store } = ledger;
  let left = writes;
  const write = async <T>(work: () => Promise<T>): Promise<T> => {
    if (left-- <= 0) throw new KilledError("killed");
    return await work();
  };
  const failing: EventStore = {
    append: (request) => write(() => store.append(request)),
    deleteStream: (stream) => write(() => store.deleteStream(stream)),
    truncateBefore: (stream, revision) => write(() => store.truncateBefore(stream, revision)),
    readStream: (stream, options) => store.readStream(stream, options),
    readAll: (options) => store.readAll(options),
    subscribe: (options) => store.subscribe(options),
    positionAt: (number) => store.positionAt(number),
    numberAt: (position) => store.numberAt(position),
    close: () => store.close(),
  };
  return { ...ledger, store: failing, now: () => ledger.now(), close: () => ledger.close() };
}
