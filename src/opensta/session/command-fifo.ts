import { execFile } from "node:child_process";
import { close, constants, open } from "node:fs";
import { unlink } from "node:fs/promises";
import { Socket } from "node:net";
import { promisify } from "node:util";
import type { ByteSource } from "../byte-source.js";

/**
 * A FIFO that one command prints into. Its reader is there before the writer is told, so neither waits for the other;
 * while nobody pulls, the full pipe holds the writer; closing it makes the writer's prints go nowhere.
 */
export class CommandFifo {
  #socket: Socket | null = null;
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
    this.#socket = new Socket({ fd: this.descriptor, readable: true, writable: false });
    if (this.#ended) this.#drain(this.#socket);
    const pieces = (this.#socket as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    try {
      for (;;) {
        this.#reading = true;
        const piece = await pieces.next();
        this.#reading = false;
        if (piece.done) return;
        yield piece.value;
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
    if (this.#socket) this.#drain(this.#socket);
  }

  #drain(socket: Socket): void {
    let seen = -1;
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else if (this.#reading && socket.bytesRead === seen) {
        clearInterval(timer);
        socket.destroy();
      } else seen = this.#reading ? socket.bytesRead : -1;
    }, leftBehindMs);
    timer.unref();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await unlink(this.path).catch(() => undefined);
    // The socket owns the descriptor once there is one.
    if (this.#socket) this.#socket.destroy();
    else await promisify(close)(this.descriptor);
  }
}

/** How long a reader waits in vain after the command's end before it takes the FIFO for drained. */
const leftBehindMs = 200;
