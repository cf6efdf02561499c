import { pauseBefore, within } from "./call-limits.js";
import { toStoreError } from "./eventstoredb-errors.js";
import type { Session } from "./session.js";
import type { Connection } from "./shared-client.js";

/** An open subscription. */
export interface Source<T> {
  /** How long it may say nothing before it is taken for dead, in milliseconds, as of now; null: for ever. */
  readonly silenceMs: number | null;
  /** What has come since, at least one. */
  next(): Promise<readonly T[]>;
  /** Whoever waits for `next` is told that it failed. */
  close(): void;
}

export interface Reopening<T> {
  /** What is being done, for messages. */
  readonly what: string;
  /** Opens it, each time where the last one ended. */
  readonly open: (connection: Connection) => Source<T>;
  /** Ends it all without an error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The items of a subscription, as many at a time as have come, that is opened again when it fails, ends, falls silent, or its connection is given up:
 * the client does nothing of that by itself.
 * @throws StoreError if no try brings an item for the session's `totalMs`, or the store is closed.
 */
export async function* reopened<T>(
  session: Session,
  { what, open, signal }: Reopening<T>,
): AsyncGenerator<readonly T[]> {
  let failingSince: number | null = null;
  for (let attempt = 0; !signal?.aborted; attempt++) {
    const connection = await session.connection(what);
    const source = open(connection);
    const leave = AbortSignal.any([connection.broken, session.closing, ...(signal ? [signal] : [])]);
    const close = () => source.close();
    leave.addEventListener("abort", close);
    if (leave.aborted) source.close();
    try {
      for (;;) {
        const { silenceMs } = source;
        const items = await (silenceMs === null ? source.next() : within(source.next(), silenceMs, leave));
        attempt = 0;
        failingSince = null;
        yield items;
      }
    } catch (error) {
      if (signal?.aborted) return;
      session.assertOpen();
      const kind = session.failed(connection, error, false);
      const wait = pauseBefore(attempt, session.limits);
      failingSince ??= performance.now();
      if (kind === "refused" || performance.now() + wait - failingSince > session.limits.totalMs)
        throw toStoreError(error, what, session.url.place);
      await session.pause(wait);
    } finally {
      leave.removeEventListener("abort", close);
      source.close();
    }
  }
}
