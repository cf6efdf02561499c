import { Socket } from "node:net";

const readBytes = 1 << 18;

/**
 * Reads a pipe, a socket or a terminal into one buffer that is used again: a stream of Node's takes a new one for each
 * piece, and leaves tens of megabytes to the collector. While nobody asks, nothing is read, and a full pipe holds its
 * writer.
 */
export class PipeReader {
  readonly #buffer = Buffer.allocUnsafe(readBytes);
  readonly #socket: Socket;
  #arrived = 0;
  #taken = false;
  #ended = false;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;

  /** @param fd becomes the reader's own: it is closed with it. */
  constructor(fd: number) {
    const callback = (count: number): boolean => {
      this.#arrived = count;
      this.#wake();
      // Held until the buffer has been consumed.
      return false;
    };
    this.#socket = new Socket({ fd, readable: true, writable: false, onread: { buffer: this.#buffer, callback } });
    this.#socket.on("error", (error) => (this.#failure = error));
    this.#socket.on("end", () => (this.#ended = true));
    this.#socket.on("close", () => (this.#ended = true));
    for (const event of ["error", "end", "close"]) this.#socket.on(event, () => this.#wake());
  }

  /** Bytes read so far. */
  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  /** The next bytes, good until the next call; null at the end, or once it is destroyed. */
  async read(): Promise<Uint8Array | null> {
    if (this.#taken) {
      this.#taken = false;
      this.#arrived = 0;
      this.#socket.resume();
    }
    while (this.#arrived === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended || this.#socket.destroyed) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    this.#taken = true;
    return this.#buffer.subarray(0, this.#arrived);
  }

  /** What is read after this meets the error, or the end if there is none. */
  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let bytes = await this.read(); bytes !== null; bytes = await this.read()) yield bytes;
    } finally {
      this.destroy();
    }
  }
}
