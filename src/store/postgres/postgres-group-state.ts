import { deliveriesMax, GroupDiffersError } from "../competing-consumers.js";
import type { Position } from "../event-store.js";
import type { Claim, Claimed, EventReference, GroupState, NewGroup, Outcome } from "../group-state.js";
import type { Connections } from "./connections.js";

/**
 * The server need not wait for its disk: after a power failure the last claims and settlements may be undone, and their
 * events come again.
 */
const unhurried = "set_config('synchronous_commit', 'off', true)";

const parkedReason = `'delivered ${deliveriesMax} times and never settled'`;

/** Groups in tables of the ledger's schema; the server's clock says when an event is due. */
export class PostgresGroupState implements GroupState {
  readonly #groups: string;
  readonly #events: string;

  constructor(
    schema: string,
    private readonly connections: Connections,
  ) {
    this.#groups = `${schema}.groups`;
    this.#events = `${schema}.group_events`;
  }

  async open({ name, filter, after }: NewGroup): Promise<Position | null> {
    await this.connections.query(`INSERT INTO ${this.#groups} VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING`, [
      name,
      filter,
      after,
    ]);
    const [known] = await this.connections.query<{ filter: string; after: string | null }>(
      `SELECT filter, after FROM ${this.#groups} WHERE name = $1`,
      [name],
    );
    if (known!.filter !== filter) throw new GroupDiffersError(name, known!.filter);
    return known!.after;
  }

  /** The group's row is locked first: of two workers who bring the same events, the second sees what the first brought. */
  async take(group: string, events: readonly EventReference[], after: Position): Promise<void> {
    await this.connections.query(
      `WITH held AS MATERIALIZED (SELECT taken FROM ${this.#groups} WHERE name = $1 FOR UPDATE),
       brought AS (
         INSERT INTO ${this.#events}
         SELECT $1, number, stream, revision, NULL, '-infinity', 0, NULL
         FROM held, unnest($2::bigint[], $3::text[], $4::integer[]) AS e (number, stream, revision)
         WHERE number > held.taken)
       UPDATE ${this.#groups} SET taken = greatest(held.taken, (SELECT max(number) FROM unnest($2::bigint[]) AS number)), after = $5
       FROM held WHERE name = $1`,
      [
        group,
        events.map(({ number }) => number),
        events.map(({ stream }) => stream),
        events.map(({ revision }) => revision),
        after,
      ],
    );
  }

  async unsettled(group: string): Promise<number> {
    const [row] = await this.connections.query<{ n: string }>(
      `SELECT count(*) AS n FROM ${this.#events} WHERE group_name = $1 AND parked IS NULL`,
      [group],
    );
    return Number(row!.n);
  }

  /** A row that another worker is just claiming is passed over. */
  async claim(group: string, { worker, ackMs }: Claim): Promise<Claimed | null> {
    for (;;) {
      const [row] = await this.connections.query<ClaimedRow>(
        `WITH free AS MATERIALIZED (
           SELECT number FROM ${this.#events} AS e
           WHERE group_name = $1 AND parked IS NULL AND due <= clock_timestamp() AND number = (
             SELECT b.number FROM ${this.#events} AS b
             WHERE b.group_name = $1 AND b.stream = e.stream AND b.parked IS NULL ORDER BY b.number LIMIT 1)
           ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED)
         UPDATE ${this.#events} AS e SET
           worker = CASE WHEN e.deliveries < ${deliveriesMax} THEN $2 END,
           due = clock_timestamp() + $3 * interval '1 millisecond',
           deliveries = e.deliveries + 1,
           parked = CASE WHEN e.deliveries >= ${deliveriesMax} THEN ${parkedReason} END
         FROM free WHERE e.group_name = $1 AND e.number = free.number
         RETURNING e.number, e.stream, e.revision, e.deliveries, e.parked, ${unhurried}`,
        [group, worker, ackMs],
        "claim",
      );
      if (!row) return null;
      const { number, stream, revision, deliveries } = row;
      if (row.parked === null) return { number: Number(number), stream, revision, deliveries };
    }
  }

  async settle(group: string, { number, worker, outcome }: { number: number; worker: string; outcome: Outcome }) {
    const own = "group_name = $1 AND number = $2 AND worker = $3";
    const key = [group, number, worker];
    switch (outcome.kind) {
      case "settled":
        return void (await this.connections.query(
          `DELETE FROM ${this.#events} WHERE ${own} RETURNING ${unhurried}`,
          key,
          "settle",
        ));
      case "again": {
        const due = "clock_timestamp() + $4 * interval '1 millisecond'";
        const sql = `UPDATE ${this.#events} SET worker = NULL, due = ${due} WHERE ${own}`;
        return void (await this.connections.query(sql, [...key, outcome.waitMs]));
      }
      case "parked": {
        const sql = `UPDATE ${this.#events} SET worker = NULL, parked = $4 WHERE ${own}`;
        return void (await this.connections.query(sql, [...key, outcome.reason]));
      }
      default:
        return outcome satisfies never;
    }
  }

  async release(group: string, worker: string): Promise<void> {
    const free = `UPDATE ${this.#events} SET worker = NULL, due = '-infinity'`;
    await this.connections.query(`${free} WHERE group_name = $1 AND worker = $2 AND parked IS NULL`, [group, worker]);
  }

  async retryParked(group: string): Promise<void> {
    const free = `UPDATE ${this.#events} SET parked = NULL, due = '-infinity', deliveries = 0`;
    await this.connections.query(`${free} WHERE group_name = $1 AND parked IS NOT NULL`, [group]);
  }
}

interface ClaimedRow {
  readonly number: string;
  readonly stream: string;
  readonly revision: number;
  readonly deliveries: number;
  readonly parked: string | null;
}
