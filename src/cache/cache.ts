import {
  type CacheEntry,
  type CacheKey,
  type CachePlace,
  type CacheStore,
  CacheUnusableError,
  type CacheWriter,
  entryName,
} from "./cache-store.js";

/** Makes an entry's bytes. What it throws goes to whoever asked for the entry. */
export type Fill = (writer: CacheWriter) => Promise<void>;

/**
 * What can be made again, kept for the next time: filled on first use, dropped at any time. Of those who ask for an
 * entry of one process at once, one fills it and the others wait; two processes fill it twice, and the last one stays.
 * @example const entry = await cache.openOrFill({ kind: "paths", version: 1, of: sha256 }, async (writer) => writer.write(bytes));
 */
export class Cache {
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(private readonly store: CacheStore) {}

  /** The entry, open; null if it is not there. Close it. */
  open(key: CacheKey): CacheEntry | null {
    return this.store.open(key);
  }

  /** The entry, made if it is not there; null where nothing can be kept. Close it. */
  async openOrFill(key: CacheKey, fill: Fill): Promise<CacheEntry | null> {
    const entry = this.store.open(key);
    if (entry) return entry;
    const name = entryName(key);
    let filling = this.#underWay.get(name);
    if (!filling) {
      filling = this.#fill(key, fill).finally(() => this.#underWay.delete(name));
      this.#underWay.set(name, filling);
    }
    await filling;
    return this.store.open(key);
  }

  /** Where another thread finds the entry; null where it cannot. */
  place(key: CacheKey): CachePlace | null {
    return this.store.place(key);
  }

  /** Drops an entry that is damaged, or no use any more; who has it open reads on. */
  remove(key: CacheKey): void {
    this.store.remove(key);
  }

  async #fill(key: CacheKey, fill: Fill): Promise<void> {
    try {
      const draft = this.store.begin(key);
      try {
        await fill(draft);
        draft.keep();
      } finally {
        draft.drop();
      }
    } catch (error) {
      if (!(error instanceof CacheUnusableError)) throw error;
    }
  }
}
