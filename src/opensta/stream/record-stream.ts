import type { Observable, ObservableInput } from "rxjs";
import { type ByteSource } from "../byte-source.js";
import { type CompiledFilter, compileFilter, type PathFilter } from "../filter/path-filter.js";
import { judgeRecord } from "../filter/record-filter.js";
import { formatsFor, type ParseOptions } from "../parse-report.js";
import type { PathBatch } from "../path-batch.js";
import type { PathColumns } from "../path-columns.js";
import { toNumber } from "../printed-number.js";
import type { ReportRecord } from "../report-records.js";
import { ReportScanner } from "../report-scanner.js";
import { ChunkQueue, checkedLimits, type StreamLimits } from "./chunk-queue.js";
import { Slabs } from "../slabs.js";
import { pullEach } from "./pull-each.js";

export interface RecordStreamOptions extends ParseOptions {
  /** Paths that it does not let through are never made objects; other rows are judged by the fields that they have. */
  readonly filter?: PathFilter;
  readonly limits?: Partial<StreamLimits>;
  /** Ends the stream; the source is told by its own signal. */
  readonly signal?: AbortSignal;
}

/** Where a stream stands. */
export interface StreamCounters {
  readonly bytesRead: number;
  /** Paths read, and those that the filter let through. */
  readonly pathsRead: number;
  readonly pathsKept: number;
  /** Records handed to the consumer. */
  readonly delivered: number;
  readonly bufferedChunks: number;
  readonly bufferedBytes: number;
  /** How often the reader was behind so far that nothing was read, and for how long in all. */
  readonly pauses: number;
  readonly pausedMs: number;
  readonly paused: boolean;
  /** Of all paths read; null before the first. */
  readonly worstSlack: number | null;
}

/** Paths as columns, or records of another kind. */
type Chunk = PathColumns | readonly ReportRecord[];

/** What a record that is no path counts for in the buffer. */
const recordBytes = 512;

/** About what a row takes in a chunk. */
const rowBytes = 40;

/** So many chunks at least fill the buffer: one that is as large as all of it could not be read ahead of. */
const chunksAtLeast = 8;

/** Paths that are objects at a time: more would outlive the young generation, and memory would fill with them. */
const batchPaths = 25;

/** What is read between two looks at the buffer. */
const pieceBytes = 256 * 1024;

/**
 * The records of a report as a stream with a bounded buffer: paths wait as columns and become objects when they are
 * delivered; when the buffer is full the source is not read, so a tool behind a pipe is held by it. One consumer.
 * @example for await (const record of new RecordStream(openSource("max.rpt"), { filter: { slackMax: 0 } })) use(record);
 */
export class RecordStream implements AsyncIterable<ReportRecord> {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #limits: StreamLimits;
  readonly #queue: ChunkQueue<Chunk>;
  readonly #scanner: ReportScanner;
  readonly #filter: CompiledFilter | null;
  readonly #slabs = new Slabs();
  #others: ReportRecord[] = [];
  #begun = false;
  #left = false;
  #bytesRead = 0;
  #pathsRead = 0;
  #pathsKept = 0;
  #delivered = 0;
  #worst = Infinity;
  #lastPathKept = true;
  /** Kinds of records that a part of the filter cannot judge, each told once. */
  readonly #told = new Set<string>();

