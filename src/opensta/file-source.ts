import { open, type FileHandle } from "node:fs/promises";
import type { ByteReader } from "./byte-source.js";
import { cannotRead } from "./source-error.js";

const readBytes = 1 << 20;

/** A file's bytes as they are. */
export class FileSource implements ByteReader {
  #file: FileHandle | null = null;

  constructor(private readonly path: string) {}

  async readInto(target: Uint8Array): Promise<number> {
    try {
      this.#file ??= await open(this.path);
      const { bytesRead } = await this.#file.read(target, 0, target.length, null);
      return bytesRead;
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
      let next = this.readInto(buffers[0]);
      for (let turn = 0; ; turn++) {
        const count = await next;
        if (count === 0) return;
        next = this.readInto(buffers[(turn + 1) % 2]!);
        next.catch(() => undefined);
        yield buffers[turn % 2]!.subarray(0, count);
      }
    } finally {
      await this.close();
    }
  }
}
