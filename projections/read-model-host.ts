import type { EventStore } from "../src/store/event-store.js";
import { type ProjectionStatus, ReadModels } from "./read-models.js";
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

/** Read models in memory, for a ledger that is in memory itself. */
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
