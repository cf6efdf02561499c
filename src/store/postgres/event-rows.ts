import type { StoredEvent } from "../event-store.js";
import { type Place, toPosition } from "./place.js";
import { rankSql } from "./tables.js";

/** An event as the queries of this engine select it; numbers beyond 32 bits come as text. */
export interface EventRow extends Place {
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly payload: boolean;
  readonly type: string;
  readonly data: string | null;
  readonly bytes: Buffer | null;
  readonly metadata: string;
  /** Whether all transactions up to this event's have ended: only then is its place in the log for ever. */
  readonly settled: boolean;
  /** Null for payload, and where the reader counts by itself. */
  readonly number: string | null;
}

/** The columns of `EventRow`, of a table `e`; `counted`: the reader counts the numbers by itself. */
export function eventColumns(schema: string, counted: boolean): string {
  const number = counted ? "NULL" : `CASE WHEN NOT e.payload THEN ${rankSql(schema, "e.xid", "e.position")} END`;
  return `e.xid, e.position, e.stream, e.revision, e.id, e.payload, e.type, e.data, e.bytes, e.metadata,
    e.xid < (SELECT pg_snapshot_xmin(pg_current_snapshot())) AS settled, ${number} AS number`;
}

export function toEvent(row: EventRow, number: number | null): StoredEvent {
  const { stream, revision, id, type, metadata } = row;
  return { position: toPosition(row), number, stream, revision, id, type, data: row.bytes ?? row.data ?? "", metadata };
}
