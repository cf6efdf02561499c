import { DatabaseSync } from "node:sqlite";
import { type EventStore, type Position, type StoredEvent, StoreError } from "../src/store/event-store.js";
import { applyOrPark, retryParked } from "./apply-or-park.js";
import { checkpoints } from "./checkpoints.js";
import { type ParkedEvent, parkedEvents, parkedMaxOf, parkedSchema } from "./parked-events.js";
import { ProjectedEvent, type Projection } from "./projection.js";
import { rollbackTargets } from "./rollback-targets.js";
import { stageForms } from "./stage-forms.js";
import { StatementCache } from "./statement-cache.js";
import { timingStages } from "./timing-stages.js";
import { treeHead } from "./tree-head.js";

/** Every read model there is. */
const everyProjection: readonly Projection[] = [checkpoints, timingStages, stageForms, rollbackTargets, treeHead];

/** Where one read model stands. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** The last event it has dealt with: its position in the engine's own terms, and its event number. */
  readonly position: Position | null;
  readonly number: number;
  /** Events that it could not take, or that wait behind such events. */
  readonly parked: number;
  /** It has parked as many events as it may, and takes no more; queries are refused. */
  readonly stopped: boolean;
}

/** What trying parked events again came to. */
export interface Retried {
  /** Events that were taken now. */
  readonly applied: number;
  /** Events that are still parked. */
  readonly parked: number;
}

/** Events applied in one transaction while catching up. */
const batchEvents = 1000;

/** Runs work in a transaction, alone among all writers of the tables. */
export type Exclusively = (work: () => void) => Promise<void>;

export interface CatchUpOptions {
  /** Told the number of the last event applied, batch by batch. */
  readonly onProgress?: ((number: number) => void) | undefined;
  /** Default: there are no other writers. */
  readonly exclusively?: Exclusively;
}

/**
 * The read models' tables, and how they follow the log. Each notes how far it has come in the transaction that writes its
 * rows, so each event takes effect once.
 */
export class ReadModels {
  readonly tables: StatementCache;

  constructor(
    database: DatabaseSync = new DatabaseSync(":memory:"),
    private readonly projections: readonly Projection[] = everyProjection,
  ) {
    this.tables = new StatementCache(database);
  }

  /** The same read models on another database. */
  sameOn(database: DatabaseSync): ReadModels {
    return new ReadModels(database, this.projections);
  }

