import type { Duplex } from "node:stream";
import { EventStoreDBClient } from "@eventstore/db-client";
import { toStoreError } from "./eventstoredb-errors.js";

/** One client of the package, until it is given up; `broken` tells those who hold streams or calls of it. */
export interface Connection {
  readonly client: EventStoreDBClient;
  readonly broken: AbortSignal;
}

type ClientParts = { disposableStreams: Set<Duplex & { cancel?(): void }>; getChannel(): Promise<{ close(): void }> };

/** Those in use, by connection string: a process has one client for each. */
const shared = new Map<string, SharedClient>();

/**
 * The one client that a process has for a URL. The package keeps all appends in flight in one table of the module: an
 * error on the stream of one append rejects those of every client, and an answer that comes thereafter throws where
 * nobody can catch it. So whoever sees an append fail for the connection's sake gives up all clients (`replaceAll`).
 */
export class SharedClient {
  #users = 0;
  #end = new AbortController();
  #current: EventStoreDBClient | null = null;

  private constructor(
    private readonly connectionString: string,
    private readonly place: string,
  ) {}

  static acquire(connectionString: string, place: string): SharedClient {
    const known = shared.get(connectionString) ?? new SharedClient(connectionString, place);
    shared.set(connectionString, known);
    known.#users++;
    return known;
  }

  /** @throws StoreError for a connection string that the client does not take. */
  get connection(): Connection {
    try {
      this.#current ??= EventStoreDBClient.connectionString(this.connectionString);
    } catch (error) {
      throw toStoreError(new Error(secretless(error), { cause: error }), "use the URL", this.place);
    }
    return { client: this.#current, broken: this.#end.signal };
  }

  /** The next call gets a new client; nothing happens if that connection was given up before. */
  replace(connection: Connection): void {
    if (connection.broken === this.#end.signal) this.#giveUp();
  }

  /** Gives up the clients of all URLs, or all but one that goes on by itself. */
  static replaceAll(except?: Connection): void {
    for (const each of shared.values()) if (each.#end.signal !== except?.broken) each.#giveUp();
  }

  release(): void {
    if (--this.#users > 0) return;
    if (shared.get(this.connectionString) === this) shared.delete(this.connectionString);
    this.#giveUp();
  }

  #giveUp(): void {
    const client = this.#current;
    this.#current = null;
    const ended = this.#end;
    this.#end = new AbortController();
    if (client) silence(client as unknown as ClientParts);
    ended.abort();
  }
}

/**
 * Ends a client's streams so that none of them says a word any more: the error of a cancelled stream of appends would
 * reject the appends of its successor too.
 */
function silence(client: ClientParts): void {
  if (client.disposableStreams.size === 0) return;
  for (const stream of client.disposableStreams) {
    stream
      .removeAllListeners("data")
      .removeAllListeners("error")
      .on("error", () => undefined);
    stream.cancel?.();
  }
  client.getChannel().then(
    (channel) => channel.close(),
    () => undefined,
  );
}

/** The client quotes the connection string in its errors, password and all. */
function secretless(error: unknown): string {
  return String(error instanceof Error ? error.message : error).replace(/\/\/[^@\s]*@/g, "//");
}
