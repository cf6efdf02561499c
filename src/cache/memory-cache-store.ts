import {
  CacheDamagedError,
  type CacheDraft,
  type CacheEntry,
  type CacheKey,
  type CacheStore,
  CacheUnusableError,
  entryName,
  isWithin,
} from "./cache-store.js";

/** Keeps entries in memory, the least recently used leaving first. For ledgers that have no folder. */
export class MemoryCacheStore implements CacheStore {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Buffer>();
  #bytes = 0;

  constructor(private readonly bytesMax: number) {}

  open(key: CacheKey): CacheEntry | null {
    const name = entryName(key);
    const content = this.#entries.get(name);
    if (!content) return null;
    this.#entries.delete(name);
    this.#entries.set(name, content);
    return {
      bytes: content.length,
      read: (at, bytes) => {
        if (!isWithin(at, bytes, content.length)) throw new CacheDamagedError(`${name} ends before byte ${at + bytes}`);
        return content.subarray(at, at + bytes);
      },
      close: () => undefined,
    };
  }

  begin(key: CacheKey): CacheDraft {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    return {
      get bytes() {
        return bytes;
      },
      write: (part) => {
        bytes += part.length;
        if (bytes > this.bytesMax)
          throw new CacheUnusableError(`an entry is larger than all ${this.bytesMax} bytes of it`);
        parts.push(Uint8Array.from(part));
      },
      keep: () => this.#keep(key, Buffer.concat(parts)),
      drop: () => void (parts.length = 0),
    };
  }

  place(): null {
    return null;
  }

  remove(key: CacheKey): void {
    this.#drop(entryName(key));
  }

  #keep(key: CacheKey, content: Buffer): void {
    const name = entryName(key);
    this.#drop(name);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes + content.length <= this.bytesMax) break;
      this.#drop(oldest);
    }
    this.#entries.set(name, content);
    this.#bytes += content.length;
  }

  #drop(name: string): void {
    this.#bytes -= this.#entries.get(name)?.length ?? 0;
    this.#entries.delete(name);
  }
}
