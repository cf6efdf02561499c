import { pauseBefore, within } from "./call-limits.js";
import { toStoreError } from "./eventstoredb-errors.js";
import { type FeedItem, FilteredSubscription } from "./filtered-subscription.js";
import type { Session } from "./session.js";

export interface FeedOptions {
  /** Only what comes after this position; -1: all. */
  readonly after: number;
  /** .NET and JavaScript understand it alike; matched against the names of streams, on the server. */
  readonly streams: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Events of `$all` in log order, then live. A subscription that fails, falls silent before it has caught up, or is
 * dropped as too slow is opened again behind the last event delivered: nothing is lost, and nothing comes twice.
 * @throws StoreError if no try gets any further for the session's `totalMs`.
 */
export async function* followLog(session: Session, options: FeedOptions): AsyncGenerator<FeedItem> {
  const what = "read the log";
  let after = options.after;
  let failingSince: number | null = null;
  for (let attempt = 0; ; attempt++) {
    const connection = await session.connection(what);
    const subscription = new FilteredSubscription(connection.client, after, options.streams);
    const { limits } = session;
    let live = false;
    const leave = AbortSignal.any([connection.broken, session.closing, ...(options.signal ? [options.signal] : [])]);
    try {
      for (;;) {
        const item = await within(subscription.next(), live ? 2 ** 31 - 1 : limits.tryMs, leave);
        if (item.kind === "caught-up") live = true;
        else if (item.kind === "event" && item.position <= after) continue;
        else after = Math.max(after, item.position);
        attempt = 0;
        failingSince = null;
        yield item;
      }
    } catch (error) {
      if (options.signal?.aborted) return;
      session.assertOpen();
      const kind = session.failed(connection, error, false);
      const wait = pauseBefore(attempt, limits);
      failingSince ??= performance.now();
      if (kind === "refused" || performance.now() + wait - failingSince > limits.totalMs)
        throw toStoreError(error, what, session.url.place);
      await session.pause(wait);
    } finally {
      subscription.close();
    }
  }
}
