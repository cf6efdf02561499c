import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PayloadReader } from "../../timing/stage-reader.js";

/** What one piece of a spooled form has at most. */
const pieceBytes = 1 << 20;

/**
 * Holds new forms until all of a design's are made and may go into the ledger: in a file without a name, which is gone
 * with the process, however it ends.
 */
export class FormSpool {
  #end = 0;

  private constructor(private readonly file: FileHandle) {}

  static async open(): Promise<FormSpool> {
    const folder = await mkdtemp(join(tmpdir(), "ckpt-compact-"));
    try {
      return new FormSpool(await open(join(folder, "forms"), "wx+", 0o600));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Keeps a form's bytes. */
  async add(parts: readonly Uint8Array[]): Promise<SpooledForm> {
    const from = this.#end;
    for (const part of parts)
      for (let at = 0; at < part.length;) {
        const { bytesWritten } = await this.file.write(part, at, part.length - at, this.#end);
        at += bytesWritten;
        this.#end += bytesWritten;
      }
    return new SpooledForm(this.file, from, this.#end - from);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** A form in the spool, read as if it were a chunk stream. */
export class SpooledForm implements PayloadReader {
  constructor(
    private readonly file: FileHandle,
    private readonly from: number,
    readonly bytes: number,
  ) {}

  /** @throws RangeError where the form ends before. */
  async read(at: number, bytes: number): Promise<Uint8Array> {
    if (at + bytes > this.bytes) throw new RangeError(`the form has ${this.bytes} bytes, not ${at + bytes}`);
    const buffer = Buffer.allocUnsafe(bytes);
    for (let done = 0; done < bytes;) {
      const { bytesRead } = await this.file.read(buffer, done, bytes - done, this.from + at + done);
      if (bytesRead === 0) throw new RangeError("the spool ends inside of a form");
      done += bytesRead;
    }
    return buffer;
  }

  /** All bytes in order. */
  async *pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < this.bytes; at += pieceBytes)
      yield await this.read(at, Math.min(pieceBytes, this.bytes - at));
  }
}
