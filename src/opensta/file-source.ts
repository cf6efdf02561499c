import { readSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { ByteReader } from "./byte-source.js";
import { cannotRead } from "./source-error.js";

const readBytes = 1 << 20;

/** Reads at once before the event loop gets a turn. */
const readsATurn = 16;

/** A file's bytes as they are. */
export class FileSource implements ByteReader {
  #file: FileHandle | null = null;
  #reads = 0;

  constructor(private readonly path: string) {}

  /** Reads at once: the system's cache copies sooner than a thread is asked for it. The loop gets its turn in between. */
  async readInto(target: Uint8Array): Promise<number> {
    try {
      this.#file ??= await open(this.path);
      if (++this.#reads % readsATurn === 0) await nextTurn();
      return readSync(this.#file.fd, target, 0, target.length, null);
    } catch (cause) {
      throw cannotRead(this.path, cause);
    }
  }

  async #read(target: Uint8Array): Promise<number> {
    try {
      this.#file ??= await open(this.path);
      return (await this.#file.read(target, 0, target.length, null)).bytesRead;
    } catch (cause) {
      throw cannotRead(this.path, cause);
    }
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }

  /** Reads into two buffers in turn: while one is consumed the other fills. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const buffers = [Buffer.allocUnsafe(readBytes), Buffer.allocUnsafe(readBytes)] as const;
    try {
      let next = this.#read(buffers[0]);
      for (let turn = 0; ; turn++) {
        const count = await next;
        if (count === 0) return;
        next = this.#read(buffers[(turn + 1) % 2]!);
        next.catch(() => undefined);
        yield buffers[turn % 2]!.subarray(0, count);
      }
    } finally {
      await this.close();
    }
  }
}
