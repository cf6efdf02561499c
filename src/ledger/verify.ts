import { checkEventHash, leafOf, previousHash } from "../integrity/event-hash.js";
import { MerkleTree } from "../integrity/merkle-tree.js";
import { isPayloadStream } from "../store/append-validation.js";
import type { StoredEvent } from "../store/event-store.js";
import type { PayloadReference } from "../../schemas/payload-reference.js";
import type { Ledger } from "./ledger.js";

export interface Verified {
  readonly ok: true;
  /** Chained events checked. */
  readonly events: number;
  /** Chunk events checked. */
  readonly chunks: number;
  /** The tree's head, `<size>-<hex>`. */
  readonly head: string;
}

export interface NotVerified {
  readonly ok: false;
  readonly events: number;
  readonly head: string;
  /** Event number of the first event that is not sound; null for a chunk. */
  readonly event: number | null;
  readonly id: string | null;
  readonly stream: string | null;
  readonly type: string | null;
  readonly reason: string;
  /** How many events are not sound, this one included. */
  readonly faults: number;
}

/** Faults that are told apart; the others are counted. */
const faultsMax = 1000;

/**
 * Reads the whole log and recomputes every digest, every stream's chain, the roots of chunks and the Merkle tree. It
 * writes nothing. `expectHead` passes if the first `size` events have that root: what shows a rewritten or shortened
 * log.
 */
export async function verify(
  ledger: Pick<Ledger, "store">,
  options: { readonly expectHead?: string; readonly onProgress?: (events: number) => void } = {},
): Promise<Verified | NotVerified> {
  const check = new LogCheck(options.expectHead);
  for await (const event of ledger.store.readAll({ filter: { payload: true } })) {
    check.add(event);
    if (check.events % 10_000 === 0) options.onProgress?.(check.events);
  }
  return check.result();
}

interface Fault {
  readonly event: StoredEvent | null;
  readonly reason: string;
  /** How much of the log had been read. */
  readonly at: number;
}

class LogCheck {
  events = 0;
  #chunks = 0;
  readonly #faults: Fault[] = [];
  /** Sealed chunk streams that are not there: a fault, unless a later event says that they were erased. */
  readonly #missing = new Map<string, Fault & { readonly root: string }>();
  readonly #tree = new MerkleTree();
  readonly #tails = new Map<string, { revision: number; hash: string }>();
  /** Chunk streams that no sealing event has named yet. */
  readonly #open = new Map<string, { tree: MerkleTree; bytes: number }>();
  #headMet: boolean;
  readonly #expected: { size: number; head: string } | null;

  constructor(expectHead: string | undefined) {
    this.#expected = expectHead === undefined ? null : { size: Number.parseInt(expectHead, 10), head: expectHead };
    this.#headMet = this.#expected === null || this.#expected.head === this.#tree.head();
  }

  add(event: StoredEvent): void {
    const own = checkEventHash(event);
    if (own !== null) this.#fault(event, own);
    if (event.number === null && isPayloadStream(event.stream)) this.#addChunk(event);
    else this.#addChained(event);
  }

