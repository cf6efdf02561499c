import type { EventMetadata } from "../../schemas/event-metadata.js";
import type { ProjectionStatus } from "../../projections/read-models.js";
import type { Position, StoredEvent } from "../store/event-store.js";
import type { Ledger } from "./ledger.js";

/** Where the log ends and how far each read model has come. */
export interface LedgerLag {
  /** The log's last event: its position in the engine's own terms, and its event number; null and 0 if there is none. */
  readonly position: Position | null;
  readonly number: number;
  readonly readModels: readonly ReadModelLag[];
}

export interface ReadModelLag extends ProjectionStatus {
  /** Events of the log that it has not dealt with; parked ones are counted apart. */
  readonly lagEvents: number;
  /** Age of the first of these by the ledger's clock, in seconds; 0 if there is none. */
  readonly lagSeconds: number;
}

/**
 * How far the read models are behind the log, as they stand: nothing is brought up to date by asking.
 * @example const { readModels } = await lagOf(ledger); // [{ name: "checkpoints", lagEvents: 0, parked: 0, … }, …]
 */
export async function lagOf(ledger: Ledger): Promise<LedgerLag> {
  const { store, readModels } = ledger;
  await readModels.ready();
  const status = readModels.status();
  const last = await firstOf(store.readAll({ direction: "backwards", limit: 1 }));
  const number = last?.number ?? 0;
  const ages = new Map<Position | null, number>();
  for (const each of status)
    if (each.number < number && !ages.has(each.position)) {
      const after = each.position === null ? {} : { after: each.position };
      const next = await firstOf(store.readAll({ ...after, limit: 1 }));
      ages.set(each.position, next ? secondsSince(next, ledger.now()) : 0);
    }
  return {
    position: last?.position ?? null,
    number,
    readModels: status.map((each) => ({
      ...each,
      lagEvents: Math.max(0, number - each.number),
      lagSeconds: ages.get(each.position) ?? 0,
    })),
  };
}

async function firstOf(events: AsyncIterable<StoredEvent>): Promise<StoredEvent | null> {
  for await (const event of events) return event;
  return null;
}

/** 0 where clocks differ, or nobody can tell when it was written. */
function secondsSince({ metadata }: StoredEvent, now: Date): number {
  try {
    const { at } = JSON.parse(metadata) as EventMetadata;
    return Math.max(0, (now.getTime() - Date.parse(at)) / 1000) || 0;
  } catch {
    return 0;
  }
}
