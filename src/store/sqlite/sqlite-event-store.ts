import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { decideAppend } from "../append-decision.js";
import { AppendQueue, type WaitingAppend } from "../append-queue.js";
import { assertPayloadStream, isPayloadStream, refuseInvalid } from "../append-validation.js";
import type { CompetingConsumers, WorkItem, WorkOptions } from "../competing-consumers.js";
import {
  type AppendRequest,
  type AppendResult,
  type EventStore,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreError,
  type SubscribeOptions,
  type SubscriptionMessage,
} from "../event-store.js";
import { workInGroup } from "../group-work.js";
import type { WaitReport } from "../wait-report.js";
import { GroupFile } from "./group-file.js";
import { boundId, eventColumns, type EventRow, toEvent, toUuid } from "./event-rows.js";
import { LogChanges } from "./log-changes.js";
import { LogReader } from "./log-reader.js";
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

const waitMsDefault = 30_000;

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
    const lock = new WriteLock(database, options.path, options.waitMsMax ?? waitMsDefault, options.onWait);
    await prepareDatabase(database, lock);
    return new SqliteEventStore(database, lock, options);
  } catch (error) {
    database.close();
    throw toStoreError(error, options.path);
  }
}

export class SqliteEventStore implements EventStore, CompetingConsumers {
  readonly #queue = new AppendQueue(groupMax);
  readonly #tails = new Map<string, number | null>();
  readonly #changes = new LogChanges((position) => this.#closed || this.#reader.lastPosition() > position);
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #tail: StatementSync;
  readonly #reader: LogReader;
  readonly #groups: GroupFile;
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
    this.#reader = new LogReader(database, lock, () => this.#assertOpen());
    const { path, waitMsMax = waitMsDefault, onWait } = options;
    const log = {
      assertOpen: () => this.#assertOpen(),
      reaches: (...place: Parameters<LogReader["reaches"]>) => this.#reader.reaches(...place),
    };
    this.#groups = new GroupFile({ ledger: path, waitMsMax, onWait, log });
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
    return this.#reader.readStream(stream, options);
  }

  readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    return this.#reader.readAll(options);
  }

  async positionAt(number: number): Promise<Position | null> {
    this.#assertOpen();
    return this.#reader.positionAt(number);
  }

  async numberAt(position: Position): Promise<number> {
    this.#assertOpen();
    return this.#reader.numberAt(position);
  }

  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<SubscriptionMessage> {
    try {
      yield* this.#follow(options);
    } catch (error) {
      throw toStoreError(error, this.options.path);
    }
  }

  async *#follow({ after: begin = "0", filter, signal }: SubscribeOptions): AsyncGenerator<SubscriptionMessage> {
    let after = begin;
    for (let told = false; !this.#closed && !signal?.aborted;) {
      const end = String(this.#reader.lastPosition());
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
        yield { kind: "caught-up", position: after };
      } else await this.#changes.wait(Number(end), signal);
    }
  }

  compete(options: WorkOptions): AsyncGenerator<WorkItem> {
    return workInGroup(this, this.#groups.state, options);
  }

  async retryParked(group: string): Promise<void> {
    await this.#groups.state.retryParked(group);
  }

  async truncateBefore(stream: string, revision: number): Promise<void> {
    this.#assertOpen();
    assertPayloadStream(stream);
    this.database.exec("PRAGMA secure_delete = ON");
    try {
      await this.#exclusive("erase a chunk stream", () => {
        this.#forget();
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
    while (this.#draining) await this.#draining;
    this.#assertOpen();
    const turn = this.lock.exclusive(what, (othersWrote) => {
      if (othersWrote) this.#forget();
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
    this.#changes.wake();
    this.#groups.close();
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
    this.#changes.wake();
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
    this.#lastPosition = this.#reader.lastPosition();
    this.#lastNumber = Number(this.#first("SELECT coalesce(max(number), 0) FROM events WHERE number IS NOT NULL"));
    this.#largestId = toUuid(String(this.#first("SELECT lower(hex(max(id))) FROM events")));
  }

  #forget(): void {
    this.#tails.clear();
    this.#lastPosition = -1;
  }

  #rows(sql: string): StatementSync {
    return this.#reader.statement(sql);
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
