/** What an entry is made of: the same key, the same bytes. */
export interface CacheKey {
  /** What it holds: lower-case letters. */
  readonly kind: string;
  /** Of its layout and of the code that makes it; entries of other versions are never met. */
  readonly version: number;
  /** SHA-256 of what it is made from, in hex. */
  readonly of: string;
}

/** An entry that is open for reading: it stays readable when it is removed meanwhile. */
export interface CacheEntry {
  readonly bytes: number;
  /**
   * Bytes `at` to `at + bytes`, all of them; good until the next are read.
   * @throws CacheDamagedError if the entry ends before.
   */
  read(at: number, bytes: number): Uint8Array;
  close(): void;
}

/** Where an entry's bytes are written, from its beginning to its end. */
export interface CacheWriter {
  /** How many bytes were written: where the next ones begin. */
  readonly bytes: number;
  /** Takes a copy. */
  write(bytes: Uint8Array): void;
}

/** An entry that is being written; nobody sees it before it is kept. */
export interface CacheDraft extends CacheWriter {
  /** The entry is whole: it takes its place, instead of one that may be there. */
  keep(): void;
  /** Gives it up; after `keep` this does nothing. */
  drop(): void;
}

/** Where an entry lies, or would lie, as plain data: a thread of its own opens it by that. */
export interface CachePlace {
  readonly folder: string;
  /** Bytes that all entries there may take. */
  readonly bytesMax: number;
  readonly key: CacheKey;
}

/** Where a cache's entries lie. What it holds can go at any time. */
export interface CacheStore {
  /** null if there is no such entry. */
  open(key: CacheKey): CacheEntry | null;
  /** @throws CacheUnusableError where nothing can be kept; so do the draft's methods. */
  begin(key: CacheKey): CacheDraft;
  remove(key: CacheKey): void;
  /** null where only this thread sees the entries. */
  place(key: CacheKey): CachePlace | null;
}

/** Nothing (more) can be kept: there is no room, or no folder that can be written. Work goes on without. */
export class CacheUnusableError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`the cache keeps nothing: ${why}`, options);
    this.name = "CacheUnusableError";
  }
}

/** An entry is not what was written. It is to be removed and made again. */
export class CacheDamagedError extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`an entry of the cache is damaged: ${what}`, options);
    this.name = "CacheDamagedError";
  }
}

/** The entry's name among the others of a cache. */
export function entryName({ kind, version, of }: CacheKey): string {
  return `${kind}-${version}-${of}`;
}

/** Whether a range lies in `length` bytes: what a damaged entry says of itself may be any number. */
export function isWithin(at: number, bytes: number, length: number): boolean {
  return Number.isSafeInteger(at) && Number.isSafeInteger(bytes) && at >= 0 && bytes >= 0 && at + bytes <= length;
}
