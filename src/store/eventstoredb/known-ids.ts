import type { NewEvent } from "../event-store.js";

/** Where an event lies in the ledger's own terms. */
export interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

/** Ids remembered. */
const idsMax = 16_384;

/**
 * The ids this store has seen last, written or counted: EventStoreDB looks for a known id in the same stream alone, and
 * only where the expected revision is not met. An id used twice over a longer distance is refused by nobody.
 */
export class KnownIds {
  readonly #places = new Map<string, EventPlace>();

  add(id: string, place: EventPlace): void {
    this.#places.set(id, place);
    if (this.#places.size > idsMax) this.#places.delete(this.#places.keys().next().value!);
  }

  /** For each event: where its id was seen. */
  of(events: readonly NewEvent[]): (EventPlace | undefined)[] {
    return events.map(({ id }) => this.#places.get(id));
  }
}
