import { isPayloadStream } from "../append-validation.js";
import type { ReadAllOptions, ReadStreamOptions, StoredEvent } from "../event-store.js";
import type { Connections } from "./connections.js";
import { type CountedEvent, EventPage } from "./event-rows.js";
import type { Horizon } from "./horizon.js";
import { logPage, pageRows, payloadPageRows, streamPage, takesAll } from "./log-pages.js";
import { logEnd, logStart, type Place, toPlace } from "./place.js";
import { rankSql } from "./tables.js";

interface PagedRead {
  readonly limit: number;
  readonly pageMax: number;
  /** The statement of the page that follows an event, or the first one. */
  readonly page: (last: StoredEvent | null, rows: number) => string;
  /** Tells the number before the first event, where the reader counts; else the rows bring theirs. */
  readonly begin: () => Promise<number | null>;
}

/**
 * Reads what was committed when the read began, page by page, in the order of the log or of a stream; one page is
 * fetched ahead.
 */
export class LogReader {
  constructor(
    private readonly schema: string,
    private readonly connections: Connections,
    private readonly horizon: Horizon,
  ) {}

  readStream(stream: string, options: ReadStreamOptions): AsyncGenerator<StoredEvent> {
    const { schema } = this;
    const { direction = "forwards", limit = Infinity } = options;
    const backwards = direction === "backwards";
    const first = options.from ?? (backwards ? Number.MAX_SAFE_INTEGER : 0);
    const payload = isPayloadStream(stream);
    return this.#paged({
      limit,
      pageMax: payload ? payloadPageRows : pageRows,
      page: (last, rows) => {
        const from = last ? last.revision + (backwards ? -1 : 1) : first;
        return streamPage(schema, { stream, from, direction, rows });
      },
      begin: async () => null,
    });
  }

  readAll(options: ReadAllOptions): AsyncGenerator<StoredEvent> {
    const { schema } = this;
    const { direction = "forwards", limit = Infinity, filter = {} } = options;
    const backwards = direction === "backwards";
    const after = options.after === undefined ? (backwards ? logEnd : logStart) : toPlace(options.after);
    let below = "";
    return this.#paged({
      limit,
      pageMax: filter.payload ? payloadPageRows : pageRows,
      page: (last, rows) =>
        logPage(schema, { after: last ? toPlace(last.position) : after, direction, filter, rows }, below),
      begin: async () => {
        const { end, number } = await this.begin(after, options.after !== undefined);
        below = end;
        return !backwards && takesAll(filter) ? number : null;
      },
    });
  }

  /**
   * What a reader has to know of the place where it begins: the first transaction that had not begun by now, and the
   * number of the last chained event up to there. `given`: a place that a caller has kept, which may not be settled yet.
   */
  async begin(after: Place, given: boolean, signal?: AbortSignal): Promise<{ end: string; number: number }> {
    // Before the first event of a transaction is as good as after the transaction before it.
    const last = after.position === "0" ? String(BigInt(after.xid) - 1n) : after.xid;
    if (given && after.xid !== "0") await this.horizon.pass(last, signal);
    const [row] = await this.connections.query<{ end: string; number: string }>(
      `SELECT pg_snapshot_xmax(pg_current_snapshot()) AS "end", ${rankSql(this.schema, "$1::xid8", "$2::bigint")} AS number`,
      [after.xid, after.position],
    );
    return { end: row!.end, number: Number(row!.number) };
  }

  async *#paged({ limit, pageMax, page, begin }: PagedRead): AsyncGenerator<StoredEvent> {
    const counted = await begin();
    const read = (last: StoredEvent | null, wanted: number) => {
      const found = this.connections.copy(page(last, wanted), () => new EventPage());
      // Whoever takes the page hears of its failure; it may have been fetched for nobody.
      found.catch(() => undefined);
      return found;
    };
    let number = counted ?? 0;
    let last: CountedEvent | null = null;
    let ahead: Promise<EventPage> | null = null;
    for (let left = limit; left > 0;) {
      const wanted = Math.min(pageMax, left);
      const { events, rows, unsettled }: EventPage = await (ahead ?? read(last, wanted));
      last = events.at(-1) ?? last;
      left -= events.length;
      // The server reads the next page while this one is worked on.
      ahead = rows === wanted && left > 0 && unsettled === null ? read(last, Math.min(pageMax, left)) : null;
      for (const event of events) {
        if (counted !== null && !isPayloadStream(event.stream)) event.number = ++number;
        yield event;
      }
      if (unsettled !== null) await this.horizon.pass(toPlace(unsettled).xid);
      else if (rows < wanted) return;
    }
  }
}
