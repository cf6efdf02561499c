import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { makeFolders } from "../../system/make-folders.js";
import { StoreError } from "../event-store.js";
import { refuseNetworkFileSystem } from "./network-file-system.js";
import { notALedger, toStoreError } from "./sqlite-errors.js";
import type { WriteLock } from "./write-lock.js";

/** "CKPT": says whose file it is. */
const applicationId = 0x434b5054;

/** Raised when the tables below change; a newer file is refused. */
const schemaVersion = 1;

const schema = `
  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    number INTEGER, -- null for payload
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    data NOT NULL, -- text for JSON, blob for bytes
    metadata TEXT NOT NULL
  );
  CREATE UNIQUE INDEX events_stream ON events (stream, revision);
  CREATE UNIQUE INDEX events_id ON events (id);
  CREATE UNIQUE INDEX events_number ON events (number) WHERE number IS NOT NULL;
  -- Erased chunk streams: which revision they had come to, so that none is used twice.
  CREATE TABLE erased (stream TEXT PRIMARY KEY, revision INTEGER NOT NULL);
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * While it opens the file, SQLite itself may wait: another process may be making the tables, recovering after a crash,
 * or leaving as the last one. `prepareDatabase` ends that: from then on the wait is ours (write-lock.ts).
 */
const openingMs = 10_000;

/** Opens the file, refusing what is no ledger before anything is written. */
export function openDatabase(path: string, create: boolean): DatabaseSync {
  const file = resolve(path);
  if (!existsSync(file)) {
    if (!create)
      throw new StoreError(
        "store-unavailable",
        `there is no ledger at ${path}`,
        "`ckpt init` or the first `ckpt capture` makes one; --store or CKPT_STORE names another.",
      );
    makeFolder(file);
  }
  refuseNetworkFileSystem(
    dirname(file),
    "Keep the ledger on a local disk, let one machine run `ckpt serve`, or use a PostgreSQL server.",
  );
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: openingMs });
    refuseForeign(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

/** Sets the journal and makes the tables of a new file; several processes may try at once. */
export async function prepareDatabase(database: DatabaseSync, lock: WriteLock): Promise<void> {
  await lock.retry("open the ledger", () => database.exec("PRAGMA journal_mode = WAL"));
  database.exec(
    `PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216; PRAGMA cache_size = -32768`,
  );
  if (pragma(database, "user_version") === 0)
    await lock.exclusive("make the ledger's tables", () => {
      if (pragma(database, "user_version") === 0) database.exec(schema);
    });
  database.exec("PRAGMA busy_timeout = 0");
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const version = pragma(database, "user_version");
  const empty = version === 0 && database.prepare("SELECT count(*) AS n FROM sqlite_master").get()!["n"] === 0;
  if (!empty && pragma(database, "application_id") !== applicationId) throw notALedger(path);
  if (version > schemaVersion)
    throw new StoreError(
      "not-a-ledger",
      `${path} was written by a newer version (format ${version}, this one reads ${schemaVersion})`,
      "The file was not touched. Use a newer ckpt.",
    );
}

function makeFolder(file: string): void {
  const folder = dirname(file);
  try {
    makeFolders(folder);
  } catch (cause) {
    throw new StoreError(
      "store-unavailable",
      `cannot make the folder of ${file}`,
      "Choose a place that you may write to.",
      { cause },
    );
  }
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(Object.values(database.prepare(`PRAGMA ${name}`).get()!)[0]);
}
