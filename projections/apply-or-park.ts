import { isEngineFailure } from "../src/store/sqlite/sqlite-errors.js";
import { heldStreams, park, parkAgain, type ParkedEvent, parkedMaxOf, unpark } from "./parked-events.js";
import type { ProjectedEvent, Projection } from "./projection.js";
import type { StatementCache } from "./statement-cache.js";

/**
 * Applies events to one read model that has `parked` events aside, in order; those that it throws on are parked, and
 * those of their streams behind them. Answers with the last event that was dealt with: not the last one of all where
 * the read model stops, null where it had stopped before.
 * @throws what the engine threw: that is no event's fault.
 */
export function applyOrPark(
  tables: StatementCache,
  projection: Projection,
  events: readonly ProjectedEvent[],
  parked: number,
): ProjectedEvent | null {
  const held = parked === 0 ? new Set<string>() : heldStreams(tables, projection.name);
  let room = parkedMaxOf(projection) - parked;
  const waiting = held.size === 0 ? [] : events.filter(({ stored }) => held.has(stored.stream));
  const free = waiting.length === 0 ? events : events.filter(({ stored }) => !held.has(stored.stream));
  if (waiting.length <= room && failure(tables, projection, free) === null) {
    for (const { stored } of waiting) park(tables, projection.name, stored, null);
    return events.at(-1) ?? null;
  }
  let last: ProjectedEvent | null = null;
  for (const event of events) {
    if (room === 0) break;
    const { stored } = event;
    const isHeld = held.has(stored.stream);
    const reason = isHeld ? null : failure(tables, projection, [event]);
    if (isHeld || reason !== null) {
      park(tables, projection.name, stored, reason);
      held.add(stored.stream);
      room--;
    }
    last = event;
  }
  return last;
}

/**
 * Tries a projection's parked events again, in order; `read` has an event that was read from the log, or nothing. Behind
 * one that stays parked, its stream waits on.
 */
export function retryParked(
  tables: StatementCache,
  projection: Projection,
  parked: readonly ParkedEvent[],
  read: (event: ParkedEvent) => ProjectedEvent | undefined,
): void {
  const held = new Set<string>();
  for (const each of parked) {
    const event = read(each);
    if (!event) held.add(each.stream);
    if (!event || held.has(each.stream)) continue;
    const reason = failure(tables, projection, [event]);
    if (reason === null) unpark(tables, each);
    else {
      parkAgain(tables, each, reason);
      held.add(each.stream);
    }
  }
}

/** What a projection threw on these events, null if it took them; of what it could not take nothing is left. */
function failure(tables: StatementCache, projection: Projection, events: readonly ProjectedEvent[]): string | null {
  const { database } = tables;
  database.exec("SAVEPOINT projection");
  try {
    projection.apply(tables, events);
    database.exec("RELEASE projection");
    return null;
  } catch (error) {
    tables.forget();
    // A failed engine may have undone the whole transaction by itself.
    if (database.isTransaction) database.exec("ROLLBACK TO projection; RELEASE projection");
    if (isEngineFailure(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
