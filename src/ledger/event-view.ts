import type { EventMetadata } from "../../schemas/event-metadata.js";
import { readEvent } from "../../schemas/events/event-registry.js";
import type { StoredEvent } from "../store/event-store.js";
import type { Ledger } from "./ledger.js";

/** An event as people and programs see it. */
export interface EventView {
  /** Event number: what to cite; the same on every engine. */
  readonly event: number;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  /** Rank in its stream, from 0. */
  readonly revision: number;
  /** UTC. */
  readonly at: string;
  readonly actor: string;
  readonly data: unknown;
}

export function viewEvent(event: StoredEvent): EventView {
  const metadata = JSON.parse(event.metadata) as EventMetadata;
  return {
    event: event.number!,
    id: event.id,
    type: event.type,
    stream: event.stream,
    revision: event.revision,
    at: metadata.at,
    actor: metadata.actor,
    data: readEvent(event.type, metadata.version, JSON.parse(event.data as string)).data,
  };
}

/** The number of the log's last event; 0 if there is none. */
export async function lastEventNumber(ledger: Pick<Ledger, "store">): Promise<number> {
  for await (const event of ledger.store.readAll({ direction: "backwards", limit: 1 })) return event.number!;
  return 0;
}
