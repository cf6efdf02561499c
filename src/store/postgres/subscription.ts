import { isPayloadStream } from "../append-validation.js";
import type { SubscribeOptions, SubscriptionMessage } from "../event-store.js";
import type { Connections } from "./connections.js";
import { EventPage } from "./event-rows.js";
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
    const { horizon, unsettled } = await horizonOf(log);
    const page = logPage(log.schema, { after, direction: "forwards", filter, rows }, horizon);
    const { events } = await log.connections.copy(page, () => new EventPage());
    for (const event of events) {
      if (ended()) return;
      after = toPlace(event.position);
      told = false;
      if (counting && !isPayloadStream(event.stream)) event.number = ++number;
      yield { kind: "event", event };
    }
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

/** The transaction below which nothing can change any more, and the first one from there on whose events can be seen. */
async function horizonOf({ schema, connections }: Subscribed): Promise<{ horizon: string; unsettled: string | null }> {
  const [row] = await connections.query<{ horizon: string; unsettled: string | null }>(
    `SELECT h.horizon, (SELECT u.xid FROM ${schema}.events u WHERE u.xid >= h.horizon ORDER BY u.xid, u.position LIMIT 1) AS unsettled
     FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon) h`,
    [],
  );
  return row!;
}
