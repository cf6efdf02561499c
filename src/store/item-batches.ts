import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";

/** The items of an iterator in batches of what is at hand, without losing one that comes late. */
export class ItemBatches<T> {
  #next: Promise<IteratorResult<T>> | null = null;

  constructor(
    private readonly items: AsyncIterator<T>,
    private readonly itemsMax: number,
  ) {}

  /** Waits for an item, `ms` at most, and takes what comes in the same turn with it; null when the items have ended. */
  async take(ms: number): Promise<T[] | null> {
    const batch: T[] = [];
    const late = new AbortController();
    const wait = pause(ms, null, { signal: late.signal }).catch(() => null);
    try {
      for (let patience: Promise<unknown> = wait; batch.length < this.itemsMax; patience = nextTurn(null)) {
        this.#next ??= this.items.next();
        const result = await Promise.race([this.#next, patience.then(() => null)]);
        if (result === null) break;
        this.#next = null;
        if (result.done) return batch.length > 0 ? batch : null;
        batch.push(result.value);
      }
      return batch;
    } finally {
      late.abort();
    }
  }
}
