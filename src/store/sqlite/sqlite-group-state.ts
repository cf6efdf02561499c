import type { DatabaseSync, StatementSync } from "node:sqlite";
import { deliveriesMax, GroupDiffersError } from "../competing-consumers.js";
import { type Position, StoreError } from "../event-store.js";
import type { Claim, Claimed, GroupState, NewGroup, Outcome, TakenEvent } from "../group-state.js";

const schema = `
  CREATE TABLE IF NOT EXISTS groups (
    name TEXT PRIMARY KEY,
    filter TEXT NOT NULL,
    -- The last event taken over: its number (0 before the first) and id.
    taken INTEGER NOT NULL,
    id TEXT,
    after TEXT -- position up to which the log was looked at; null for the start
  ) STRICT;
  CREATE TABLE IF NOT EXISTS group_events (
    group_name TEXT NOT NULL,
    number INTEGER NOT NULL,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL,
    worker TEXT,               -- who has it
    due REAL NOT NULL,         -- when anybody may have it, in milliseconds since 1970
    deliveries INTEGER NOT NULL,
    parked TEXT,               -- why it was put aside
    PRIMARY KEY (group_name, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS group_streams ON group_events (group_name, stream, number) WHERE parked IS NULL;
`;

interface GroupRow {
  readonly filter: string;
  readonly taken: number;
  readonly id: string | null;
  readonly after: Position | null;
}

const firstFree = `SELECT number, stream, revision, deliveries FROM group_events AS e
  WHERE group_name = ?1 AND parked IS NULL AND due <= ?2 AND NOT EXISTS (
    SELECT 1 FROM group_events AS b
    WHERE b.group_name = ?1 AND b.stream = e.stream AND b.number < e.number AND b.parked IS NULL)
  ORDER BY number LIMIT 1`;

/** Runs work in a transaction of its own, alone among all writers. */
export type Exclusive = <T>(what: string, work: () => T) => Promise<T>;

/** The log whose events the groups share. */
export interface FollowedLog {
  /** @throws StoreError if it is closed. */
  assertOpen(): void;
  /** Whether it reaches up to this position, and its event of this number, if one is named, has this id. */
  reaches(after: Position | null, last: Pick<TakenEvent, "number" | "id"> | null): boolean;
}

/** Groups in tables of a SQLite database. */
export class SqliteGroupState implements GroupState {
  readonly #statements = new Map<string, StatementSync>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly log: FollowedLog,
    private readonly exclusive: Exclusive,
  ) {}

  async open({ name, filter, after }: NewGroup): Promise<Position | null> {
    return await this.exclusive("open a group", () => {
      this.database.exec(schema);
      this.#run("INSERT INTO groups VALUES (?, ?, 0, NULL, ?) ON CONFLICT DO NOTHING", name, filter, after);
      const known = this.#one<GroupRow>("SELECT * FROM groups WHERE name = ?", name)!;
      if (known.filter !== filter) throw new GroupDiffersError(name, known.filter);
      this.#refuseAhead(name, known);
      return known.after;
    });
  }

  async take(group: string, events: readonly TakenEvent[], after: Position): Promise<void> {
    await this.exclusive("take events over", () => {
      const { taken } = this.#one<{ taken: number }>("SELECT taken FROM groups WHERE name = ?", group)!;
      const sql = "INSERT INTO group_events VALUES (?, ?, ?, ?, NULL, 0, 0, NULL)";
      for (const { number, stream, revision } of events)
        if (number > taken) this.#run(sql, group, number, stream, revision);
      const last = events.at(-1);
      if (last && last.number > taken) {
        this.#run("UPDATE groups SET taken = ?, id = ? WHERE name = ?", last.number, last.id, group);
      }
      this.#run("UPDATE groups SET after = ? WHERE name = ?", after, group);
    });
  }

  async unsettled(group: string): Promise<number> {
    this.log.assertOpen();
    const sql = "SELECT count(*) AS n FROM group_events WHERE group_name = ? AND parked IS NULL";
    return this.#one<{ n: number }>(sql, group)!.n;
  }

  async claim(group: string, claim: Claim): Promise<Claimed | null> {
    this.log.assertOpen();
    // Whoever finds nothing need not ask for the write lock.
    if (!this.#firstFree(group)) return null;
    return await this.exclusive("claim an event", () => this.#claim(group, claim));
  }

  async settle(group: string, { number, worker, outcome }: { number: number; worker: string; outcome: Outcome }) {
    const own = "group_name = ? AND number = ? AND worker = ?";
    await this.exclusive("settle an event", () => {
      switch (outcome.kind) {
        case "settled":
          return this.#run(`DELETE FROM group_events WHERE ${own}`, group, number, worker);
        case "again": {
          const due = Date.now() + outcome.waitMs;
          return this.#run(`UPDATE group_events SET worker = NULL, due = ? WHERE ${own}`, due, group, number, worker);
        }
        case "parked": {
          const sql = `UPDATE group_events SET worker = NULL, parked = ? WHERE ${own}`;
          return this.#run(sql, outcome.reason, group, number, worker);
        }
        default:
          return outcome satisfies never;
      }
    });
  }

  async release(group: string, worker: string): Promise<void> {
    const sql = "UPDATE group_events SET worker = NULL, due = 0 WHERE group_name = ? AND worker = ? AND parked IS NULL";
    await this.exclusive("leave a group", () => this.#run(sql, group, worker));
  }

  async retryParked(group: string): Promise<void> {
    await this.exclusive("retry parked events", () => {
      this.database.exec(schema);
      const sql =
        "UPDATE group_events SET parked = NULL, due = 0, deliveries = 0 WHERE group_name = ? AND parked IS NOT NULL";
      this.#run(sql, group);
    });
  }

  /** A group that is further than the log would pass over what comes next. */
  #refuseAhead(name: string, { taken, id, after }: GroupRow): void {
    if (this.log.reaches(after, taken === 0 ? null : { number: taken, id: id! })) return;
    throw new StoreError(
      "store-damaged",
      `the group ${name} has come to event ${taken} of another log: this one was set back, or made anew`,
      "Restore the file LEDGER-groups from the same backup as the ledger, or stop its workers and delete it: its groups then begin anew.",
    );
  }

  #claim(group: string, { worker, ackMs }: Claim): Claimed | null {
    for (let free = this.#firstFree(group); free; free = this.#firstFree(group)) {
      const key = [group, free.number] as const;
      if (free.deliveries < deliveriesMax) {
        const sql = `UPDATE group_events SET worker = ?, due = ?, deliveries = deliveries + 1
          WHERE group_name = ? AND number = ?`;
        this.#run(sql, worker, Date.now() + ackMs, ...key);
        return { ...free, deliveries: free.deliveries + 1 };
      }
      const reason = `delivered ${free.deliveries} times and never settled`;
      this.#run(
        "UPDATE group_events SET worker = NULL, parked = ? WHERE group_name = ? AND number = ?",
        reason,
        ...key,
      );
    }
    return null;
  }

  #firstFree(group: string): Claimed | null {
    return this.#one<Claimed>(firstFree, group, Date.now());
  }

  #one<Row>(sql: string, ...parameters: (string | number)[]): Row | null {
    return (this.#statement(sql).get(...parameters) as Row | undefined) ?? null;
  }

  #run(sql: string, ...parameters: (string | number | null)[]): void {
    this.#statement(sql).run(...parameters);
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
