import { setTimeout as pause } from "node:timers/promises";
import { StoreError } from "../event-store.js";
import { type CallLimits, pauseBefore, within } from "./call-limits.js";
import { errorKind, toStoreError } from "./eventstoredb-errors.js";
import { type EventStoreDbUrl } from "./server-url.js";
import { type Connection, SharedClient } from "./shared-client.js";

/** Asked once over every new connection, before it is used: whether this is still the server that was opened. */
export type ServerCheck = (connection: Connection) => Promise<void>;

/** A store's dealings with its server: tries, time limits, new connections, the end. */
export class Session {
  readonly #shared: SharedClient;
  readonly #closing = new AbortController();
  #checked: AbortSignal | null = null;
  #check: ServerCheck = async () => undefined;

  constructor(
    readonly url: EventStoreDbUrl,
    readonly limits: CallLimits,
  ) {
    this.#shared = SharedClient.acquire(url);
  }

  /** Aborted when the store is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  checkWith(check: ServerCheck): void {
    this.#check = check;
  }

  /**
   * Calls until there is an answer: every try has its own time limit, and a connection that failed is not used again.
   * The work must be such that it may be done twice.
   * @throws StoreError when all tries have taken too long or none can succeed; the client's error if it is an answer.
   */
  async call<T>(what: string, work: (connection: Connection) => Promise<T>, isAppend = false): Promise<T> {
    const until = performance.now() + this.limits.totalMs;
    for (let attempt = 0; ; attempt++) {
      this.assertOpen();
      const connection = this.#shared.connection;
      try {
        const all = async () => {
          await this.#known(connection);
          return await work(connection);
        };
        return await this.#shared.answer(within(all(), this.limits.tryMs, connection.broken));
      } catch (error) {
        this.assertOpen();
        const kind = this.failed(connection, error, isAppend);
        if (kind === "answer") throw error;
        const wait = pauseBefore(attempt, this.limits);
        if (kind === "refused" || performance.now() + wait > until) throw toStoreError(error, what, this.url.place);
        await this.pause(wait);
      }
    }
  }

  /** A connection to hold a stream on; it was checked. */
  async connection(what: string): Promise<Connection> {
    return await this.call(what, async (connection) => connection);
  }

  /** Draws the conclusions of an error: which connections are of no use any more. */
  failed(connection: Connection, error: unknown, isAppend: boolean): ReturnType<typeof errorKind> {
    const kind = errorKind(error);
    // A client goes to the new leader by itself; but appends are told of other clients' errors too.
    const isForeign = kind === "moved" && isAppend && !this.#shared.wasSentAway(connection);
    if (kind === "broken" || isForeign) this.#shared.replace(connection);
    return kind;
  }

  /** Waits, or ends at once when the store is closed. */
  async pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
    this.assertOpen();
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#shared.release();
  }

  assertOpen(): void {
    if (this.#closing.signal.aborted) throw new StoreError("store-closed", "the store is closed", "Open it again.");
  }

  async #known(connection: Connection): Promise<void> {
    if (this.#checked === connection.broken) return;
    await this.#check(connection);
    this.#checked = connection.broken;
  }
}
