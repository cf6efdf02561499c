import type { EventStore } from "../src/store/event-store.js";
import type { SqliteEventStore } from "../src/store/sqlite/sqlite-event-store.js";
import { type ProjectionStatus, ReadModels } from "./read-models.js";
import { rebuildBeside } from "./rebuild-beside.js";
import type { StatementCache } from "./statement-cache.js";

/** Told how far a rebuild has come: the last event number applied. */
export type RebuildProgress = (number: number) => void;

/** The read models of one ledger, wherever they live. */
export interface ReadModelHost {
  readonly tables: StatementCache;
  status(): ProjectionStatus[];
  /** Returns when queries see all that was in the log when it was called. */
  refresh(): Promise<void>;
  /** Drops every read model and builds it again from the events alone. */
  rebuild(onProgress?: RebuildProgress): Promise<void>;
  close(): void;
}

/** Read models in a database of their own, for stores that cannot hold them. */
export function followingReadModels(store: EventStore): ReadModelHost {
  const readModels = new ReadModels();
  readModels.prepare();
  let turn: Promise<void> = Promise.resolve();
  const follow = async (work: () => Promise<void>) => await (turn = turn.catch(() => undefined).then(work));
  return {
    tables: readModels.tables,
    status: () => readModels.status(),
    refresh: () => follow(async () => void (await readModels.catchUp(store))),
    rebuild: (onProgress) =>
      follow(async () => {
        readModels.reset();
        await readModels.catchUp(store, { onProgress });
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
  const isBehind = () => {
    const last = store.lastNumber();
    return readModels.status().some((each) => each.stale || each.number < last);
  };
  if (!readModels.prepared()) {
    await store.exclusive("make the read models", () => readModels.prepare());
    for await (const _ of store.readAll({ limit: 1 })) await rebuild();
  }
  return {
    tables: readModels.tables,
    status: () => readModels.status(),
    refresh: async () => {
      if (isBehind()) await rebuild();
    },
    rebuild,
    close: () => undefined,
  };
}
