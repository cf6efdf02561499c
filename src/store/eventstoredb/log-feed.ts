import { type FeedItem, FilteredSubscription } from "./filtered-subscription.js";
import { reopened } from "./reopened.js";
import type { Session } from "./session.js";

export interface FeedOptions {
  /** Only what comes after this position; -1: all. */
  readonly after: number;
  /** .NET and JavaScript understand it alike; matched against the names of streams, on the server. */
  readonly streams: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Events of `$all` in log order, then live, as many at a time as have come. A subscription that fails, falls silent
 * before it has caught up, or is dropped as too slow is opened again behind the last event delivered: nothing is lost,
 * and nothing comes twice.
 * @throws StoreError if the server stays away.
 */
export async function* followLog(session: Session, options: FeedOptions): AsyncGenerator<readonly FeedItem[]> {
  let { after } = options;
  const { streams, signal } = options;
  const batches = reopened(session, {
    what: "read the log",
    isProgress: (item: FeedItem) => item.kind !== "caught-up" && item.position > after,
    open: ({ client }) => new FilteredSubscription(client, { after, streams, silenceMs: session.limits.tryMs }),
    signal,
  });
  const isNew = (item: FeedItem) => {
    if (item.kind === "event" && item.position <= after) return false;
    if (item.kind !== "caught-up") after = Math.max(after, item.position);
    return true;
  };
  for await (const batch of batches) yield batch.filter(isNew);
}
