import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate as nextTurn } from "node:timers/promises";
import { isPayloadStream } from "../append-validation.js";
import { decimalPosition } from "../decimal-position.js";
import type { EventFilter, Position, ReadAllOptions, ReadStreamOptions, StoredEvent } from "../event-store.js";
import type { TakenEvent } from "../group-state.js";
import { boundId, eventColumns, type EventRow, toEvent } from "./event-rows.js";
import type { WriteLock } from "./write-lock.js";

/** Rows a page: chunk rows may hold a mebibyte each. */
const pageRows = 1000;
const payloadPageRows = 8;

/** Positions that one statement looks through for a narrow filter, so that a long log does not hold the event loop. */
const windowPositions = 20_000;

interface Paged {
  readonly limit: number;
  /** How many rows the page behind an event may have. */
  readonly pageMax: (last: StoredEvent | null) => number;
  /** The rows that follow an event, or the first ones. */
  readonly page: (last: StoredEvent | null, rows: number) => EventRow[];
}

/** Reads a ledger's file page by page, in the order of the log or of a stream. */
export class LogReader {
  readonly #statements = new Map<string, StatementSync>();

  constructor(
    private readonly database: DatabaseSync,
    private readonly lock: WriteLock,
    private readonly assertOpen: () => void,
  ) {}

