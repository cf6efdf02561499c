import { pauseBefore, within } from "./call-limits.js";
import { toStoreError } from "./eventstoredb-errors.js";
import type { Session } from "./session.js";
import type { Connection } from "./shared-client.js";

/** An open subscription. */
export interface Source<T> {
  /** How long it may say nothing before it is taken for dead, in milliseconds, as of now. */
  readonly silenceMs: number;
  next(): Promise<T>;
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

/** The longest timer there is: a subscription that is up may be silent; gRPC's keepalive sees a dead connection. */
export const silentForEver = 2 ** 31 - 1;

/**
 * The items of a subscription that is opened again when it fails, ends, falls silent, or its connection is given up:
 * the client does nothing of that by itself.
 * @throws StoreError if no try brings an item for the session's `totalMs`, or the store is closed.
 */
export async function* reopened<T>(session: Session, { what, open, signal }: Reopening<T>): AsyncGenerator<T> {
  let failingSince: number | null = null;
  for (let attempt = 0; !signal?.aborted; attempt++) {
    const connection = await session.connection(what);
    const source = open(connection);
    const leave = AbortSignal.any([connection.broken, session.closing, ...(signal ? [signal] : [])]);
    try {
      for (;;) {
        const item = await within(source.next(), source.silenceMs, leave);
        attempt = 0;
        failingSince = null;
        yield item;
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
      source.close();
    }
  }
}
