import type { EventFilter, StoredEvent } from "./event-store.js";

export interface WorkOptions {
  /** Workers that name the same group share its events: each event goes to one of them. */
  readonly group: string;
  /** Where a new group begins; default: with the first event of the log. */
  readonly from?: "start" | "end";
  /** Events a worker holds unsettled at one time; default 10. */
  readonly inFlightMax?: number;
  readonly filter?: EventFilter;
  readonly signal?: AbortSignal;
}

/** An event for this worker: settle it by exactly one of `done`, `again` and `park`. */
export interface WorkItem {
  readonly event: StoredEvent;
  /** How often it was delivered before, as far as the engine knows. */
  readonly retries: number;
  /** The work is done. */
  done(): Promise<void>;
  /** Deliver it again, to this worker or another. */
  again(reason: string): Promise<void>;
  /** Put it aside, where somebody looks at it and has it delivered again. */
  park(reason: string): Promise<void>;
}

/** An optional capability of a store: workers that compete for events, at least once each, in no certain order. */
export interface CompetingConsumers {
  /**
   * Events for this worker until it leaves. An event that was settled may come again after a failure of the engine, so
   * work has to bear being done twice.
   */
  compete(options: WorkOptions): AsyncIterable<WorkItem>;
}