  constructor(
    source: ByteSource,
    private readonly options: RecordStreamOptions = {},
  ) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#limits = checkedLimits(options.limits);
    this.#queue = new ChunkQueue(this.#limits);
    const { onNote } = options;
    this.#scanner = new ReportScanner(
      {
        paths: (batch) => this.#addPaths(batch),
        record: (record) => this.#addRecord(record),
        text: (span) => this.#addRecord(span),
        ...(onNote ? { note: onNote } : {}),
      },
      formatsFor(options),
    );
    this.#filter = options.filter ? compileFilter(options.filter, this.#scanner.batch.names) : null;
  }

  get counters(): StreamCounters {
    const queue = this.#queue;
    return {
      bytesRead: this.#bytesRead,
      pathsRead: this.#pathsRead,
      pathsKept: this.#pathsKept,
      delivered: this.#delivered,
      bufferedChunks: queue.chunks,
      bufferedBytes: queue.bytes,
      pauses: queue.pauses,
      pausedMs: queue.pausedMs,
      paused: queue.isPaused,
      worstSlack: this.#worst === Infinity ? null : this.#worst,
    };
  }

  /** The records one by one; leaving the loop ends the reading. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ReportRecord> {
    for await (const chunk of this.#chunks()) {
      if (!isColumns(chunk)) {
        for (const record of chunk) {
          this.#delivered++;
          yield record;
        }
        continue;
      }
      for (let index = 0; index < chunk.count; index++) {
        this.#delivered++;
        yield chunk.path(index);
      }
    }
  }

  /** The records in arrays of at most a few dozen paths: the quickest way to objects. */
  async *batches(): AsyncGenerator<readonly ReportRecord[]> {
    for await (const chunk of this.#chunks()) {
      if (!isColumns(chunk)) {
        this.#delivered += chunk.length;
        yield chunk;
        continue;
      }
      for (let from = 0; from < chunk.count; from += batchPaths) {
        const count = Math.min(batchPaths, chunk.count - from);
        this.#delivered += count;
        yield Array.from({ length: count }, (_, index) => chunk.path(from + index));
      }
    }
  }

  /** An Observable that is really pulled: the next batch is asked for when what `consume` returned has completed. */
  observe<Result>(consume: (records: readonly ReportRecord[]) => ObservableInput<Result>): Observable<Result> {
    return pullEach(() => this.batches(), consume);
  }

  async *#chunks(): AsyncGenerator<Chunk> {
    if (this.#begun) throw new Error("a RecordStream can be read once");
    this.#begun = true;
    const produced = this.#produce();
    const { signal } = this.options;
    const abort = () => this.#queue.end({ cause: signal!.reason });
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    try {
      for (let chunk = await this.#queue.take(); chunk !== null; chunk = await this.#queue.take()) {
        yield chunk;
        // The consumer is back for more: nobody reads this one.
        if (isColumns(chunk)) this.#slabs.give(chunk.slab!);
      }
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#left = true;
      this.#queue.abandon();
      // A source that is silent, as a search is, ends when it can; nobody has to wait for that.
      void this.#iterator.return?.().catch(() => undefined);
      void produced.then(() => this.#scanner.close());
    }
  }

  /** Reads ahead of the consumer as far as the buffer goes. Never rejects: the consumer meets what went wrong. */
  async #produce(): Promise<void> {
    try {
      for (let next = await this.#iterator.next(); !next.done && !this.#left; next = await this.#iterator.next()) {
        const bytes = next.value;
        for (let at = 0; at < bytes.length && !this.#left; at += pieceBytes) {
          const piece = bytes.subarray(at, at + pieceBytes);
          this.#bytesRead += piece.length;
          this.#scanner.push(piece);
          if (this.#queue.isDry || this.#isChunkFull()) this.#flush();
          await this.#queue.room();
        }
      }
      if (!this.#left) this.#finish();
      this.#queue.end();
    } catch (cause) {
      this.#finishAfter(cause);
    }
  }

  /** Who waits gets what there is; else chunks fill up. */
  #isChunkFull(): boolean {
    const { paths, rows } = this.#scanner.waiting;
    return paths >= this.#limits.chunkPaths || rows * rowBytes >= this.#limits.bytesMax / chunksAtLeast;
  }

  /** What is whole is delivered; a record that was being read is told as cut. */
  #finish(): void {
    this.#scanner.finish();
    this.#flush();
  }

  #finishAfter(cause: unknown): void {
    try {
      if (!this.#left) this.#finish();
    } catch {
      // The first failure is the one to tell.
    }
    this.#queue.end({ cause });
  }

  #flush(): void {
    this.#scanner.deliver();
    if (this.#others.length === 0) return;
    this.#queue.put(this.#others, this.#others.length * recordBytes);
    this.#others = [];
  }

  #addRecord(record: ReportRecord): void {
    // What a latch borrows belongs to the path above it.
    if (record.kind === "latch-borrow" && !this.#lastPathKept) return;
    if (this.options.filter && !this.#isWanted(this.options.filter, record)) return;
    this.#others.push(record);
    if (this.#others.length >= this.#limits.chunkPaths) this.#flush();
  }

  #isWanted(filter: PathFilter, record: ReportRecord): boolean {
    const { wanted, unanswered } = judgeRecord(filter, record);
    for (const part of unanswered) {
      const what = `${record.kind} ${part}`;
      if (this.#told.has(what)) continue;
      this.#told.add(what);
      const { byteOffset, line } = record;
      const message = `the filter's ${part} says nothing of records of kind ${record.kind}: they are let through`;
      this.options.onNote?.({ severity: "warning", code: "not-filtered", byteOffset, line, message });
    }
    return wanted;
  }

  #addPaths(batch: PathBatch): void {
    if (this.#others.length > 0) {
      this.#queue.put(this.#others, this.#others.length * recordBytes);
      this.#others = [];
    }
    let runs: { from: number; to: number }[] = [];
    let kept = 0;
    const put = () => {
      if (runs.length === 0) return;
      const chunk = batch.copy(runs, this.#slabs);
      this.#queue.put(chunk, chunk.slab!.buffer.byteLength);
      this.#pathsKept += kept;
      runs = [];
      kept = 0;
    };
    for (let path = 0; path < batch.count; path++) {
      const slack = batch.slack[path]!;
      if (Number.isFinite(slack)) this.#worst = Math.min(this.#worst, toNumber(slack, batch.digits[path]!));
      this.#lastPathKept = this.#filter === null || this.#filter(batch, path);
      if (!this.#lastPathKept) continue;
      const last = runs.at(-1);
      if (last?.to === path) last.to++;
      else runs.push({ from: path, to: path + 1 });
      if (++kept === this.#limits.chunkPaths) put();
    }
    put();
    this.#pathsRead += batch.count;
  }
}

function isColumns(chunk: Chunk): chunk is PathColumns {
  return "rowEnd" in chunk;
}
