import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { makeForSameUsers } from "../../system/make-for-same-users.js";
import type { WaitReport } from "../wait-report.js";
import { StoreError } from "../event-store.js";
import { isEngineFailure, toStoreError } from "./sqlite-errors.js";
import { type FollowedLog, SqliteGroupState } from "./sqlite-group-state.js";
import { WriteLock } from "./write-lock.js";

export interface GroupFileOptions {
  /** The ledger's own file. */
  readonly ledger: string;
  readonly waitMsMax: number;
  readonly onWait?: ((report: WaitReport) => void) | undefined;
  readonly log: FollowedLog;
}

/**
 * The groups of an embedded ledger, in a file beside it, `LEDGER-groups`, made with the first of them: the ledger's own
 * file holds the log and nothing else. A power failure may undo the last of what was noted, whole and in order, which
 * groups bear, as their events may come twice.
 */
export class GroupFile {
  #opened: { readonly database: DatabaseSync; readonly state: SqliteGroupState } | null = null;
  /** One transaction at a time: they share a connection. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: GroupFileOptions) {}

  /** @throws StoreError if the file cannot be used. */
  get state(): SqliteGroupState {
    this.options.log.assertOpen();
    return (this.#opened ??= this.#open()).state;
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = null;
  }

  #open(): { database: DatabaseSync; state: SqliteGroupState } {
    const { ledger, waitMsMax, onWait, log } = this.options;
    const path = `${ledger}-groups`;
    if (!existsSync(path)) makeForSameUsers(path, ledger);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { timeout: 10_000 });
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0");
      const lock = new WriteLock(database, path, waitMsMax, onWait);
      const state = new SqliteGroupState(database, log, async (what, work) => {
        const done = this.#turn.then(async () => {
          log.assertOpen();
          return await lock.exclusive(what, work).catch((error: unknown) => {
            throw ofGroups(error, path);
          });
        });
        this.#turn = done.catch(() => undefined);
        return await done;
      });
      return { database, state };
    } catch (error) {
      database?.close();
      throw ofGroups(error, path);
    }
  }
}

function ofGroups(cause: unknown, path: string): unknown {
  const error = toStoreError(cause, path);
  if (!(error instanceof StoreError) || (error.code !== "store-damaged" && error.code !== "not-a-ledger")) return error;
  // What the groups themselves refuse has its cure already.
  if (error === cause && error.code === "store-damaged" && !isEngineFailure(error.cause)) return error;
  return new StoreError(
    "store-damaged",
    `${path}, which says how far the groups of workers have come, is damaged`,
    "Stop the workers and delete it: its groups then begin anew. The ledger is not touched.",
    { cause: error },
  );
}
