import { setTimeout as pause } from "node:timers/promises";
import { Client, Pool, type PoolConfig, type QueryResultRow } from "pg";
import { StoreError } from "../event-store.js";
import { CopyOut, type Rows } from "./copy-out.js";
import { isTransient, toStoreError } from "./postgres-errors.js";

export interface ConnectionOptions {
  /** `postgres://…` or `postgresql://…`, as libpq has it. */
  readonly server: string;
  /** The URL as messages may show it. */
  readonly shown: string;
  /** How long a statement, a lock, or the way back to a server that went away may take, in milliseconds. */
  readonly waitMsMax: number;
}

/** Connections of one process to one ledger, besides the one that listens. */
const connectionsMax = 6;

/** How long a new connection may take. */
const connectMsMax = 10_000;

/** Pauses between tries after a lost connection, in milliseconds. */
const firstPauseMs = 20;
const longestPauseMs = 1000;

/** A bounded pool: each statement is a transaction of its own, repeated while its failure is of the passing kind. */
export class Connections {
  readonly #pool: Pool;
  #closed = false;

  constructor(private readonly options: ConnectionOptions) {
    this.#pool = new Pool({
      ...settings(options),
      max: connectionsMax,
      idleTimeoutMillis: 60_000,
      allowExitOnIdle: true,
    });
    // An idle connection that the server ends is replaced when it is needed.
    this.#pool.on("error", ignore);
  }

  /**
   * Runs one statement. After a lost connection it is run again, for `waitMsMax` at most, so it has to be idempotent.
   * @throws StoreError
   */
  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[], name?: string): Promise<Row[]> {
    const statement = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    return await this.#again(async () => (await this.#pool.query<Row>(statement)).rows);
  }

  /**
   * Runs a SELECT without parameters; what `begin` makes, for each try anew, takes its rows in the binary form of COPY.
   * @throws StoreError
   */
  async copy<Page extends Rows>(select: string, begin: () => Page): Promise<Page> {
    return await this.#again(async () => {
      const client = await this.#pool.connect();
      // A client that is taken out tells of a lost connection itself, beside the query that fails by it.
      client.on("error", ignore);
      try {
        const page = begin();
        await client.query(new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`, page)).done;
        client.off("error", ignore);
        client.release();
        return page;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });
  }

  async #again<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const giveUpAt = performance.now() + this.options.waitMsMax;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      if (this.#closed) throw new StoreError("store-closed", "the store is closed", "Open it again.");
      try {
        return await ask();
      } catch (error) {
        if (!isTransient(error) || performance.now() + pauseMs > giveUpAt)
          throw toStoreError(error, this.options.shown);
        await pause(pauseMs);
      }
    }
  }

  /** Runs `work` on one connection, without any second try: for opening, where a wrong URL has to be told at once. */
  async first<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client(settings(this.options));
    client.on("error", ignore);
    try {
      await client.connect();
      return await work(client);
    } catch (error) {
      throw toStoreError(error, this.options.shown);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** A connection of its own, not connected yet, for LISTEN. */
  listener(): Client {
    return new Client({ ...settings(this.options), query_timeout: connectMsMax });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#pool.end();
  }
}

function ignore(): void {
  // Whoever asks next, or has asked, is told.
}

function settings({ server, waitMsMax }: ConnectionOptions): PoolConfig {
  return {
    connectionString: server,
    application_name: "checkpoint-ledger",
    connectionTimeoutMillis: connectMsMax,
    keepAlive: true,
    // The server ends a statement before we stop listening to a server that has gone silent.
    query_timeout: waitMsMax + 5000,
    // Every statement of ours is short and meant to use an index, also before a new table has statistics.
    options: `-c statement_timeout=${waitMsMax} -c lock_timeout=${waitMsMax} -c enable_seqscan=off -c jit=off -c client_min_messages=warning`,
  };
}
