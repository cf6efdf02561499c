/**
 * The event-store port. Its engines (memory, SQLite, PostgreSQL, EventStoreDB) all pass
 * tests/store/event-store.contract.ts. A store knows nothing of hashes, aggregates or read models: it keeps what it is
 * given, byte for byte, in order.
 */
/** What a stream must look like for an append to go through; a number is the revision of its last event, from 0. */
export type ExpectedRevision = "any" | "no_stream" | "stream_exists" | number;

/** A place in the log: the engine's own, opaque, never used twice. Keep it, hand it back, compare only for equality. */
export type Position = string;

/** Streams with this prefix hold payload (binary chunks). Their events have no event number and may be erased. */
export const payloadStreamPrefix = "chunks-";

/** The most data one append may carry, in bytes, over all its events (EventStoreDB's own limit; the ledger cuts). */
export const appendBytesMax = 1_048_576;

/** An event as handed to `append`. */
export interface NewEvent {
  /** A UUID in lower case with dashes; with the time in front (UUIDv7) where appends are to stay fast. */
  readonly id: string;
  readonly type: string;
  /** JSON text, or bytes for a payload event; kept exactly as given. */
  readonly data: string | Uint8Array;
  /** JSON text; kept exactly as given. */
  readonly metadata: string;
}

/** An event as read back. */
export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** Rank in its stream, from 0, without holes. */
  readonly revision: number;
  readonly position: Position;
  /** Rank among the events that are no payload, from 1, in log order; null for a payload event. */
  readonly number: number | null;
  /** What the JSON of `data` says, if the engine has parsed it: it need not be parsed again. */
  readonly value?: unknown;
  /** The same of `metadata`. */
  readonly metadataValue?: unknown;
}

export interface AppendRequest {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  /** At least one. */
  readonly events: readonly NewEvent[];
}

export interface Appended {
  readonly ok: true;
  /** Revision and position of the last event of this append. */
  readonly revision: number;
  readonly position: Position;
  /** Its number: null for payload, and where the engine would have to wait for it; `numberAt` tells it then. */
  readonly number: number | null;
  /** True if these very events were there already: the first result is told again and nothing was written. */
  readonly repeated: boolean;
}

/** Expected refusals. Broken worlds (disk full, damaged file, busy beyond the bound) are exceptions: StoreError. */
export type AppendRefusal =
  /** The stream is not where the writer thought: `actual` is its last revision, null if it has no event. */
  | {
      readonly ok: false;
      readonly code: "wrong-revision";
      readonly expected: ExpectedRevision;
      readonly actual: number | null;
    }
  /** A known id came with other content (type or payload), at another place, or mixed with new ids. */
  | { readonly ok: false; readonly code: "id-conflict"; readonly id: string }
  | { readonly ok: false; readonly code: "too-large"; readonly bytes: number; readonly bytesMax: number }
  /** An id, stream or type that cannot be stored; nothing of the append was written and no neighbour suffered. */
  | { readonly ok: false; readonly code: "invalid-event"; readonly reason: string };

export type AppendResult = Appended | AppendRefusal;

export interface ReadStreamOptions {
  /** First revision to read; default 0, or the last one when backwards. */
  readonly from?: number;
  readonly direction?: "forwards" | "backwards";
  /** Exactly that many, if the stream has them. */
  readonly limit?: number;
}

/** Which events of the log a reader wants. Payload events come only when asked for. */
export interface EventFilter {
  readonly streamPrefixes?: readonly string[];
  readonly types?: readonly string[];
  /** Default false: the chunk streams do not travel. */
  readonly payload?: boolean;
}

export interface ReadAllOptions {
  /** Read what comes after (or, backwards, before) this position; default: from the very end of the direction. */
  readonly after?: Position;
  readonly direction?: "forwards" | "backwards";
  readonly limit?: number;
  readonly filter?: EventFilter;
}

export interface SubscribeOptions {
  readonly after?: Position;
  readonly filter?: EventFilter;
  /** Ends the subscription without an error. */
  readonly signal?: AbortSignal;
}

export type SubscriptionMessage =
  | { readonly kind: "event"; readonly event: StoredEvent }
  /**
   * All that was in the log is delivered; said once, and again after every time the subscription fell behind. Whoever
   * resumes after `position` need not look again at what the filter has left out before it; an engine that does not say
   * how far it has looked tells a position somewhat before the end.
   */
  | { readonly kind: "caught-up"; readonly position: Position };

export interface EventStore {
  /** Atomic, durable when it resolves, idempotent by event ids for the same expected revision. */
  append(request: AppendRequest): Promise<AppendResult>;
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<StoredEvent>;
  readAll(options?: ReadAllOptions): AsyncIterable<StoredEvent>;
  /** Catch up, then live, without gaps or repeats, at the consumer's pace: the next event is fetched when asked for. */
  subscribe(options?: SubscribeOptions): AsyncIterable<SubscriptionMessage>;
  /** Where the event of this number lies; null if there is none of that number yet. */
  positionAt(number: number): Promise<Position | null>;
  /** The number of the event at this position, which is no payload; there has to be one. */
  numberAt(position: Position): Promise<number>;
  /** Payload streams only: reads no longer show events before `revision`; positions and revisions are not reused. */
  truncateBefore(stream: string, revision: number): Promise<void>;
  /** Payload streams only: reads no longer show any of its events; an append to it is refused as wrong-revision. */
  deleteStream(stream: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The engine failed: what it was doing, what is still true, and the cure. Nothing of the append was written, unless the
 * message says otherwise: where a connection was lost, only a second try with the same ids can tell.
 */
export class StoreError extends Error {
  constructor(
    readonly code:
      | "store-busy"
      | "store-damaged"
      | "store-full"
      | "store-closed"
      | "store-unavailable"
      | "not-a-ledger"
      | "read-models-stopped",
    message: string,
    /** What the user can do about it, one sentence. */
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "StoreError";
  }
}
