import type { EventStore } from "../src/store/event-store.js";
import type { SqliteEventStore } from "../src/store/sqlite/sqlite-event-store.js";
import { type ProjectionStatus, ReadModels, type Retried } from "./read-models.js";
import type { ParkedEvent } from "./parked-events.js";
import { rebuildBeside } from "./rebuild-beside.js";
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

/** Read models in a database of their own, for stores that cannot hold them. */
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

/**
 * Read models in the ledger's own file, kept current by `applyInline` in every append's transaction; so `refresh` has
 * nothing to do unless one is stale. A rebuild works page by page in a file beside the ledger, and holds the write lock
 * only to take over.
 */
export async function embeddedReadModels(store: SqliteEventStore, path: string): Promise<ReadModelHost> {
  const readModels = new ReadModels(store.database);
  store.attach(readModels);
  const rebuild = async (onProgress?: RebuildProgress) =>
    await rebuildBeside(readModels, {
      store,
      path,
      onProgress,
      takeOver: async (replace) =>
        await store.exclusive("take over the rebuilt read models", () => {
          readModels.applyKnown(store.eventsAfter(replace()));
        }),
    });
  const isBehind = (status: readonly ProjectionStatus[]) => {
    const last = store.lastNumber();
    return status.some((each) => !each.stopped && each.number < last);
  };
  if (!readModels.prepared()) {
    await store.exclusive("make the read models", () => readModels.prepare());
    for await (const _ of store.readAll({ limit: 1 })) await rebuild();
  }
  return {
    tables: readModels.tables,
    ready: async () => undefined,
    status: () => readModels.status(),
    parked: () => readModels.parked(),
    refresh: async () => {
      const status = readModels.status();
      const rebuilt = isBehind(status);
      if (rebuilt) await rebuild();
      readModels.refuseStopped(rebuilt ? readModels.status() : status);
    },
    rebuild,
    retryParked: async () => {
      const exclusively = (work: () => void) => store.exclusive("try parked events again", work);
      const retried = await readModels.retryParked(store, exclusively);
      if (isBehind(readModels.status())) await rebuild();
      return retried;
    },
    close: () => undefined,
  };
}
