import { execFile } from "node:child_process";
import { close, constants, open } from "node:fs";
import { unlink } from "node:fs/promises";
import { promisify } from "node:util";
import type { ByteSource } from "../byte-source.js";
import { PipeReader } from "../pipe-reader.js";

/**
 * A FIFO that one command prints into. Its reader is there before the writer is told, so neither waits for the other;
 * while nobody pulls, the full pipe holds the writer; closing it makes the writer's prints go nowhere.
 */
export class CommandFifo {
  #reader: PipeReader | null = null;
  #ended = false;
  #closed = false;
  #reading = false;

  private constructor(
    readonly path: string,
    private readonly descriptor: number,
  ) {}

  static async make(path: string): Promise<CommandFifo> {
    await promisify(execFile)("mkfifo", ["-m", "600", path]);
    // Without O_NONBLOCK the open would wait for the writer, in a thread that nothing can interrupt.
    return new CommandFifo(path, await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK));
  }

  /** Whether somebody is waiting for bytes now; if not, a full pipe is our doing. */
  get reading(): boolean {
    return this.#reading;
  }

  /** The bytes as they come. Call it once the writer has opened its end: before that, silence and end look alike. */
  async *bytes(): ByteSource & AsyncGenerator<Uint8Array> {
    if (this.#closed) return;
    const reader = new PipeReader(this.descriptor);
    this.#reader = reader;
    if (this.#ended) this.#drain(reader);
    try {
      for (;;) {
        this.#reading = true;
        const piece = await reader.read();
        this.#reading = false;
        if (piece === null) return;
        yield piece;
      }
    } catch (error) {
      if (!this.#ended && !this.#closed) throw error;
    } finally {
      this.#reading = false;
      await this.close();
    }
  }

  /** The command has ended. A writer that is still open is one that it left behind: what it holds is not waited for. */
  commandEnded(): void {
    this.#ended = true;
    if (this.#reader) this.#drain(this.#reader);
  }

  #drain(reader: PipeReader): void {
    let seen = -1;
    const timer = setInterval(() => {
      if (reader.destroyed) clearInterval(timer);
      else if (this.#reading && reader.bytesRead === seen) {
        clearInterval(timer);
        reader.destroy();
      } else seen = this.#reading ? reader.bytesRead : -1;
    }, leftBehindMs);
    timer.unref();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await unlink(this.path).catch(() => undefined);
    // The reader owns the descriptor once there is one.
    if (this.#reader) this.#reader.destroy();
    else await promisify(close)(this.descriptor);
  }
}

/** How long a reader waits in vain after the command's end before it takes the FIFO for drained. */
const leftBehindMs = 200;