  readStream(stream: string, options: ReadStreamOptions): AsyncGenerator<StoredEvent> {
    const backwards = options.direction === "backwards";
    const first = options.from ?? (backwards ? Number.MAX_SAFE_INTEGER : 0);
    const [compare, order] = backwards ? ["<=", "DESC"] : [">=", "ASC"];
    const sql = `SELECT ${eventColumns} FROM events WHERE stream = ? AND revision ${compare} ? ORDER BY revision ${order} LIMIT ?`;
    return this.#paged({
      limit: options.limit ?? Infinity,
      pageMax: () => (isPayloadStream(stream) ? payloadPageRows : pageRows),
      page: (last, rows) => this.#all(sql, stream, last ? last.revision + (backwards ? -1 : 1) : first, rows),
    });
  }

  readAll({ after, direction, limit = Infinity, filter = {} }: ReadAllOptions): AsyncGenerator<StoredEvent> {
    const backwards = direction === "backwards";
    const first = after === undefined ? (backwards ? Number.MAX_SAFE_INTEGER : 0) : decimalPosition(after);
    const placeOf = (last: StoredEvent | null) => (last ? Number(last.position) : first);
    const pageMax = (last: StoredEvent | null) =>
      !filter.payload || (!backwards && this.#holdsNoChunk(placeOf(last))) ? pageRows : payloadPageRows;
    const { streamPrefixes, types } = filter;
    if (streamPrefixes || types) return this.#searched({ first, backwards, limit, pageMax, filter });
    const [compare, order] = backwards ? ["<", "DESC"] : [">", "ASC"];
    const sql = `SELECT ${eventColumns} FROM events WHERE position ${compare} ?${chained(filter)} ORDER BY position ${order} LIMIT ?`;
    const page = (last: StoredEvent | null, rows: number) => this.#all(sql, placeOf(last), rows);
    return this.#paged({ limit, pageMax, page });
  }

  /** The last position ever given, erased events included. */
  lastPosition(): number {
    const row = this.statement("SELECT seq FROM sqlite_sequence WHERE name = 'events'").get() as unknown as
      EventRow | undefined;
    return Number(row?.[0] ?? 0);
  }

  positionAt(number: number): string | null {
    const row = this.statement("SELECT position FROM events WHERE number = ?").get(number) as unknown as
      EventRow | undefined;
    return row ? String(row[0]) : null;
  }

  numberAt(position: Position): number {
    const sql = "SELECT number FROM events WHERE position = ?";
    const row = this.statement(sql).get(decimalPosition(position)) as unknown as EventRow | undefined;
    if (typeof row?.[0] !== "number") throw new RangeError(`no numbered event lies at position ${position}`);
    return row[0];
  }

  /** Whether the log reaches up to this position, and its event of this number, if one is named, has this id. */
  reaches(after: Position | null, last: Pick<TakenEvent, "number" | "id"> | null): boolean {
    if (after !== null && decimalPosition(after) > this.lastPosition()) return false;
    if (!last) return true;
    const sql = `SELECT 1 FROM events WHERE number = ? AND id = ${boundId}`;
    return this.statement(sql).get(last.number, last.id) !== undefined;
  }

  /** Prepared once; its rows are arrays. */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Window by window of the log, what it holds for a filter by type or stream. */
  async *#searched(search: Search): AsyncGenerator<StoredEvent> {
    const { backwards, filter } = search;
    const last = this.lastPosition();
    const step = backwards ? -windowPositions : windowPositions;
    const sql = searchSql(filter, backwards);
    const wanted = [filter.types, filter.streamPrefixes].flatMap((each) => (each ? [JSON.stringify(each)] : []));
    let left = search.limit;
    for (let at = Math.min(search.first, last + 1); left > 0 && (backwards ? at > 0 : at < last); at += step) {
      const page = (before: StoredEvent | null, rows: number) => {
        const from = before ? Number(before.position) : at;
        const [low, high] = backwards ? [at + step - 1, from] : [from, at + step + 1];
        return this.#all(sql, low, high, ...wanted, rows);
      };
      for await (const event of this.#paged({ limit: left, pageMax: search.pageMax, page })) {
        yield event;
        left--;
      }
      await nextTurn();
    }
  }

  async *#paged({ limit, pageMax, page }: Paged): AsyncGenerator<StoredEvent> {
    this.assertOpen();
    let last: StoredEvent | null = null;
    for (let left = limit; left > 0;) {
      this.assertOpen();
      const before: StoredEvent | null = last;
      let rows = 0;
      let found: EventRow[] = [];
      // A reader meets a lock only while another process recovers the file after a crash.
      await this.lock.retry("read", () => {
        rows = Math.min(pageMax(before), left);
        found = page(before, rows);
      });
      for (const row of found) yield (last = toEvent(row));
      left -= found.length;
      if (found.length < rows) return;
    }
  }

  /** Whether the page of events after a position has no chunk between them: their numbers grow as their positions do. */
  #holdsNoChunk(after: number): boolean {
    const sql = `SELECT (SELECT position FROM events WHERE number = first.number + ${pageRows - 1}) - first.position
      FROM (SELECT position, number FROM events WHERE position > ? ORDER BY position LIMIT 1) AS first`;
    const row = this.statement(sql).get(after) as unknown as EventRow | undefined;
    return row?.[0] === pageRows - 1;
  }

  #all(sql: string, ...parameters: (string | number)[]): EventRow[] {
    return this.statement(sql).all(...parameters) as unknown as EventRow[];
  }
}

interface Search {
  readonly first: number;
  readonly backwards: boolean;
  readonly limit: number;
  readonly pageMax: Paged["pageMax"];
  readonly filter: EventFilter;
}

/** Between two positions, both left out. */
function searchSql(filter: EventFilter, backwards: boolean): string {
  const { types, streamPrefixes } = filter;
  const type = types ? " AND type IN (SELECT value FROM json_each(?))" : "";
  const stream = streamPrefixes
    ? " AND EXISTS (SELECT 1 FROM json_each(?) AS p WHERE substr(stream, 1, length(p.value)) = p.value)"
    : "";
  return `SELECT ${eventColumns} FROM events WHERE position > ? AND position < ?${chained(filter)}${type}${stream}
    ORDER BY position ${backwards ? "DESC" : "ASC"} LIMIT ?`;
}

function chained({ payload }: EventFilter): string {
  return payload ? "" : " AND number IS NOT NULL";
}
