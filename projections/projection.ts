import type { EventMetadata } from "../schemas/event-metadata.js";
import type { LedgerEvent } from "../schemas/events/event-registry.js";
import type { StoredEvent } from "../src/store/event-store.js";
import type { StatementCache } from "./statement-cache.js";

/** An event on its way into the read models: as stored, and with its JSON read once for all of them. */
export interface ProjectedEvent {
  readonly stored: StoredEvent;
  readonly event: LedgerEvent;
  readonly metadata: EventMetadata;
}

/** A read model: tables named `rm_…`, filled from events alone, dropped and rebuilt at will. */
export interface Projection {
  readonly name: string;
  /** Raised when `tables` or `apply` change: the tables are rebuilt then. */
  readonly version: number;
  /** Names of the tables it owns. */
  readonly tables: readonly string[];
  /** CREATE statements. */
  readonly schema: readonly string[];
  /** Writes what the events change, in order; throws if it cannot, and is then marked stale. */
  apply(tables: StatementCache, events: readonly ProjectedEvent[]): void;
}

/** Reads an event's JSON. The ledger validated it before it was written; verify is what checks it later. */
export function toProjected(stored: StoredEvent): ProjectedEvent {
  return {
    stored,
    event: { type: stored.type, data: JSON.parse(stored.data as string) } as LedgerEvent,
    metadata: JSON.parse(stored.metadata) as EventMetadata,
  };
}

/** What an event takes in the log, as storedBytes counts it: data, metadata, type, stream name and 16. */
export function eventBytes(event: Pick<StoredEvent, "data" | "metadata" | "type" | "stream">): number {
  const data = typeof event.data === "string" ? Buffer.byteLength(event.data) : event.data.byteLength;
  return (
    data + Buffer.byteLength(event.metadata) + Buffer.byteLength(event.type) + Buffer.byteLength(event.stream) + 16
  );
}
