import type { StoredEvent, SubscribeOptions, SubscriptionMessage } from "../event-store.js";
import type { Connections } from "./connections.js";
import { type EventRow, toEvent } from "./event-rows.js";
import type { Horizon } from "./horizon.js";
import { logPage, pageRows, payloadPageRows, takesAll } from "./log-pages.js";
import type { LogReader } from "./log-reader.js";
import type { Notifications } from "./notifications.js";
import { logStart, type Place, toPlace, toPosition } from "./place.js";

export interface Subscribed {
  readonly schema: string;
  readonly connections: Connections;
  readonly horizon: Horizon;
  readonly reader: LogReader;
  readonly notifications: Notifications;
  readonly closed: () => boolean;
}

/** How often a waiting subscription looks for itself, in case a notification was lost. */
const lookAgainMs = 1000;

/** What is below the horizon, then the horizon itself; with no event, one row says where it stands. */
type LiveRow = EventRow & { readonly horizon: string; readonly unsettled: string | null };

/** Catches up page by page, then waits for notifications. Only what is below the horizon is delivered. */
export async function* subscription(log: Subscribed, options: SubscribeOptions): AsyncGenerator<SubscriptionMessage> {
  const { filter = {}, signal } = options;
  const ended = () => log.closed() || signal?.aborted === true;
  const counting = takesAll(filter);
  const rows = filter.payload ? payloadPageRows : pageRows;
  let after: Place = options.after === undefined ? logStart : toPlace(options.after);
  let { number } = await log.reader.begin(after, options.after !== undefined, signal);
  for (let told = false; !ended();) {
    const seen = log.notifications.changes;
    const page = await livePage(log, after, filter, rows);
    const events = page.filter((row) => row.position !== null);
    for (const row of events) {
      if (ended()) return;
      after = row;
      told = false;
      yield { kind: "event", event: eventOf(row, () => (counting ? ++number : Number(row.number))) };
    }
    const { horizon, unsettled } = page[0]!;
    if (events.length === rows) continue;
    // What the filter leaves out need not be scanned again.
    if (BigInt(horizon) > BigInt(after.xid)) after = { xid: horizon, position: "0" };
    if (unsettled !== null) await log.horizon.pass(unsettled, signal);
    else if (events.length === 0 && !told) {
      told = true;
      yield { kind: "caught-up", position: toPosition(after) };
    } else if (events.length === 0) await log.notifications.wait(seen, lookAgainMs, signal);
  }
}

async function livePage(
  { schema, connections }: Subscribed,
  after: Place,
  filter: NonNullable<SubscribeOptions["filter"]>,
  rows: number,
): Promise<LiveRow[]> {
  const { text, values } = logPage(schema, { after, direction: "forwards", filter, rows }, "h.horizon");
  return await connections.query<LiveRow>(
    `SELECT page.*, h.horizon,
       (SELECT u.xid FROM ${schema}.events u WHERE u.xid >= h.horizon ORDER BY u.xid, u.position LIMIT 1) AS unsettled
     FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) h LEFT JOIN LATERAL (${text}) page ON true
     ORDER BY page.xid, page.position`,
    values,
  );
}

function eventOf(row: LiveRow, number: () => number): StoredEvent {
  return toEvent(row, row.payload ? null : number());
}
