import { randomUUID } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EventStore, StoredEvent } from "../src/store/event-store.js";
import { toStoreError } from "../src/store/sqlite/sqlite-errors.js";
import { isRunning } from "../src/system/is-running.js";
import type { CatchUpOptions, ReadModels } from "./read-models.js";

export interface RebuildOptions extends Pick<CatchUpOptions, "onProgress"> {
  readonly store: EventStore;
  /** The file of the read models that are to be replaced. */
  readonly path: string;
  /** Runs `replace` in a transaction of the file, alone among all its writers; `last` is the event that was built up to. */
  readonly takeOver: (replace: () => void, last: StoredEvent | null) => Promise<void>;
}

/** Builds the read models anew in a file beside the old ones, page by page, and then puts them in their place. */
export async function rebuildBeside(readModels: ReadModels, options: RebuildOptions): Promise<void> {
  const { store, path, onProgress, takeOver } = options;
  const { database } = readModels.tables;
  const besidePath = `${path}.rebuild-${process.pid}-${randomUUID().slice(0, 8)}`;
  const beside = readModels.sameOn(new DatabaseSync(besidePath));
  let attached = false;
  try {
    // One transaction, since nobody else reads the file; its journal is for the savepoints of poison events.
    beside.tables.database.exec(
      "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536; BEGIN",
    );
    beside.prepare("take-over");
    const last = await beside.catchUp(store, { onProgress });
    beside.tables.database.exec("COMMIT");
    beside.tables.database.close();
    database.prepare("ATTACH ? AS beside").run(besidePath);
    attached = true;
    await takeOver(() => readModels.replaceBy("beside"), last);
  } catch (error) {
    throw toStoreError(error, besidePath);
  } finally {
    if (attached && database.isOpen) database.exec("DETACH beside");
    rmSync(besidePath, { force: true });
  }
}

/** Removes files beside the read models that a process now gone has left. */
export function removeLeftovers(path: string): void {
  const prefix = `${basename(path)}.rebuild-`;
  for (const name of readdirSync(dirname(path))) {
    const pid = Number(name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined);
    if (pid > 0 && !isRunning(pid)) rmSync(join(dirname(path), name), { force: true });
  }
}
