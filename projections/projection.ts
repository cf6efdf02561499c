import { type EventMetadata, metadataHead } from "../schemas/event-metadata.js";
import { type LedgerEvent, readEvent } from "../schemas/events/event-registry.js";
import { leafOf } from "../src/integrity/event-hash.js";
import type { StoredEvent } from "../src/store/event-store.js";
import type { StatementCache } from "./statement-cache.js";

/**
 * A read model: tables named `rm_…`, filled from events alone, dropped and rebuilt at will. `apply` is handed tables and
 * events and nothing else, so a replay can neither send nor append anything.
 */
export interface Projection {
  readonly name: string;
  /** Raised when `tables` or `apply` change: the tables are rebuilt then. */
  readonly version: number;
  /** Names of the tables it owns. */
  readonly tables: readonly string[];
  /** CREATE statements: the tables, and the indices that `apply` needs. */
  readonly schema: readonly string[];
  /** CREATE INDEX statements that queries alone need: a rebuild runs them once, over all rows. */
  readonly queryIndices: readonly string[];
  /**
   * Within what the order of events counts. `stream`: an event that it throws on is parked, and only later events of
   * the same stream wait for it. `log`: nothing can be left out; it stops at the first such event.
   */
  readonly ordered: "stream" | "log";
  /** Writes what the events change, in order; throws if it cannot, and whatever it wrote of these events is undone. */
  apply(tables: StatementCache, events: readonly ProjectedEvent[]): void;
}

/** An event on its way into the read models: as stored, and with its JSON read once for all of them, when first asked for. */
export class ProjectedEvent {
  #event: LedgerEvent | null = null;
  #head: Pick<EventMetadata, "version" | "at"> | null = null;

  constructor(readonly stored: StoredEvent) {}

  /**
   * Brought up to the newest version. The ledger validated it before it was written; verify is what checks it later.
   * @throws UnknownEventError if a newer ckpt has written it, SyntaxError if it is no JSON.
   */
  get event(): LedgerEvent {
    return (this.#event ??= this.#read());
  }

  /** When it was written. */
  get at(): string {
    return this.#written.at;
  }

  get hash(): string {
    const { hash } = this.#parsed;
    return hash?.length === 64 ? hash : leafOf(this.stored.metadata);
  }

  /** All of the metadata, parsed each time. */
  get metadata(): EventMetadata {
    return JSON.parse(this.stored.metadata) as EventMetadata;
  }

  #read(): LedgerEvent {
    const { stored } = this;
    const value: unknown = stored.value ?? JSON.parse(stored.data as string);
    return readEvent(stored.type, this.#written.version, value);
  }

  get #written(): Pick<EventMetadata, "version" | "at"> {
    const { version, at } = this.#parsed;
    if (version !== undefined && at !== undefined) return { version, at };
    return (this.#head ??= metadataHead(this.stored.metadata));
  }

  /** Of the metadata, what the engine has parsed of it. */
  get #parsed(): Partial<EventMetadata> {
    return this.stored.metadataValue ?? nothing;
  }
}

const nothing = {};

/** What an event takes in the log, as storedBytes counts it: data, metadata, type, stream name and 16. */
export function eventBytes(event: Pick<StoredEvent, "data" | "metadata" | "type" | "stream">): number {
  const data = typeof event.data === "string" ? Buffer.byteLength(event.data) : event.data.byteLength;
  return (
    data + Buffer.byteLength(event.metadata) + Buffer.byteLength(event.type) + Buffer.byteLength(event.stream) + 16
  );
}
