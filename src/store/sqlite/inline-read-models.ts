import type { StoredEvent } from "../event-store.js";

/** Read models in the ledger's own file, written in the transaction of the append that they follow. */
export interface InlineReadModels {
  /**
   * Called inside the append's transaction with the new events that are no payload, in order. If it throws, its writes
   * are undone and the events are committed all the same: the read models are then behind, and have to be caught up.
   */
  applyInline(events: readonly StoredEvent[]): void;
  /** The tables may be others than `applyInline` left them: another process wrote, or a transaction was undone. */
  forget(): void;
}
