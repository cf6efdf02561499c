import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { decideAppend } from "../append-decision.js";
import { AppendQueue, type WaitingAppend } from "../append-queue.js";
import { assertPayloadStream, isPayloadStream, refuseInvalid } from "../append-validation.js";
import { eventMatcher } from "../event-filter.js";
import {
  type AppendRequest,
  type AppendResult,
  type EventStore,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreError,
  type SubscribeOptions,
  type SubscriptionMessage,
} from "../event-store.js";
import type { WaitReport } from "../wait-report.js";
import { boundId, eventColumns, type EventRow, toEvent, toUuid } from "./event-rows.js";
import { openDatabase, prepareDatabase } from "./open-database.js";
import { toStoreError } from "./sqlite-errors.js";
import { WriteLock } from "./write-lock.js";

export interface SqliteStoreOptions {
  /** The database file. */
  readonly path: string;
  /** Whether to make it if it is not there. */
  readonly create: boolean;
  /** How long a write may wait for other processes, in milliseconds; default 30 s. */
  readonly waitMsMax?: number;
  readonly onWait?: (report: WaitReport) => void;
}

/** Rows a page: chunk rows may hold a mebibyte each. */
const pageRows = 1000;
const payloadPageRows = 8;

/** How often a waiting subscription asks whether another process has written. */
const pollMs = 10;

/** Appends that share a transaction at most. */
const groupMax = 512;

/** Streams whose last revision is remembered between appends. */
const tailsMax = 50_000;

/**
 * The embedded engine: one file in WAL mode, synchronous FULL. Concurrent appends of a process share a transaction and
 * its fdatasync; several processes may write, each waiting its turn without blocking.
 *
 * @example const store = await openSqliteEventStore({ path: ".ckpt/ledger.db", create: true });
 */
export async function openSqliteEventStore(options: SqliteStoreOptions): Promise<SqliteEventStore> {
  const database = openDatabase(options.path, options.create);
  try {
    const lock = new WriteLock(database, options.path, options.waitMsMax ?? 30_000, options.onWait);
    await prepareDatabase(database, lock);
    return new SqliteEventStore(database, lock, options);
  } catch (error) {
    database.close();
    throw toStoreError(error, options.path);
  }
}

type Parameters = readonly (string | number)[];

/** A query that is read page by page. */
interface Pages {
  readonly sql: string;
  readonly first: Parameters;
  /** The parameters of the page after an event. */
  readonly next: (last: StoredEvent) => Parameters;
  /** How many rows the page with these parameters may have. */
  readonly rows: (from: Parameters) => number;
}

export class SqliteEventStore implements EventStore {
  readonly #queue = new AppendQueue(groupMax);
  readonly #tails = new Map<string, number | null>();
  readonly #waiting = new Set<() => void>();
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #tail: StatementSync;
  readonly #pages = new Map<string, StatementSync>();
  /** Of the whole log, as of the last transaction; -1 means: ask again. */
  #lastPosition = -1;
  #lastNumber = 0;
  /** The largest id so far: a larger one cannot be known, and ids grow with time. */
  #largestId = "";
  #draining: Promise<void> | null = null;
  #closed = false;

  constructor(
    private readonly database: DatabaseSync,
    private readonly lock: WriteLock,
    private readonly options: SqliteStoreOptions,
  ) {
    this.#insert = database.prepare(`INSERT INTO events VALUES (?, ?, ?, ?, ${boundId}, ?, ?, ?)`);
    this.#byId = this.#rows(`SELECT ${eventColumns} FROM events WHERE id = ${boundId}`);
    this.#tail = this.#rows(
      `SELECT max(coalesce((SELECT max(revision) FROM events WHERE stream = ?1), -1),
                  coalesce((SELECT revision FROM erased WHERE stream = ?1), -1))`,
    );
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#assertOpen();
    return refuseInvalid(request) ?? (await this.#queue.add(request, () => (this.#draining ??= this.#drain())));
  }

  readStream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<StoredEvent> {
    const backwards = options.direction === "backwards";
    const from = options.from ?? (backwards ? Number.MAX_SAFE_INTEGER : 0);
    const [compare, order] = backwards ? ["<=", "DESC"] : [">=", "ASC"];
    const sql = `SELECT ${eventColumns} FROM events WHERE stream = ? AND revision ${compare} ? ORDER BY revision ${order} LIMIT ?`;
    const next = (last: StoredEvent) => [stream, last.revision + (backwards ? -1 : 1)];
    const rows = isPayloadStream(stream) ? payloadPageRows : pageRows;
    return this.#paged({ sql, first: [stream, from], next, rows: () => rows }, options.limit);
  }

  readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    const backwards = options.direction === "backwards";
    const payload = options.filter?.payload ?? false;
    const after = options.after === undefined ? (backwards ? Number.MAX_SAFE_INTEGER : 0) : Number(options.after);
    const [compare, order] = backwards ? ["<", "DESC"] : [">", "ASC"];
    const sql = `SELECT ${eventColumns} FROM events WHERE position ${compare} ?${payload ? "" : " AND number IS NOT NULL"} ORDER BY position ${order} LIMIT ?`;
    const next = (last: StoredEvent) => [Number(last.position)];
    const rows = ([from]: Parameters) =>
      !payload || (!backwards && this.#holdsNoChunk(Number(from))) ? pageRows : payloadPageRows;
    return this.#paged(
      { sql, first: [after], next, rows },
      options.limit,
      options.filter && eventMatcher(options.filter),
    );
  }

  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<SubscriptionMessage> {
    const { filter, signal } = options;
    let after = options.after ?? "0";
    for (let told = false; !this.#closed && !signal?.aborted;) {
      const end = String(this.#currentPosition());
      let delivered = false;
      for await (const event of this.readAll({ after, ...(filter ? { filter } : {}) })) {
        if (this.#closed || signal?.aborted) return;
        after = event.position;
        delivered = true;
        told = false;
        yield { kind: "event", event };
      }
      if (delivered) continue;
      // What the filter leaves out need not be scanned again.
      if (Number(end) > Number(after)) after = end;
      if (!told) {
        told = true;
        yield { kind: "caught-up" };
      } else await this.#change(Number(end), signal);
    }
  }

  async truncateBefore(stream: string, revision: number): Promise<void> {
    this.#assertOpen();
    assertPayloadStream(stream);
    this.database.exec("PRAGMA secure_delete = ON");
    try {
      await this.#exclusive("erase a chunk stream", () => {
        const last = this.#lastRevision(stream);
        if (last !== null) this.#one("INSERT OR REPLACE INTO erased VALUES (?, ?)", stream, last);
        this.#one("DELETE FROM events WHERE stream = ? AND revision < ?", stream, revision);
      });
      // Best effort: a reader of another process may still hold the old pages.
      this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } finally {
      this.database.exec("PRAGMA secure_delete = OFF");
    }
  }

  async deleteStream(stream: string): Promise<void> {
    await this.truncateBefore(stream, Number.MAX_SAFE_INTEGER);
  }

  /** Runs `work` in a transaction of its own, alone among all writers of the file. */
  async #exclusive<T>(what: string, work: () => T): Promise<T> {
    this.#assertOpen();
    while (this.#draining) await this.#draining;
    const turn = this.lock.exclusive(what, () => {
      this.#forget();
      return work();
    });
    const done = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#draining = done.then(() => {
      this.#draining = this.#queue.empty ? null : this.#drain();
    });
    return await turn;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#draining) await this.#draining;
    this.#closed = true;
    this.#wake();
    this.database.close();
  }

  /** Commits what waits, group by group, until nothing does. */
  async #drain(): Promise<void> {
    try {
      // Writers that were resumed by the last commit put their next append in during this turn.
      for (await nextTurn(); !this.#queue.empty; await nextTurn()) await this.#commitGroup();
    } finally {
      this.#draining = null;
    }
  }

  async #commitGroup(): Promise<void> {
    let group: WaitingAppend[] = [];
    let results: AppendResult[];
    try {
      const { othersWrote } = await this.lock.begin("append");
      group = this.#queue.takeGroup();
      if (othersWrote || this.#lastPosition < 0) this.#reload();
      results = group.map(({ request }) => this.#write(request));
      this.lock.commit();
    } catch (error) {
      this.lock.rollback();
      this.#forget();
      if (group.length === 0) group = this.#queue.takeGroup();
      const refused = toStoreError(error, this.options.path);
      for (const { reject } of group) reject(refused);
      return;
    }
    group.forEach(({ resolve }, index) => resolve(results[index]!));
    this.#wake();
  }

  #write(request: AppendRequest): AppendResult {
    const { stream, events } = request;
    const last = this.#lastRevision(stream);
    const known = events.map((event) => this.#known(event.id));
    const decided = decideAppend(request, { last, known });
    if (decided) return decided;
    const payload = isPayloadStream(stream);
    let revision = last ?? -1;
    for (const event of events) {
      revision++;
      const position = ++this.#lastPosition;
      const number = payload ? null : ++this.#lastNumber;
      this.#insert.run(position, number, stream, revision, event.id, event.type, event.data, event.metadata);
      if (event.id > this.#largestId) this.#largestId = event.id;
    }
    if (this.#tails.size >= tailsMax) this.#tails.clear();
    this.#tails.set(stream, revision);
    const number = payload ? null : this.#lastNumber;
    return { ok: true, revision, position: String(this.#lastPosition), number, repeated: false };
  }

  #known(id: string): StoredEvent | undefined {
    if (id > this.#largestId) return undefined;
    const row = this.#byId.get(id) as unknown as EventRow | undefined;
    return row && toEvent(row);
  }

  #lastRevision(stream: string): number | null {
    const remembered = this.#tails.get(stream);
    if (remembered !== undefined) return remembered;
    const revision = Number((this.#tail.get(stream) as unknown as EventRow)[0]);
    return revision < 0 ? null : revision;
  }

  /** What another process may have moved. */
  #reload(): void {
    this.#forget();
    this.#lastPosition = this.#sequence();
    this.#lastNumber = Number(this.#first("SELECT coalesce(max(number), 0) FROM events WHERE number IS NOT NULL"));
    this.#largestId = toUuid(String(this.#first("SELECT lower(hex(max(id))) FROM events")));
  }

  #forget(): void {
    this.#tails.clear();
    this.#lastPosition = -1;
  }

  /** The last position ever given, erased events included. */
  #sequence(): number {
    const row = this.#rows("SELECT seq FROM sqlite_sequence WHERE name = 'events'").get() as unknown as
      EventRow | undefined;
    return Number(row?.[0] ?? 0);
  }

  #currentPosition(): number {
    return this.#closed ? 0 : this.#sequence();
  }

  async *#paged(
    { sql, first, next, rows }: Pages,
    limit = Infinity,
    matches?: (event: StoredEvent) => boolean,
  ): AsyncGenerator<StoredEvent> {
    this.#assertOpen();
    let parameters = first;
    for (let left = limit; left > 0;) {
      this.#assertOpen();
      let page: EventRow[] = [];
      let wanted = 0;
      const from = parameters;
      // A reader meets a lock only while another process recovers the file after a crash.
      await this.lock.retry("read", () => {
        wanted = Math.min(rows(from), limit);
        page = this.#rows(sql).all(...from, wanted) as unknown as EventRow[];
      });
      let last: StoredEvent | undefined;
      for (const row of page) {
        last = toEvent(row);
        if (matches && !matches(last)) continue;
        yield last;
        if (--left <= 0) return;
      }
      if (!last || page.length < wanted) return;
      parameters = next(last);
    }
  }

  /** Whether the page of events after a position has no chunk between them: their numbers grow as their positions do. */
  #holdsNoChunk(after: number): boolean {
    const sql = `SELECT (SELECT position FROM events WHERE number = first.number + ${pageRows - 1}) - first.position
      FROM (SELECT position, number FROM events WHERE position > ? ORDER BY position LIMIT 1) AS first`;
    const row = this.#rows(sql).get(after) as unknown as EventRow | undefined;
    return row?.[0] === pageRows - 1;
  }

  /** Waits for an append of this process, another process's, the end, or the subscriber's leaving. */
  async #change(seen: number, signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        clearInterval(poll);
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const poll = setInterval(() => {
        if (this.#closed || this.#currentPosition() > seen) done();
      }, pollMs);
      this.#waiting.add(done);
      signal?.addEventListener("abort", done);
      if (signal?.aborted) done();
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  #rows(sql: string): StatementSync {
    let statement = this.#pages.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      this.#pages.set(sql, statement);
    }
    return statement;
  }

  #first(sql: string): SQLOutputValue {
    return (this.#rows(sql).get() as unknown as EventRow)[0]!;
  }

  #one(sql: string, ...parameters: (string | number)[]): void {
    this.database.prepare(sql).run(...parameters);
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError("store-closed", "the store is closed", "Open it again.");
  }
}