  result(): Verified | NotVerified {
    const head = this.#tree.head();
    if (!this.#headMet)
      this.#fault(
        null,
        `the log never had the head ${this.#expected!.head}: it was rewritten or shortened, or that head is of another ledger`,
      );
    const faults = [...this.#faults, ...this.#missing.values()].toSorted((one, other) => one.at - other.at);
    const [first] = faults;
    if (!first) return { ok: true, events: this.events, chunks: this.#chunks, head };
    const { event, reason } = first;
    return {
      ok: false,
      events: this.events,
      head,
      event: event?.number ?? null,
      id: event?.id ?? null,
      stream: event?.stream ?? null,
      type: event?.type ?? null,
      reason,
      faults: faults.length,
    };
  }

  #addChained(event: StoredEvent): void {
    this.events++;
    if (event.number !== this.events)
      this.#fault(
        event,
        `it has the number ${event.number} where ${this.events} follows: an event was taken out or put in`,
      );
    const tail = this.#tails.get(event.stream);
    if (event.revision !== (tail?.revision ?? -1) + 1)
      this.#fault(
        event,
        `revision ${event.revision} follows ${tail?.revision ?? "nothing"} in its stream: an event is missing or out of order`,
      );
    else if (previousHash(event.metadata) !== (tail?.hash ?? null))
      this.#fault(event, "it does not follow the event before it in its stream");
    const hash = leafOf(event.metadata);
    if (tail) {
      tail.revision = event.revision;
      tail.hash = hash;
    } else this.#tails.set(event.stream, { revision: event.revision, hash });
    this.#tree.append(hash);
    if (this.#tree.size === this.#expected?.size) this.#headMet = this.#tree.head() === this.#expected.head;
    for (const reference of referencesOf(event)) this.#seal(event, reference);
    if (event.type === "ChunksErased") this.#erase(event);
  }

  #addChunk(event: StoredEvent): void {
    this.#chunks++;
    let stream = this.#open.get(event.stream);
    if (!stream) this.#open.set(event.stream, (stream = { tree: new MerkleTree(), bytes: 0 }));
    stream.tree.append(leafOf(event.metadata));
    stream.bytes += typeof event.data === "string" ? Buffer.byteLength(event.data) : event.data.length;
  }

  /** A sealing event comes after all its chunks; what it says of them must be what was read. */
  #seal(event: StoredEvent, reference: PayloadReference): void {
    const seen = this.#open.get(reference.stream);
    this.#open.delete(reference.stream);
    const { stream, count, bytes, root } = reference;
    if (!seen && count > 0)
      this.#missing.set(stream, { event, reason: `the chunks in ${stream} are gone`, at: this.#read(), root });
    else if (seen?.tree.size !== count || seen.bytes !== bytes || seen.tree.root() !== root)
      this.#fault(event, `the chunks in ${stream} are not those that it seals`);
  }

  /** What an event says was erased may be gone, if it is what was sealed. */
  #erase(event: StoredEvent): void {
    const erased = erasedBy(event);
    const missing = this.#missing.get(erased?.stream ?? "");
    if (!erased || (missing && missing.root !== erased.root))
      this.#fault(event, "it erases other chunks than were sealed");
    else this.#missing.delete(erased.stream);
  }

  #fault(event: StoredEvent | null, reason: string): void {
    if (this.#faults.length < faultsMax) this.#faults.push({ event, reason, at: this.#read() });
  }

  #read(): number {
    return this.events + this.#chunks;
  }
}

/** The chunk streams that an event seals: never throws, whatever its data. */
function referencesOf(event: StoredEvent): PayloadReference[] {
  const data = chunkFacts(event);
  const failed = Array.isArray(data?.chunks) ? (data.chunks as unknown[]) : [];
  return [data?.payload, data?.seal?.chunks, data?.form?.chunks, ...failed].filter(isReference);
}

/** The chunk stream that a ChunksErased names. */
export function erasedBy(event: StoredEvent): PayloadReference | null {
  const chunks = chunkFacts(event)?.chunks;
  return isReference(chunks) ? chunks : null;
}

interface ChunkFacts {
  readonly payload?: unknown;
  readonly chunks?: unknown;
  readonly seal?: { readonly chunks?: unknown };
  readonly form?: { readonly chunks?: unknown };
}

/** The data of an event that names chunk streams; null if it names none, or cannot be read. */
function chunkFacts({ data }: StoredEvent): ChunkFacts | null {
  if (typeof data !== "string" || !data.includes('"chunks-')) return null;
  try {
    return JSON.parse(data) as ChunkFacts | null;
  } catch {
    return null;
  }
}

function isReference(value: unknown): value is PayloadReference {
  return typeof (value as PayloadReference | undefined)?.stream === "string";
}
