import { closeSync, openSync, writeSync } from "node:fs";
import { constants, zstdCompressSync } from "node:zlib";
import { randomUUID } from "node:crypto";
import { makeFolders } from "../../system/make-folders.js";
import type { ReportRecord } from "../report-records.js";
import { recordToJson } from "../record-json.js";
import { indexEntry, SpoolFiles, type SpoolMeta, spoolsIn } from "./spool-files.js";

export interface SpoolOptions {
  /** Where spools are kept, `.ckpt/spool`. */
  readonly root: string;
  /** What is streamed, for people. */
  readonly title: string;
  /** How long the pages can be read; default a day. */
  readonly keepMs?: number;
  /** Bytes that all spools under `root` may take; default 4 GiB. */
  readonly bytesMax?: number;
}

/** A spool that cannot be written, or no further; pages written before can be read. */
export class SpoolError extends Error {
  constructor(
    message: string,
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "SpoolError";
  }
}

function spoolFull(root: string, bytesMax: number): SpoolError {
  const message = `the streams under ${root} take ${bytesMax} bytes, which is all that they may`;
  return new SpoolError(
    message,
    "The pages so far can be read. Stream less (filters), or wait until older ones expire.",
  );
}

/** What the system says of the folder or the disk; anything else as it is. */
function spoolError(root: string, cause: unknown): unknown {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (cause instanceof SpoolError || typeof code !== "string" || !code.startsWith("E")) return cause;
  return new SpoolError(`pages cannot be kept under ${root}: ${message}`, "CKPT_DIR names another folder.", { cause });
}

const dayMs = 24 * 60 * 60 * 1000;
const bytesMaxDefault = 4 * 1024 ** 3;

/** Records and bytes of one block: what a page is cut from. */
const blockRecords = 1000;
const blockBytes = 1 << 20;
/** Records wait no longer than this for a block to fill: pages are read while the stream runs. */
const flushMs = 500;

const fast = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/**
 * Writes a stream's records to disk as they come, so that pages of it can be read, forward and back, while it runs and
 * after. Expired streams are cleared away first. The records are pulled, a batch at a time.
 * @example const spool = new SpoolWriter({ root: ".ckpt/spool", title: "max.rpt" });
 * await spool.writeAll(new RecordStream(openSource("max.rpt")).batches());
 */
export class SpoolWriter {
  readonly id = randomUUID();
  readonly #files: SpoolFiles;
  readonly #records: number;
  readonly #index: number;
  readonly #bytesMax: number;
  readonly #others: number;
  #meta: SpoolMeta;
  #block = Buffer.allocUnsafe(blockBytes + (1 << 18));
  #used = 0;
  #count = 0;
  #written = 0;
  #offset = 0;

  /** Of a flush that nobody waited for. */
  #failure: unknown = null;

  /** @throws SpoolError if the folder cannot be written. */
  constructor(private readonly options: SpoolOptions) {
    clearExpired(options.root);
    this.#bytesMax = options.bytesMax ?? bytesMaxDefault;
    this.#others = spoolsIn(options.root).reduce((sum, each) => sum + each.bytes, 0);
    this.#files = new SpoolFiles(options.root, this.id);
    const now = Date.now();
    this.#meta = {
      id: this.id,
      title: options.title,
      createdAt: new Date(now).toISOString(),
      expiresAt: new Date(now + (options.keepMs ?? dayMs)).toISOString(),
      pid: process.pid,
      state: "running",
    };
    try {
      makeFolders(this.#files.folder);
      this.#files.writeMeta(this.#meta);
      this.#records = openSync(this.#files.records, "a");
      this.#index = openSync(this.#files.index, "a");
    } catch (cause) {
      throw spoolError(options.root, cause);
    }
  }

  /**
   * Takes all batches; what failed is told to the readers too.
   * @throws SpoolError when the room is used up or the disk is full; what the stream throws.
   */
  async writeAll(batches: AsyncIterable<readonly ReportRecord[]>): Promise<void> {
    const soon = setInterval(() => this.#flushWhatIsLeft(), flushMs);
    try {
      for await (const records of batches)
        for (const record of records) {
          this.#add(recordToJson(record));
          if (this.#count === blockRecords || this.#used >= blockBytes) this.#flush();
        }
      this.#flush();
      this.#end({ state: "complete" });
    } catch (cause) {
      const error = spoolError(this.options.root, cause);
      this.#flushWhatIsLeft();
      this.#end({ state: "failed", error: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      clearInterval(soon);
    }
  }

  /** Text goes into bytes at once: strings that wait would be what memory fills with. */
  #add(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#used + bytes > this.#block.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#block.length, this.#used + bytes));
      this.#block.copy(larger, 0, 0, this.#used);
      this.#block = larger;
    }
    this.#used += this.#block.write(`${line}\n`, this.#used);
    this.#count++;
  }

  #flush(): void {
    if (this.#failure !== null) throw this.#failure;
    if (this.#count === 0) return;
    const count = this.#count;
    const text = this.#block.subarray(0, this.#used - 1);
    this.#count = 0;
    this.#used = 0;
    // A millisecond or two: less than what a thread would cost in copies and memory.
    const block = zstdCompressSync(text, fast);
    if (this.#others + this.#offset + block.length > this.#bytesMax) throw spoolFull(this.options.root, this.#bytesMax);
    writeSync(this.#records, block);
    // The index comes last: a block that it names is whole.
    writeSync(this.#index, indexEntry({ first: this.#written, count, offset: this.#offset, bytes: block.length }));
    this.#written += count;
    this.#offset += block.length;
  }

  #flushWhatIsLeft(): void {
    try {
      this.#flush();
    } catch (error) {
      this.#failure ??= error;
    }
  }

  #end(end: Pick<SpoolMeta, "state" | "error">): void {
    this.#meta = { ...this.#meta, ...end };
    try {
      this.#files.writeMeta(this.#meta);
    } catch {
      // On a full disk; its readers see that the process has gone.
    }
    closeSync(this.#records);
    closeSync(this.#index);
  }
}

/** Removes the streams whose time has run out. */
function clearExpired(root: string): void {
  for (const files of spoolsIn(root)) {
    const meta = files.readMeta();
    if (meta && Date.parse(meta.expiresAt) < Date.now()) files.remove();
  }
}
