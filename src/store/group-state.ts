import type { EventFilter, Position, StoredEvent } from "./event-store.js";

/** Which event of a stream, and its rank in the log. */
export interface EventReference extends Pick<StoredEvent, "stream" | "revision"> {
  readonly number: number;
}

/** An event that a group takes over. */
export interface TakenEvent extends EventReference {
  readonly id: string;
}

/** An event that a worker may work on until its time is over. */
export interface Claimed extends EventReference {
  /** This delivery counted. */
  readonly deliveries: number;
}

export interface NewGroup {
  readonly name: string;
  /** Text of the filter that all its workers share. */
  readonly filter: string;
  /** Where it begins if it is new; null: at the start of the log. */
  readonly after: Position | null;
}

export interface Claim {
  readonly worker: string;
  /** How long the event is this worker's alone, in milliseconds. */
  readonly ackMs: number;
}

/** What becomes of an event that a worker had: it is settled, waits for another try, or is put aside. */
export type Outcome =
  | { readonly kind: "settled" }
  | { readonly kind: "again"; readonly waitMs: number }
  | { readonly kind: "parked"; readonly reason: string };

/**
 * What the groups of a ledger have taken over from the log and not settled yet. It is no read model: it cannot be made
 * again from the events, so no rebuild touches it. Each call is atomic among all workers, and in each stream only the
 * first event that is neither settled nor parked can be claimed.
 */
export interface GroupState {
  /**
   * Makes the group if it is not there, and tells where to read on for it.
   * @throws GroupDiffersError
   */
  open(group: NewGroup): Promise<Position | null>;
  /** Takes over events that no worker has brought yet, in log order; everything up to `after` was looked at. */
  take(group: string, events: readonly TakenEvent[], after: Position): Promise<void>;
  /** How many events are taken over and neither settled nor parked. */
  unsettled(group: string): Promise<number>;
  /** The first event that is free; null if there is none. One that was delivered `deliveriesMax` times is parked. */
  claim(group: string, claim: Claim): Promise<Claimed | null>;
  /** Without effect if the event is no longer this worker's. */
  settle(group: string, settled: { number: number; worker: string; outcome: Outcome }): Promise<void>;
  /** Frees what the worker has not settled. */
  release(group: string, worker: string): Promise<void>;
  retryParked(group: string): Promise<void>;
}

/** The same text for the same filter, whatever the order of its parts. */
export function filterText({ types, streamPrefixes }: Omit<EventFilter, "payload"> = {}): string {
  return JSON.stringify({ types: types?.toSorted(), streamPrefixes: streamPrefixes?.toSorted() });
}