  /** Makes what is missing; for tables that are only filled and then taken over, without the indices that queries need. */
  prepare(use: "queries" | "take-over" = "queries"): void {
    if (!this.#has("rm_parked"))
      this.tables.database.exec(
        `DROP TABLE IF EXISTS rm_projections;
         CREATE TABLE rm_projections (
           name TEXT PRIMARY KEY, version INTEGER NOT NULL, position TEXT, number INTEGER NOT NULL
         ) WITHOUT ROWID;
         ${parkedSchema}`,
      );
    const known = this.#versions();
    for (const projection of this.projections)
      if (known.get(projection.name) !== projection.version) {
        this.#reset(projection);
        if (use === "queries") this.#execute(projection.queryIndices);
      }
  }

  /** Whether `prepare` has been here with this version's read models. */
  prepared(): boolean {
    if (!this.#has("rm_parked")) return false;
    const known = this.#versions();
    return this.projections.every(({ name, version }) => known.get(name) === version);
  }

  status(): ProjectionStatus[] {
    const rows = this.tables.all<Omit<ProjectionStatus, "stopped">>(
      `SELECT name, version, position, number,
         (SELECT count(*) FROM rm_parked WHERE projection = name) AS parked FROM rm_projections ORDER BY name`,
    );
    return rows.map((row) => ({
      ...row,
      stopped: row.parked > 0 && row.parked >= parkedMaxOf(this.#named(row.name)),
    }));
  }

  /** Events that are aside, in the order of the log. */
  parked(): ParkedEvent[] {
    return parkedEvents(this.tables);
  }

  /** @throws StoreError if a read model has stopped: what it would show is too far from the log. */
  refuseStopped(status = this.status()): void {
    const stopped = status.find((each) => each.stopped);
    if (!stopped) return;
    const [first] = parkedEvents(this.tables, stopped.name);
    throw new StoreError(
      "read-models-stopped",
      `the read model ${stopped.name} has stopped at event ${stopped.number} with ${stopped.parked} parked events, the first is event ${first!.number} (${first!.type}, ${first!.stream}): ${first!.reason}`,
      "The log is whole. `ckpt projections` shows the events; once the cause is mended, or with a newer ckpt, `ckpt projections --retry` goes on.",
    );
  }

  forget(): void {
    this.tables.forget();
  }

  /** Brings every read model to the end of the log. Answers with the last event, null if there was nothing new. */
  async catchUp(store: EventStore, options: CatchUpOptions = {}): Promise<StoredEvent | null> {
    const { onProgress, exclusively = async (work) => this.#inTransaction(work) } = options;
    const from = this.#oldest();
    if (!from) return null;
    let last: StoredEvent | null = null;
    let batch: StoredEvent[] = [];
    const apply = async () => {
      await exclusively(() => this.applyKnown(batch, last?.number ?? from.number));
      last = batch.at(-1)!;
      batch = [];
    };
    for await (const event of store.readAll(from.position === null ? {} : { after: from.position })) {
      batch.push(event);
      if (batch.length < batchEvents) continue;
      await apply();
      onProgress?.(event.number!);
    }
    if (batch.length > 0) await apply();
    return last;
  }

  /**
   * Applies events that may already be known to some of the read models. `previous` is the number of the event before
   * them: a read model that has not come so far, since another process began it anew, is left out.
   */
  applyKnown(events: readonly StoredEvent[], previous = 0): void {
    const projected = events.map((event) => new ProjectedEvent(event));
    for (const { name, number, parked, stopped } of this.status()) {
      const known = projected.findIndex(({ stored }) => stored.number! > number);
      const fresh = known === 0 ? projected : projected.slice(known === -1 ? projected.length : known);
      if (stopped || fresh.length === 0 || number < previous) continue;
      const end = applyOrPark(this.tables, this.#named(name), fresh, parked);
      if (end) this.#advance(end.stored, name);
    }
  }

  /** Tries parked events again, those first that were parked first. Answers with how many were taken, and how many not. */
  async retryParked(
    store: EventStore,
    exclusively: Exclusively = async (work) => this.#inTransaction(work),
  ): Promise<Retried> {
    const before = this.parked();
    const events = new Map<string, ProjectedEvent>();
    for (const { id, stream, revision } of before)
      if (!events.has(id))
        for await (const event of store.readStream(stream, { from: revision, limit: 1 }))
          events.set(event.id, new ProjectedEvent(event));
    await exclusively(() => {
      for (const projection of this.projections)
        retryParked(this.tables, projection, parkedEvents(this.tables, projection.name), ({ id }) => events.get(id));
    });
    const parked = this.parked().length;
    return { applied: Math.max(0, before.length - parked), parked };
  }

  /** Takes over the tables of a set of read models that was built beside these, in an attached database. */
  replaceBy(attached: string): void {
    // Earlier attempts at an event count on.
    this.tables.database.exec(
      `UPDATE ${attached}.rm_parked AS anew SET attempts = anew.attempts + before.attempts
         FROM main.rm_parked AS before WHERE before.projection = anew.projection AND before.id = anew.id`,
    );
    for (const projection of this.projections) {
      this.#reset(projection);
      this.#execute(projection.tables.map((table) => `INSERT INTO main.${table} SELECT * FROM ${attached}.${table}`));
      this.#execute(projection.queryIndices);
    }
    this.tables.database.exec(
      `DELETE FROM main.rm_parked; INSERT INTO main.rm_parked SELECT * FROM ${attached}.rm_parked;
       DELETE FROM main.rm_projections; INSERT INTO main.rm_projections SELECT * FROM ${attached}.rm_projections`,
    );
  }

  /** Empties every read model. */
  reset(): void {
    for (const projection of this.projections) {
      this.#reset(projection);
      this.#execute(projection.queryIndices);
    }
  }

  #inTransaction(work: () => void): void {
    const { database } = this.tables;
    if (database.isTransaction) return work();
    database.exec("BEGIN");
    try {
      work();
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      this.forget();
      throw error;
    }
  }

  #advance(last: StoredEvent, name: string): void {
    const sql = `UPDATE rm_projections SET position = ?, number = ? WHERE name = ?`;
    this.tables.run(sql, last.position, last.number, name);
  }

  /** The one that is furthest behind of those that go on; null if all have stopped. */
  #oldest(): ProjectionStatus | null {
    const going = this.status().filter((each) => !each.stopped);
    return going.reduce<ProjectionStatus | null>(
      (one, other) => (one && one.number <= other.number ? one : other),
      null,
    );
  }

  #named(name: string): Projection {
    return this.projections.find((each) => each.name === name)!;
  }

  #versions(): Map<string, number> {
    const rows = this.tables.all<{ name: string; version: number }>(`SELECT name, version FROM rm_projections`);
    return new Map(rows.map(({ name, version }) => [name, version]));
  }

  #has(table: string): boolean {
    return this.tables.get(`SELECT 1 AS one FROM sqlite_master WHERE name = ?`, table) !== undefined;
  }

  #execute(statements: readonly string[]): void {
    for (const statement of statements) this.tables.database.exec(statement);
  }

  /** Makes a projection's tables anew, without the indices that queries need. */
  #reset(projection: Projection): void {
    this.tables.clear();
    this.#execute([...projection.tables.map((table) => `DROP TABLE IF EXISTS ${table}`), ...projection.schema]);
    this.tables.run(
      `INSERT OR REPLACE INTO rm_projections VALUES (?, ?, NULL, 0)`,
      projection.name,
      projection.version,
    );
    this.tables.run(`DELETE FROM rm_parked WHERE projection = ?`, projection.name);
    this.tables.clear();
  }
}
