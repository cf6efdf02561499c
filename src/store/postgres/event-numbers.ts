import type { Position } from "../event-store.js";
import type { Connections } from "./connections.js";
import type { Horizon } from "./horizon.js";
import { type Place, toPosition } from "./place.js";
import { placeSql, rankSql } from "./tables.js";

interface Asked {
  readonly place: Place;
  number: number | null;
}

/**
 * Numbers of events that were appended while older transactions still ran: they are known once those have ended. All
 * that are asked for at one time share one query.
 */
export class EventNumbers {
  readonly #asked = new Set<Asked>();
  #asking: Promise<void> | null = null;
  readonly #sql: string;

  constructor(
    private readonly schema: string,
    private readonly connections: Connections,
    private readonly horizon: Horizon,
  ) {
    this.#sql = `SELECT e.xid, e.position, ${rankSql(schema, "e.xid", "e.position")} AS number
      FROM unnest($1::text[]::xid8[], $2::bigint[]) AS e (xid, position)
      WHERE e.xid < (SELECT pg_snapshot_xmin(pg_current_snapshot()))`;
  }

  /**
   * The number of the chained event that was written at this place.
   * @throws StoreError if other transactions hold the log back for too long; the event is written all the same.
   */
  async at(place: Place): Promise<number> {
    const asked: Asked = { place, number: null };
    this.#asked.add(asked);
    try {
      const stillTrue = ". The append is written; only its event number cannot be told yet";
      await this.horizon.wait(async () => {
        if (asked.number === null) await (this.#asking ??= this.#ask());
        return asked.number !== null;
      }, stillTrue);
      return asked.number!;
    } finally {
      this.#asked.delete(asked);
    }
  }

  /** Where the event of this number lies; null if there is none yet below the horizon. */
  async placeOf(number: number): Promise<Position | null> {
    const [place] = await this.connections.query<Place>(placeSql(this.schema), [number]);
    return place ? toPosition(place) : null;
  }

  async #ask(): Promise<void> {
    try {
      const all = [...this.#asked].filter(({ number }) => number === null);
      const values = [all.map(({ place }) => place.xid), all.map(({ place }) => place.position)];
      const rows = await this.connections.query<Place & { number: string }>(this.#sql, values);
      const numbers = new Map(rows.map(({ position, number }) => [position, Number(number)]));
      for (const each of all) each.number = numbers.get(each.place.position) ?? null;
    } finally {
      this.#asking = null;
    }
  }
}
