import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, futimesSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { makeFolders } from "../system/make-folders.js";
import {
  CacheDamagedError,
  type CacheDraft,
  type CacheEntry,
  type CacheKey,
  type CachePlace,
  type CacheStore,
  CacheUnusableError,
  entryName,
  isWithin,
} from "./cache-store.js";
import { makeRoom } from "./make-room.js";

/** Room is made whenever a draft has grown by this part of all. */
const roomSteps = 64;

/**
 * Keeps entries as files of one folder, which several processes may share and anybody may delete. A draft has a name of
 * its own until it is whole. The time of a file's last change says when it was last used.
 */
export class DiskCacheStore implements CacheStore {
  constructor(
    private readonly folder: string,
    /** Bytes of all files together; 0 keeps nothing. */
    private readonly bytesMax: number,
  ) {}

  open(key: CacheKey): CacheEntry | null {
    let file: number;
    try {
      file = openSync(this.#path(key), "r");
    } catch {
      return null;
    }
    try {
      const now = new Date();
      futimesSync(file, now, now);
    } catch {
      // Of another user, or on a disk that is only read: it may be dropped before its time.
    }
    return new DiskEntry(file, entryName(key));
  }

  begin(key: CacheKey): CacheDraft {
    if (this.bytesMax === 0) throw new CacheUnusableError("it is turned off");
    return new DiskDraft(this.folder, this.#path(key), this.bytesMax);
  }

  remove(key: CacheKey): void {
    tryOr(() => rmSync(this.#path(key), { force: true }));
  }

  place(key: CacheKey): CachePlace {
    return { folder: this.folder, bytesMax: this.bytesMax, key };
  }

  #path(key: CacheKey): string {
    return join(this.folder, entryName(key));
  }
}

class DiskEntry implements CacheEntry {
  readonly bytes: number;
  /** Used again by each read: buffers that come and go would keep the collector busy. */
  #buffer = Buffer.alloc(0);

  constructor(
    private readonly file: number,
    private readonly name: string,
  ) {
    this.bytes = fstatSync(file).size;
  }

  read(at: number, bytes: number): Uint8Array {
    if (!isWithin(at, bytes, this.bytes)) throw this.#endsBefore(at + bytes);
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.#buffer.length));
    const into = this.#buffer.subarray(0, bytes);
    for (let filled = 0; filled < bytes;) {
      const count = readSync(this.file, into, filled, bytes - filled, at + filled);
      if (count === 0) throw this.#endsBefore(at + bytes);
      filled += count;
    }
    return into;
  }

  close(): void {
    closeSync(this.file);
  }

  #endsBefore(byte: number): CacheDamagedError {
    return new CacheDamagedError(`${this.name} ends before byte ${byte}`);
  }
}

class DiskDraft implements CacheDraft {
  bytes = 0;
  readonly #draft: string;
  readonly #file: number;
  #roomFor = 0;
  #ended = false;

  constructor(
    private readonly folder: string,
    private readonly path: string,
    private readonly bytesMax: number,
  ) {
    this.#draft = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.new`;
    this.#file = orUnusable(() => {
      makeFolders(folder);
      return openSync(this.#draft, "wx");
    });
  }

  write(bytes: Uint8Array): void {
    orUnusable(() => {
      this.#needRoom(this.bytes + bytes.length);
      for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    });
    this.bytes += bytes.length;
  }

  keep(): void {
    orUnusable(() => {
      makeRoom(this.folder, this.bytesMax, 0);
      renameSync(this.#draft, this.path);
    });
    this.#end();
  }

  drop(): void {
    if (this.#ended) return;
    this.#end();
    tryOr(() => rmSync(this.#draft, { force: true }));
  }

  #end(): void {
    this.#ended = true;
    closeSync(this.#file);
  }

  #needRoom(bytes: number): void {
    if (bytes > this.bytesMax)
      throw new CacheUnusableError(`an entry is larger than all ${this.bytesMax} bytes that it may take`);
    if (bytes <= this.#roomFor) return;
    const room = Math.max(bytes - this.bytes, Math.ceil(this.bytesMax / roomSteps));
    makeRoom(this.folder, this.bytesMax, Math.min(room, this.bytesMax - this.bytes));
    this.#roomFor = this.bytes + room;
  }
}

/** What the disk or the folder refuses makes the cache unusable, and nothing else. */
function orUnusable<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof CacheUnusableError) throw cause;
    throw new CacheUnusableError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function tryOr(work: () => void): void {
  try {
    work();
  } catch {
    // The folder may be gone, or another's: there is nothing to drop then.
  }
}
