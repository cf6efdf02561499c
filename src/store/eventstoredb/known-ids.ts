import type { NewEvent } from "../event-store.js";

/** Where an event lies in the ledger's own terms. */
export interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

/** Ids remembered, and streams. */
const idsMax = 16_384;

/**
 * The ids this store has seen last, written or counted: EventStoreDB looks for a known id in the same stream alone, and
 * only where the expected revision is not met. An id used twice over a longer distance is refused by nobody.
 */
export class KnownIds {
  readonly #places = new Map<string, EventPlace>();
  readonly #last = new Map<string, number>();

  add(id: string, place: EventPlace): void {
    put(this.#places, id, place);
    put(this.#last, place.stream, Math.max(place.revision, this.lastOf(place.stream)));
  }

  /** The last revision seen in a stream; -1 if none is remembered. */
  lastOf(stream: string): number {
    return this.#last.get(stream) ?? -1;
  }

  /** For each event: where its id was seen. */
  of(events: readonly NewEvent[]): (EventPlace | undefined)[] {
    return events.map(({ id }) => this.#places.get(id));
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.set(key, value);
  if (map.size > idsMax) map.delete(map.keys().next().value!);
}
