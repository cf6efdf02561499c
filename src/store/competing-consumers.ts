import type { EventFilter, StoredEvent } from "./event-store.js";

/** Deliveries of an event before it is parked by itself. */
export const deliveriesMax = 11;

/** How long a worker may hold an event, if it does not say. */
export const ackMsDefault = 30_000;

export interface WorkOptions {
  /** Workers that name the same group share its events: each event goes to one of them. */
  readonly group: string;
  /** Where a new group begins; default: with the first event of the log. A group that is there goes on where it was. */
  readonly from?: "start" | "end";
  /** Events a worker holds unsettled at one time; default 10. */
  readonly inFlightMax?: number;
  /** How long a worker may hold an event before it goes to another, in milliseconds; default 30 s. */
  readonly ackMs?: number;
  /** The same for all workers of a group. Payload never travels. */
  readonly filter?: Omit<EventFilter, "payload">;
  readonly signal?: AbortSignal;
}

/** An event for this worker: settle it by exactly one of `done`, `again`, `park` and `skip`. */
export interface WorkItem {
  readonly event: StoredEvent;
  /** How often it was delivered before, as far as the engine knows. */
  readonly retries: number;
  /** The work is done. */
  done(): Promise<void>;
  /** Deliver it again, to this worker or another. */
  again(reason: string): Promise<void>;
  /** Put it aside, until `retryParked`. */
  park(reason: string): Promise<void>;
  /** Nobody needs to do it. */
  skip(reason: string): Promise<void>;
}

/**
 * Workers that compete for the events of a group, at least once each: an event that was settled may come again after a
 * failure, so work has to bear being done twice. An event that was not settled in time, or whose worker has left, is
 * delivered again; one that was delivered `deliveriesMax` times is parked. The events of one stream come in order.
 */
export interface CompetingConsumers {
  /**
   * Events for this worker until it leaves, the next one when it asks; what it has not settled then goes to others.
   * @throws GroupDiffersError if the group was made with another filter.
   */
  compete(options: WorkOptions): AsyncIterable<WorkItem>;
  /** Has the parked events of a group delivered again. */
  retryParked(group: string): Promise<void>;
}

/** The group is there, and its workers have agreed on other events. */
export class GroupDiffersError extends Error {
  readonly cure = "Take the same filter, or another name for the group.";

  constructor(
    readonly group: string,
    /** The filter that the group was made with, as JSON. */
    readonly filter: string,
  ) {
    super(`the group ${group} was made with another filter: ${filter}`);
    this.name = "GroupDiffersError";
  }
}
