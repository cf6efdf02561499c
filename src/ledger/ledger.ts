import type { ReadModelHost } from "../../projections/read-model-host.js";
import type { Cache } from "../cache/cache.js";
import type { CompetingConsumers } from "../store/competing-consumers.js";
import type { EventStore } from "../store/event-store.js";

/** An open ledger: what every verb works on. `openLedger` makes one from a store's URL. */
export interface Ledger {
  readonly store: EventStore;
  /** Workers that share events; the same engine. */
  readonly groups: CompetingConsumers;
  readonly readModels: ReadModelHost;
  /** What was worked out from events, and can be at any time again. */
  readonly cache: Cache;
  /** Whether the models of long stages are kept in it. */
  readonly keepsModels: boolean;
  /** Who is at work, where a command does not say. */
  readonly actor: string;
  now(): Date;
  close(): Promise<void>;
}

/** Who does this, and under which command key; a retry names the same key. */
export interface Caller {
  readonly actor?: string | undefined;
  readonly key?: string | undefined;
  /** Gives up a capture that is not sealed yet: it fails with the signal's reason, and nothing is committed. */
  readonly signal?: AbortSignal | undefined;
}
