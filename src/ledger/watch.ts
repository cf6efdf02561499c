import type { EventMetadata } from "../../schemas/event-metadata.js";
import { readEvent } from "../../schemas/events/event-registry.js";
import type { EventFilter, Position, StoredEvent } from "../store/event-store.js";
import type { Ledger } from "./ledger.js";

/** An event as people and programs see it. */
export interface EventView {
  /** Event number: what to cite, and where to resume after. */
  readonly event: number;
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly at: string;
  readonly actor: string;
  readonly data: unknown;
}

export interface WatchOptions {
  /** Only events after this event number; default: from the first. */
  readonly after?: number;
  readonly filter?: EventFilter;
  readonly signal?: AbortSignal;
}

/** The events as they come: what is there already, then live, at the consumer's pace. `null` says "caught up". */
export async function* watch(ledger: Ledger, options: WatchOptions = {}): AsyncGenerator<EventView | null> {
  const { after = 0, filter, signal } = options;
  const position = after > 0 ? await positionOf(ledger, after) : undefined;
  const subscription = ledger.store.subscribe({
    ...(position === undefined ? {} : { after: position }),
    ...(filter ? { filter } : {}),
    ...(signal ? { signal } : {}),
  });
  for await (const message of subscription) {
    if (message.kind === "caught-up") yield null;
    else if (message.event.number! > after) yield viewEvent(message.event);
  }
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

/** Where an event number stands in the log; the end if there is none of that number yet. */
async function positionOf(ledger: Ledger, number: number): Promise<Position | undefined> {
  let last: Position | undefined;
  for await (const event of ledger.store.readAll({ direction: "backwards" })) {
    if (event.number! <= number) return event.position;
    last = undefined;
  }
  return last;
}
