/**
 * Poison events: those that a projection throws on are set aside in rm_parked, with the reason, and the projection goes
 * on. Later events of the same stream are set aside behind them, since they change what the first one would have made
 * (a CheckpointCompleted without its CheckpointCreated): applied out of order they would leave rows that no log has.
 * The table is as disposable as all read models; a rebuild tries every event again.
 */
import type { Position, StoredEvent } from "../src/store/event-store.js";
import type { Projection } from "./projection.js";
import type { StatementCache } from "./statement-cache.js";

export interface ParkedEvent {
  /** The projection that could not take it. */
  readonly projection: string;
  /** Event number and, in the engine's own terms, position. */
  readonly number: number;
  readonly position: Position;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** What the projection threw; or behind which stream it waits. */
  readonly reason: string;
  /** When it was parked, UTC. */
  readonly parkedAt: string;
  /** How often it was tried; 0 if it only waits behind an earlier event of its stream. */
  readonly attempts: number;
}

export const parkedSchema = `
  CREATE TABLE rm_parked (
    projection TEXT NOT NULL, number INTEGER NOT NULL, position TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL,
    stream TEXT NOT NULL, revision INTEGER NOT NULL, reason TEXT NOT NULL, parked_at TEXT NOT NULL,
    attempts INTEGER NOT NULL, PRIMARY KEY (projection, number)
  ) WITHOUT ROWID`;

/** Events that one projection may have parked; with the last of them it stops, and queries are refused. */
const parkedMax = 1000;

/** Characters of a reason that are kept. */
const reasonMax = 1000;

/** How many events a projection may have parked: one, where it cannot go on without it. */
export function parkedMaxOf({ ordered }: Pick<Projection, "ordered">): number {
  return ordered === "log" ? 1 : parkedMax;
}

/** A projection's parked events, or those of all, in the order of the log. */
export function parkedEvents(tables: StatementCache, projection?: string): ParkedEvent[] {
  return tables.all<ParkedEvent>(
    `SELECT projection, number, position, id, type, stream, revision, reason, parked_at AS parkedAt, attempts
     FROM rm_parked WHERE projection = ? OR ? IS NULL ORDER BY number, projection`,
    projection ?? null,
    projection ?? null,
  );
}

/** The streams that a projection holds back. */
export function heldStreams(tables: StatementCache, projection: string): Set<string> {
  const rows = tables.all<{ stream: string }>(`SELECT DISTINCT stream FROM rm_parked WHERE projection = ?`, projection);
  return new Set(rows.map(({ stream }) => stream));
}

/** Parks an event: `reason` is what the projection threw, null if the event's stream is held back already. */
export function park(tables: StatementCache, projection: string, event: StoredEvent, reason: string | null): void {
  tables.run(
    `INSERT INTO rm_parked VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    projection,
    event.number,
    event.position,
    event.id,
    event.type,
    event.stream,
    event.revision,
    (reason ?? `it waits behind a parked event of ${event.stream}`).slice(0, reasonMax),
    new Date().toISOString(),
    reason === null ? 0 : 1,
  );
}

/** A parked event was tried again, in vain. */
export function parkAgain(tables: StatementCache, { projection, number }: ParkedEvent, reason: string): void {
  const sql = `UPDATE rm_parked SET attempts = attempts + 1, reason = ? WHERE projection = ? AND number = ?`;
  tables.run(sql, reason.slice(0, reasonMax), projection, number);
}

/** A parked event was tried again, and taken. */
export function unpark(tables: StatementCache, { projection, number }: ParkedEvent): void {
  tables.run(`DELETE FROM rm_parked WHERE projection = ? AND number = ?`, projection, number);
}
