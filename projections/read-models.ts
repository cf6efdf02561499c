import { DatabaseSync } from "node:sqlite";
import type { EventStore, Position, StoredEvent } from "../src/store/event-store.js";
import { checkpoints } from "./checkpoints.js";
import { type ProjectedEvent, type Projection, toProjected } from "./projection.js";
import { rollbackTargets } from "./rollback-targets.js";
import { stageForms } from "./stage-forms.js";
import { StatementCache } from "./statement-cache.js";
import { timingStages } from "./timing-stages.js";
import { treeHead } from "./tree-head.js";

/** Every read model there is. */
export const projections: readonly Projection[] = [checkpoints, timingStages, stageForms, rollbackTargets, treeHead];

/** Where one read model stands. */
export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  /** The last event it has seen: its position in the engine's own terms, and its event number. */
  readonly position: Position | null;
  readonly number: number;
  /** It threw, or its tables are of another version: it has to be rebuilt. */
  readonly stale: boolean;
}

/** Events applied in one transaction while catching up. */
const batchEvents = 1000;

export interface CatchUpOptions {
  /** Told the number of the last event applied, batch by batch. */
  readonly onProgress?: ((number: number) => void) | undefined;
  /** Runs work in a transaction, alone among all writers of the tables; default: there are no others. */
  readonly exclusively?: (work: () => void) => Promise<void>;
}

/** The read models' tables, and how they follow the log. */
export class ReadModels {
  readonly tables: StatementCache;

  constructor(database: DatabaseSync = new DatabaseSync(":memory:")) {
    this.tables = new StatementCache(database);
  }

  /** Makes what is missing. Call it alone among all writers of the file. */
  prepare(): void {
    this.tables.database.exec(
      `CREATE TABLE IF NOT EXISTS rm_projections (
         name TEXT PRIMARY KEY, version INTEGER NOT NULL, position TEXT, number INTEGER NOT NULL, stale INTEGER NOT NULL
       ) WITHOUT ROWID`,
    );
    const known = new Map(this.status().map((each) => [each.name, each]));
    for (const projection of projections) {
      const before = known.get(projection.name);
      if (before?.version === projection.version) continue;
      this.#drop(projection);
      this.#create(projection);
    }
  }

  /** Whether `prepare` has been here with this version's read models. */
  prepared(): boolean {
    const table = this.tables.get(`SELECT 1 AS one FROM sqlite_master WHERE name = 'rm_projections'`);
    if (!table) return false;
    const known = new Map(this.status().map((each) => [each.name, each.version]));
    return projections.every((projection) => known.get(projection.name) === projection.version);
  }

  status(): ProjectionStatus[] {
    return this.tables
      .all<{ name: string; version: number; position: string | null; number: number; stale: number }>(
        `SELECT name, version, position, number, stale FROM rm_projections ORDER BY name`,
      )
      .map((row) => ({ ...row, stale: row.stale === 1 }));
  }

  forget(): void {
    this.tables.forget();
  }

  /**
   * Brings every read model to the end of the log; a stale one starts again from the beginning. Answers with the last
   * event, null if there was nothing new.
   */
  async catchUp(store: EventStore, options: CatchUpOptions = {}): Promise<StoredEvent | null> {
    const { onProgress, exclusively = async (work) => this.#inTransaction(work) } = options;
    if (this.status().some((each) => each.stale)) await exclusively(() => this.#resetStale());
    const from = this.#oldest();
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
    const projected = events.map(toProjected);
    for (const { name, number, stale } of this.status()) {
      const fresh = projected.filter(({ stored }) => stored.number! > number);
      if (stale || fresh.length === 0 || number < previous) continue;
      if (
        this.#apply(
          projections.find((each) => each.name === name)!,
          fresh,
        )
      )
        this.#advance(fresh.at(-1)!.stored, name);
    }
  }

  /** Takes over the tables of a set of read models that was built beside these, in an attached database. */
  replaceBy(attached: string): void {
    for (const projection of projections) {
      this.#reset(projection);
      for (const table of projection.tables)
        this.tables.database.exec(`INSERT INTO main.${table} SELECT * FROM ${attached}.${table}`);
    }
    this.tables.database.exec(
      `DELETE FROM main.rm_projections; INSERT INTO main.rm_projections SELECT * FROM ${attached}.rm_projections`,
    );
  }

  /** Empties every read model. */
  reset(): void {
    for (const projection of projections) this.#reset(projection);
  }

  #resetStale(): void {
    for (const { name, stale } of this.status())
      if (stale) this.#reset(projections.find((each) => each.name === name)!);
  }

  #inTransaction(work: () => void): void {
    const { database } = this.tables;
    if (database.isTransaction) return work();
    database.exec("BEGIN");
    work();
    database.exec("COMMIT");
  }

  #apply(projection: Projection, events: readonly ProjectedEvent[]): boolean {
    const { database } = this.tables;
    database.exec("SAVEPOINT projection");
    try {
      projection.apply(this.tables, events);
      database.exec("RELEASE projection");
      return true;
    } catch {
      database.exec("ROLLBACK TO projection; RELEASE projection");
      this.tables.forget();
      this.tables.run(`UPDATE rm_projections SET stale = 1 WHERE name = ?`, projection.name);
      return false;
    }
  }

  #advance(last: StoredEvent, name?: string): void {
    const sql = `UPDATE rm_projections SET position = ?, number = ?`;
    if (name === undefined) this.tables.run(sql, last.position, last.number);
    else this.tables.run(`${sql} WHERE name = ?`, last.position, last.number, name);
  }

  #oldest(): { position: Position | null; number: number } {
    const status = this.status();
    return status.reduce((oldest, each) => (each.number < oldest.number ? each : oldest));
  }

  #reset(projection: Projection): void {
    this.#drop(projection);
    this.#create(projection);
  }

  #drop(projection: Projection): void {
    this.tables.clear();
    for (const table of projection.tables) this.tables.database.exec(`DROP TABLE IF EXISTS ${table}`);
  }

  #create(projection: Projection): void {
    for (const statement of projection.schema) this.tables.database.exec(statement);
    this.tables.run(
      `INSERT OR REPLACE INTO rm_projections VALUES (?, ?, NULL, 0, 0)`,
      projection.name,
      projection.version,
    );
    this.tables.clear();
  }
}
