import { existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type EventStore, type StoredEvent, StoreError } from "../src/store/event-store.js";
import { refuseNetworkFileSystem } from "../src/store/sqlite/network-file-system.js";
import { toStoreError } from "../src/store/sqlite/sqlite-errors.js";
import { WriteLock } from "../src/store/sqlite/write-lock.js";
import type { WaitReport } from "../src/store/wait-report.js";
import { makeFolders } from "../src/system/make-folders.js";
import { makeForSameUsers } from "../src/system/make-for-same-users.js";
import { ReadModels, type Retried } from "./read-models.js";
import { rebuildBeside, removeLeftovers } from "./rebuild-beside.js";

/** How long a process waits for another one that writes the file, in milliseconds. */
const waitMsMax = 30_000;

/** How often catching up is tried again after another process began the read models anew. */
const catchUpsMax = 5;

export interface OpenOptions {
  readonly onWait?: ((report: WaitReport) => void) | undefined;
  /** The ledger's own file: a new one is made for the same users. */
  readonly beside?: string | undefined;
}

/** Read models in a SQLite file that processes of one machine share. It is disposable: all of it comes from the log. */
export class ReadModelFile {
  /** One build at a time: each attaches its file to the same connection. */
  #built: Promise<void> = Promise.resolve();

  private constructor(
    readonly readModels: ReadModels,
    private readonly path: string,
    private readonly lock: WriteLock,
  ) {}

  /** Opens or makes the file; one that is damaged or somebody else's is made anew. */
  static async open(path: string, options: OpenOptions = {}): Promise<ReadModelFile> {
    const folder = dirname(path);
    makeFolders(folder);
    refuseNetworkFileSystem(folder, "Let CKPT_DIR name a folder on a local disk.");
    try {
      return await ReadModelFile.#openFile(path, options);
    } catch (error) {
      const code = error instanceof StoreError ? error.code : null;
      if (code !== "store-damaged" && code !== "not-a-ledger") throw error;
      for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
      return await ReadModelFile.#openFile(path, options);
    }
  }

  static async #openFile(path: string, { onWait, beside }: OpenOptions): Promise<ReadModelFile> {
    removeLeftovers(path);
    if (beside !== undefined && !existsSync(path)) makeForSameUsers(path, beside);
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path, { timeout: 10_000 });
      // A crash of the machine may cost the last events, never the file; the log has them.
      database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0");
      const lock = new WriteLock(database, path, waitMsMax, onWait);
      const file = new ReadModelFile(new ReadModels(database), path, lock);
      if (!file.readModels.prepared() || !file.#hasLast()) await file.#exclusively(() => file.#prepare());
      return file;
    } catch (error) {
      database?.close();
      throw toStoreError(error, path);
    }
  }

  /** Whether the log still holds the event that was applied last, where it was: not if it was set back to a backup. */
  async follows(store: EventStore): Promise<boolean> {
    const { tables } = this.readModels;
    const last = tables.get<{ stream: string; revision: number; id: string }>(`SELECT * FROM last_followed`);
    if (!last) return true;
    for await (const { id } of store.readStream(last.stream, { from: last.revision, limit: 1 })) return id === last.id;
    return false;
  }

  /** Empties the read models: they followed another log. */
  async beginAnew(): Promise<void> {
    await this.#exclusively(() => {
      this.readModels.reset();
      this.readModels.tables.run(`DELETE FROM last_followed`);
    });
  }

  /** Brings the read models to the end of the log as it is when called. */
  async catchUp(store: EventStore): Promise<void> {
    // Another process may have been faster, and be further by now.
    if (this.#isNew()) await this.#build(store, () => this.#isNew());
    await this.#follow(store);
  }

  /** Drops the read models and builds them again from the events; queries go on with the old ones meanwhile. */
  async rebuild(store: EventStore, onProgress?: (number: number) => void): Promise<void> {
    await this.#build(store, () => true, onProgress);
    await this.#follow(store);
  }

  async #build(store: EventStore, isWanted: () => boolean, onProgress?: (number: number) => void): Promise<void> {
    const done = this.#built.then(async () => {
      if (!isWanted()) return;
      await rebuildBeside(this.readModels, {
        store,
        path: this.path,
        onProgress,
        takeOver: async (replace, last) =>
          await this.#exclusively(() => {
            if (!isWanted()) return;
            replace();
            if (last) this.#followed(last);
          }),
      });
    });
    this.#built = done.catch(() => undefined);
    await done;
  }

  async #follow(store: EventStore): Promise<void> {
    const { readModels } = this;
    for (let tries = 1; ; tries++) {
      const last = await readModels.catchUp(store, { exclusively: (work) => this.#exclusively(work) });
      if (!last) return;
      const { number } = last;
      if (readModels.status().every((each) => each.stopped || each.number >= number!))
        return await this.#exclusively(() => this.#followed(last));
      if (tries === catchUpsMax)
        throw new StoreError(
          "store-busy",
          `other processes have begun the read models in ${this.path} anew ${tries} times in a row`,
          "Let their `ckpt rebuild` end, and try again.",
        );
    }
  }

  /** Tries parked events again, and goes on from there. */
  async retryParked(store: EventStore): Promise<Retried> {
    const retried = await this.readModels.retryParked(store, (work) => this.#exclusively(work));
    await this.catchUp(store);
    return retried;
  }

  close(): void {
    const { database } = this.readModels.tables;
    if (database.isOpen) database.close();
  }

  /** Whether nothing was followed yet. */
  #isNew(): boolean {
    return this.readModels.status().every(({ number }) => number === 0);
  }

  #followed({ stream, revision, id }: StoredEvent): void {
    this.readModels.tables.run(`INSERT OR REPLACE INTO last_followed VALUES (1, ?, ?, ?)`, stream, revision, id);
  }

  #hasLast(): boolean {
    return this.readModels.tables.get(`SELECT 1 AS one FROM sqlite_master WHERE name = 'last_followed'`) !== undefined;
  }

  #prepare(): void {
    this.readModels.prepare();
    this.readModels.tables.run(
      `CREATE TABLE IF NOT EXISTS last_followed (one INTEGER PRIMARY KEY CHECK (one = 1), stream TEXT NOT NULL, revision INTEGER NOT NULL, id TEXT NOT NULL)`,
    );
  }

  /** Begins, works and commits without giving way in between: others use the same connection. */
  async #exclusively(work: () => void): Promise<void> {
    const { database } = this.readModels.tables;
    await this.lock.retry("bring the read models up to date", () => {
      database.exec("BEGIN IMMEDIATE");
      try {
        if (this.lock.noticeOthers()) this.readModels.forget();
        work();
        database.exec("COMMIT");
      } catch (error) {
        if (database.isTransaction) database.exec("ROLLBACK");
        this.readModels.forget();
        throw error;
      }
    });
  }
}
