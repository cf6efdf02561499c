import type { EventStore } from "../src/store/event-store.js";
import { type ProjectionStatus, ReadModels, type Retried } from "./read-models.js";
import type { ParkedEvent } from "./parked-events.js";
import type { StatementCache } from "./statement-cache.js";

/** Told how far a rebuild has come: the last event number applied. */
export type RebuildProgress = (number: number) => void;

/** The read models of one ledger, wherever they live. */
export interface ReadModelHost {
  readonly tables: StatementCache;
  /** Opens what there is, as far as it has come; `status` and `parked` tell of that. */
  ready(): Promise<void>;
  status(): ProjectionStatus[];
  /** Events that a read model could not take, and those that wait behind them, in the order of the log. */
  parked(): ParkedEvent[];
  /**
   * Returns when queries see all that was in the log when it was called, but for what is parked.
   * @throws StoreError `read-models-stopped` if a read model has parked as many events as it may.
   */
  refresh(): Promise<void>;
  /** Drops every read model and builds it again from the events alone. */
  rebuild(onProgress?: RebuildProgress): Promise<void>;
  /** Tries parked events again; what is still not taken stays parked, with one attempt more. */
  retryParked(): Promise<Retried>;
  close(): void;
}

/** Read models in memory, for a ledger that is in memory itself. */
export function followingReadModels(store: EventStore): ReadModelHost {
  const readModels = new ReadModels();
  readModels.prepare();
  let turn: Promise<unknown> = Promise.resolve();
  const follow = async <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.catch(() => undefined).then(work);
    turn = next;
    return await next;
  };
  return {
    tables: readModels.tables,
    ready: async () => undefined,
    status: () => readModels.status(),
    parked: () => readModels.parked(),
    refresh: () =>
      follow(async () => {
        await readModels.catchUp(store);
        readModels.refuseStopped();
      }),
    rebuild: (onProgress) =>
      follow(async () => {
        readModels.reset();
        await readModels.catchUp(store, { onProgress });
      }),
    retryParked: () =>
      follow(async () => {
        const retried = await readModels.retryParked(store);
        await readModels.catchUp(store);
        return retried;
      }),
    close: () => {
      if (readModels.tables.database.isOpen) readModels.tables.database.close();
    },
  };
}
