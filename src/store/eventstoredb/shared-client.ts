import type { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { ErrorType, EventStoreDBClient } from "@eventstore/db-client";
import { toStoreError } from "./eventstoredb-errors.js";
import { LeaderWatch } from "./leader-watch.js";
import type { EventStoreDbUrl } from "./server-url.js";

/** One client of the package, until it is given up; `broken` tells those who hold streams or calls of it. */
export interface Connection {
  readonly client: EventStoreDBClient;
  readonly broken: AbortSignal;
}

type ClientStream = Duplex & { cancel?(): void };

/** Parts of a client that its types hide: its open streams, and its connection, which nothing else would close. */
interface ClientParts {
  disposableStreams: Set<ClientStream>;
  getChannel(): Promise<{ close(): void; getTarget(): string }>;
}

const parts = (client: EventStoreDBClient) => client as unknown as ClientParts;

/** A client's open streams, and whether one of them was sent to another node, the leader. */
class WatchedStreams extends Set<ClientStream> {
  sentAway = false;

  override add(stream: ClientStream): this {
    stream.once("error", ({ metadata }: Partial<ServiceError>) => {
      if (metadata?.get("exception").includes(ErrorType.NOT_LEADER)) this.sentAway = true;
    });
    return super.add(stream);
  }
}

/** What gRPC's errors carry. */
interface ServiceError {
  readonly metadata: { get(key: string): unknown[] };
}

function watched(client: EventStoreDBClient): EventStoreDBClient {
  parts(client).disposableStreams = new WatchedStreams();
  return client;
}

/** Those in use, by connection string: a process has one client for each. */
const shared = new Map<string, SharedClient>();

/**
 * The one client that a process has for a URL. The package keeps all appends in flight in one table of the module: an
 * error on one client's stream of appends rejects those of every client, and an answer that comes thereafter throws
 * where nobody can catch it. So a connection is given up as soon as an append over it fails, whosesoever the error is,
 * and not a word of its streams is heard any more.
 */
export class SharedClient {
  #users = 0;
  #end = new AbortController();
  #current: EventStoreDBClient | null = null;
  /** The node that leads, where it was found while an old leader said nothing: the next client begins there. */
  #leader: string | null = null;
  readonly #watch: LeaderWatch;

  private constructor(private readonly url: EventStoreDbUrl) {
    this.#watch = new LeaderWatch(url.seeds, (node) => void this.#follow(node));
  }

  static acquire(url: EventStoreDbUrl): SharedClient {
    const known = shared.get(url.connectionString) ?? new SharedClient(url);
    shared.set(url.connectionString, known);
    known.#users++;
    return known;
  }

  /** @throws StoreError for a connection string that the client does not take. */
  get connection(): Connection {
    try {
      this.#current ??= watched(EventStoreDBClient.connectionString(this.#connectionString()));
    } catch (error) {
      throw toStoreError(new Error(secretless(error), { cause: error }), "use the URL", this.url.place);
    }
    return { client: this.#current, broken: this.#end.signal };
  }

  /** Waits for a call; gives its connection up when meanwhile another node has come to lead. */
  async answer<T>(call: Promise<T>): Promise<T> {
    return await this.#watch.during(call);
  }

  /** The next call gets a new client; nothing happens if that connection was given up before. */
  replace(connection: Connection): void {
    if (connection.broken === this.#end.signal) this.#giveUp();
  }

  /** Whether this connection itself was sent to the leader since it was opened, and not another client's. */
  wasSentAway({ client }: Connection): boolean {
    const streams = parts(client).disposableStreams;
    return streams instanceof WatchedStreams && streams.sentAway;
  }

  release(): void {
    if (--this.#users > 0) return;
    if (shared.get(this.url.connectionString) === this) shared.delete(this.url.connectionString);
    this.#giveUp();
  }

  #connectionString(): string {
    const leader = this.#leader;
    // Once: if it does not lead any more, the hosts are asked again.
    this.#leader = null;
    return leader === null ? this.url.connectionString : this.url.nodeString(leader);
  }

  async #follow(leader: string): Promise<void> {
    const client = this.#current;
    if (client === null) return;
    // A client that is still looking for a node has no channel yet.
    const channel = await Promise.race([parts(client).getChannel(), setImmediate(null)]).catch(() => null);
    if (this.#current !== client || channel?.getTarget().endsWith(`:${leader}`)) return;
    this.#leader = leader;
    this.#giveUp();
  }

  #giveUp(): void {
    const client = this.#current;
    this.#current = null;
    const ended = this.#end;
    this.#end = new AbortController();
    if (client) silence(parts(client));
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
