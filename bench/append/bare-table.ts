/**
 * "Bare": the engine with the ledger's table and unique indices, rows stringified in the loop, ids of the same kind; no
 * hashing, no tree, no read models, no checks. What writers append at once shares a transaction.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { derivedId, newCommandKey } from "../../src/ledger/command-key.js";
import { checkpointId, eventType, plainMetadata, progress } from "./bench-event.js";
import type { AppendLoad, Contender } from "./contender.js";

const schema = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER, stream TEXT NOT NULL, revision INTEGER NOT NULL,
    id BLOB NOT NULL, type TEXT NOT NULL, data NOT NULL, metadata TEXT NOT NULL);
  CREATE UNIQUE INDEX events_stream ON events (stream, revision);
  CREATE UNIQUE INDEX events_id ON events (id);
  CREATE UNIQUE INDEX events_number ON events (number) WHERE number IS NOT NULL;`;

export class BareTable implements Contender {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #metadata = plainMetadata();
  #rows = 0;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(schema);
    this.#insert = this.#database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  }

  append({ events, writers, batch, firstWriter }: AppendLoad): number {
    const start = performance.now();
    for (let step = 0; step < events / writers; step += batch) {
      this.#database.exec("BEGIN IMMEDIATE");
      for (let writer = firstWriter; writer < firstWriter + writers; writer++)
        for (let at = step; at < step + batch; at++) this.#write(`checkpoint-${checkpointId(writer)}`, at);
      this.#database.exec("COMMIT");
    }
    return events / ((performance.now() - start) / 1000);
  }

  #write(stream: string, revision: number): void {
    const row = ++this.#rows;
    const id = Buffer.from(derivedId(newCommandKey(new Date()), "append").replaceAll("-", ""), "hex");
    const [data, metadata] = [JSON.stringify(progress(row)), JSON.stringify(this.#metadata)];
    this.#insert.run(row, row, stream, revision, id, eventType, data, metadata);
  }

  close(): void {
    this.#database.close();
  }
}

/** Rows a second, read page by page as arrays with the columns that the store reads. */
export function readBare(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const page = database.prepare(
    `SELECT position, number, stream, revision, lower(hex(id)), type, data, metadata FROM events
     WHERE position > ? AND number IS NOT NULL ORDER BY position LIMIT 1000`,
  );
  page.setReturnArrays(true);
  const start = performance.now();
  let read = 0;
  for (let last = 0; ;) {
    const rows = page.all(last) as unknown as [number][];
    read += rows.length;
    last = rows.at(-1)?.[0] ?? last;
    if (rows.length < 1000) break;
  }
  const seconds = (performance.now() - start) / 1000;
  database.close();
  return read / seconds;
}
