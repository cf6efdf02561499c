import { stageForm } from "../../projections/stage-forms.js";
import type { PayloadReference } from "../../schemas/payload-reference.js";
import { sealMetadata } from "../integrity/event-hash.js";
import { MerkleTree } from "../integrity/merkle-tree.js";
import { appendBytesMax, StoreError } from "../store/event-store.js";
import type { PayloadReader } from "../timing/stage-reader.js";
import type { PayloadSink } from "../timing/stage-encoder.js";
import { derivedId } from "./command-key.js";
import type { Ledger } from "./ledger.js";

/** Data of one chunk event: every chunk but the last has exactly this. Room is left for encryption. */
export const chunkBytes = appendBytesMax - 4096;

/** The stream of one attempt at writing a checkpoint's payload. */
export function chunkStreamName(checkpointId: string, attempt: string): string {
  return `chunks-${checkpointId}-${attempt}`;
}

/** Attempts that one checkpoint may make. */
const attemptsMax = 1000;

/** The stream of the first attempt that has no chunk yet: an earlier one's chunks are never mixed with ours. */
export async function freeChunkStream(ledger: Ledger, checkpointId: string): Promise<string> {
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const stream = chunkStreamName(checkpointId, String(attempt));
    if (!(await hasChunks(ledger, stream))) return stream;
  }
  throw new Error(`${checkpointId} has been attempted ${attemptsMax} times`);
}

/** Whether anything was written to a stream and is still there. */
export async function hasChunks(ledger: Ledger, stream: string): Promise<boolean> {
  for await (const _ of ledger.store.readStream(stream, { limit: 1 })) return true;
  return false;
}

/** Another writer has taken this attempt's stream. */
export class AttemptTakenError extends Error {
  constructor(readonly stream: string) {
    super(`${stream} was written by another attempt`);
    this.name = "AttemptTakenError";
  }
}

/** Writes one attempt's bytes as chunk events, cut evenly; one append is under way while the next chunk fills. */
export class ChunkWriter implements PayloadSink {
  readonly #tree = new MerkleTree();
  #buffer = Buffer.allocUnsafe(chunkBytes);
  #filled = 0;
  #bytes = 0;
  #storedBytes = 0;
  #count = 0;
  #finished = false;
  #pending: Promise<void> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly stream: string,
    private readonly key: string,
  ) {}

  /** Takes bytes; answers where in the stream's bytes they begin. */
  async write(bytes: Uint8Array): Promise<number> {
    if (this.#finished) throw new Error(`${this.stream} is finished`);
    const place = this.#bytes;
    this.#bytes += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, chunkBytes - this.#filled);
      this.#buffer.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === chunkBytes) await this.#flush();
    }
    return place;
  }

  /** Writes what is left and tells what to put into the sealing event; null if nothing was written. Nothing follows. */
  async finish(): Promise<PayloadReference | null> {
    this.#finished = true;
    if (this.#filled > 0) await this.#flush();
    await this.#pending;
    if (this.#count === 0) return null;
    const { stream } = this;
    return {
      stream,
      count: this.#count,
      bytes: this.#bytes,
      storedBytes: this.#storedBytes,
      root: this.#tree.root(),
    };
  }

  async #flush(): Promise<void> {
    await this.#pending;
    const data = this.#buffer.subarray(0, this.#filled);
    this.#buffer = Buffer.allocUnsafe(chunkBytes);
    this.#filled = 0;
    this.#pending = this.#append(data);
    this.#pending.catch(() => undefined);
  }

  async #append(data: Buffer): Promise<void> {
    const { stream } = this;
    const revision = this.#count;
    const id = derivedId(this.key, `${stream} ${revision}`);
    const type = "Chunk";
    const { metadata, hash } = sealMetadata({ id, stream, revision, type, data }, { version: 1 });
    const expected = revision === 0 ? "no_stream" : revision - 1;
    const result = await this.ledger.store.append({ stream, expected, events: [{ id, type, data, metadata }] });
    if (!result.ok) throw new AttemptTakenError(stream);
    this.#tree.append(hash);
    this.#count++;
    this.#storedBytes += data.length + metadata.length + type.length + Buffer.byteLength(stream) + 16;
  }
}

/** Chunks that a reader keeps: blocks straddle two. */
const keptChunks = 4;

/** Reads any range of a chunk stream's bytes. */
export class ChunkReader implements PayloadReader {
  readonly #kept = new Map<number, Promise<Uint8Array>>();

  constructor(
    private readonly ledger: Ledger,
    private readonly reference: Pick<PayloadReference, "stream">,
  ) {}

  async read(at: number, bytes: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    const size = (await this.#chunk(0)).length;
    for (let from = at; from < at + bytes;) {
      const chunk = await this.#chunk(Math.floor(from / size));
      const within = from % size;
      const part = chunk.subarray(within, within + at + bytes - from);
      if (part.length === 0) throw new Error(`${this.reference.stream} ends before byte ${at + bytes}`);
      parts.push(part);
      from += part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  #chunk(revision: number): Promise<Uint8Array> {
    let chunk = this.#kept.get(revision);
    if (chunk) this.#kept.delete(revision);
    else chunk = this.#load(revision);
    this.#kept.set(revision, chunk);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptChunks && !oldest.done) this.#kept.delete(oldest.value);
    return chunk;
  }

  async #load(revision: number): Promise<Uint8Array> {
    for await (const { data } of this.ledger.store.readStream(this.reference.stream, { from: revision, limit: 1 }))
      if (typeof data !== "string") return data;
    const { stream } = this.reference;
    await this.ledger.readModels.refresh();
    if (stageForm(this.ledger.readModels.tables, stream)?.state === "erased")
      throw new StoreError(
        "store-unavailable",
        `${stream} was erased while it was read: the stage is stored in another form now`,
        "Read the stage again.",
      );
    throw new Error(`${stream} has no chunk ${revision}: erased, or never written`);
  }
}
