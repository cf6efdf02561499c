/** What a stream may hold ready for its consumer; whichever bound is met first holds the producer. */
export interface StreamLimits {
  /** Bytes of all chunks that wait; default 10 MiB. */
  readonly bytesMax: number;
  /** Chunks that wait; default 100. */
  readonly chunksMax: number;
  /** Paths of one chunk; default 1000, and no more. */
  readonly chunkPaths: number;
  /** The producer goes on once less than this part of both bounds is in use; default 0.5. */
  readonly resumeBelow: number;
}

const defaultLimits: StreamLimits = {
  bytesMax: 10 * 1024 * 1024,
  chunksMax: 100,
  chunkPaths: 1000,
  resumeBelow: 0.5,
};

/**
 * The limits asked for, beside the defaults.
 * @throws RangeError for one that would let nothing through.
 */
export function checkedLimits(asked: Partial<StreamLimits> = {}): StreamLimits {
  const limits = { ...defaultLimits, ...asked };
  for (const name of ["bytesMax", "chunksMax", "chunkPaths"] as const)
    if (!(limits[name] >= 1)) throw new RangeError(`limits.${name} is ${limits[name]}: it is a number from 1 up`);
  if (limits.chunkPaths > defaultLimits.chunkPaths)
    throw new RangeError(
      `limits.chunkPaths is ${limits.chunkPaths}: a chunk has ${defaultLimits.chunkPaths} paths at most`,
    );
  if (!(limits.resumeBelow > 0 && limits.resumeBelow <= 1))
    throw new RangeError(
      `limits.resumeBelow is ${limits.resumeBelow}: it is a part of the bounds, above 0 and up to 1`,
    );
  return limits;
}

interface Entry<Chunk> {
  readonly chunk: Chunk;
  readonly bytes: number;
}

/** Chunks on their way from one producer to one consumer: bounded, in order, freed when taken. */
export class ChunkQueue<Chunk> {
  readonly #entries: Entry<Chunk>[] = [];
  #bytes = 0;
  #ended = false;
  #error: unknown;
  #failed = false;
  #wakeConsumer: (() => void) | null = null;
  #wakeProducer: (() => void) | null = null;
  #pausedSince: number | null = null;
  #pausedMs = 0;
  #pauses = 0;

  constructor(private readonly limits: StreamLimits) {}

  get chunks(): number {
    return this.#entries.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How often the producer was held, and for how many milliseconds in all. */
  get pauses(): number {
    return this.#pauses;
  }

  get pausedMs(): number {
    return this.#pausedMs + (this.#pausedSince === null ? 0 : performance.now() - this.#pausedSince);
  }

  get isPaused(): boolean {
    return this.#pausedSince !== null;
  }

  /** Whether the consumer has nothing left to take. */
  get isDry(): boolean {
    return this.#entries.length === 0;
  }

  put(chunk: Chunk, bytes: number): void {
    if (this.#ended) return;
    this.#entries.push({ chunk, bytes });
    this.#bytes += bytes;
    this.#wakeConsumer?.();
  }

  /** Resolves at once while there is room; once full, only when the consumer has caught up below the low mark. */
  async room(): Promise<void> {
    if (this.#ended || this.#used < 1) return;
    this.#pauses++;
    this.#pausedSince = performance.now();
    await new Promise<void>((resolve) => (this.#wakeProducer = resolve));
    this.#pausedMs += performance.now() - this.#pausedSince;
    this.#pausedSince = null;
  }

  /** Nothing more comes; with an error, the consumer meets it after what was put before. */
  end(error?: { readonly cause: unknown }): void {
    if (this.#ended) return;
    this.#ended = true;
    if (error) {
      this.#failed = true;
      this.#error = error.cause;
    }
    this.#wakeConsumer?.();
  }

  /** The consumer has left: what waits is freed, and the producer is let go. */
  abandon(): void {
    this.#ended = true;
    this.#entries.length = 0;
    this.#bytes = 0;
    this.#wakeProducer?.();
  }

  /** The next chunk; null at the end. */
  async take(): Promise<Chunk | null> {
    while (this.#entries.length === 0) {
      if (this.#failed) throw this.#error;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => (this.#wakeConsumer = resolve));
      this.#wakeConsumer = null;
    }
    const { chunk, bytes } = this.#entries.shift()!;
    this.#bytes -= bytes;
    if (this.#wakeProducer && this.#used < this.limits.resumeBelow) {
      this.#wakeProducer();
      this.#wakeProducer = null;
    }
    return chunk;
  }

  /** The part of the tighter bound that is in use. */
  get #used(): number {
    return Math.max(this.#bytes / this.limits.bytesMax, this.#entries.length / this.limits.chunksMax);
  }
}
