import type { CompetingConsumers, WorkItem, WorkOptions } from "../competing-consumers.js";
import {
  type AppendRequest,
  type AppendResult,
  type EventStore,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  StoreError,
  type StoredEvent,
  type SubscribeOptions,
  type SubscriptionMessage,
} from "../event-store.js";
import { decimalPosition } from "../decimal-position.js";
import { Appender } from "./appender.js";
import { type CallLimits, defaultLimits } from "./call-limits.js";
import { ChunkErasure } from "./chunk-erasure.js";
import { EventNumbers } from "./event-numbers.js";
import { LedgerStreams } from "./ledger-streams.js";
import { parseEventStoreDbUrl } from "./server-url.js";
import { LogReader } from "./log-reader.js";
import { ServerWitness } from "./server-witness.js";
import { Session } from "./session.js";
import { StreamReader } from "./stream-reader.js";
import { compete, retryParked } from "./worker-group.js";

export interface EventStoreDbOptions {
  /** `esdb://` or `esdb+discover://`, with `ledger=NAME` among the options; see `parseEventStoreDbUrl`. */
  readonly url: string;
  /** Whether a ledger without events will do; default true: the first append makes it. */
  readonly create?: boolean;
  readonly limits?: Partial<CallLimits>;
}

/**
 * A ledger on EventStoreDB 23.10 or later, a node or a cluster, beside other ledgers and other people's streams. Any
 * number of processes write and follow it.
 *
 * @throws StoreError for a URL that is none; with `create: false` also for a ledger that is not there.
 * @example const store = await openEventStoreDb({ url: "esdb://localhost:2113?tls=false&ledger=chip7" });
 */
export async function openEventStoreDb(options: EventStoreDbOptions): Promise<EventStoreDbEventStore> {
  const store = new EventStoreDbEventStore(options);
  if (options.create ?? true) return store;
  try {
    for await (const _ of store.readAll({ limit: 1 })) return store;
  } catch (error) {
    await store.close();
    throw error;
  }
  await store.close();
  const { ledger, place } = parseEventStoreDbUrl(options.url);
  throw new StoreError(
    "not-a-ledger",
    `there is no ledger ${ledger} on ${place}`,
    "`ckpt init` or the first `ckpt capture` makes one; `ledger=` in the URL names another.",
  );
}

export class EventStoreDbEventStore implements EventStore, CompetingConsumers {
  readonly #session: Session;
  readonly #streams: LedgerStreams;
  readonly #numbers: EventNumbers;
  readonly #reader: StreamReader;
  readonly #erasure: ChunkErasure;
  readonly #log: LogReader;
  readonly #appender: Appender;

  constructor({ url, limits }: EventStoreDbOptions) {
    const parsed = parseEventStoreDbUrl(url);
    const streams = (this.#streams = new LedgerStreams(parsed.ledger));
    this.#session = new Session(parsed, { ...defaultLimits, ...limits });
    this.#numbers = new EventNumbers(this.#session, streams);
    this.#reader = new StreamReader(this.#session, streams, this.#numbers);
    this.#erasure = new ChunkErasure(this.#session, streams, this.#reader);
    this.#log = new LogReader(this.#session, streams, this.#numbers, this.#erasure);
    this.#appender = new Appender(this.#session, streams, this.#numbers, this.#reader, this.#erasure);
    const witness = new ServerWitness(this.#session);
    this.#numbers.onEvent((event) => {
      witness.remember(event);
      this.#appender.saw(event.id, { stream: streams.own(event.streamId), revision: Number(event.revision) });
    });
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#session.assertOpen();
    return await this.#appender.append(request);
  }

  readStream(stream: string, options?: ReadStreamOptions): AsyncGenerator<StoredEvent> {
    return this.#reader.read(stream, options);
  }

  readAll(options?: ReadAllOptions): AsyncGenerator<StoredEvent> {
    return this.#log.readAll(options);
  }

  async positionAt(number: number): Promise<Position | null> {
    return await this.#log.positionAt(number);
  }

  async numberAt(position: Position): Promise<number> {
    this.#session.assertOpen();
    return await this.#numbers.at(decimalPosition(position));
  }

  subscribe(options?: SubscribeOptions): AsyncGenerator<SubscriptionMessage> {
    return this.#log.subscribe(options);
  }

  /** Ends when the store is closed, as it ends when the worker leaves. */
  async *compete(options: WorkOptions): AsyncGenerator<WorkItem> {
    try {
      yield* compete(this.#workplace, options);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "store-closed") throw error;
    }
  }

  async retryParked(group: string): Promise<void> {
    await retryParked(this.#workplace, group);
  }

  get #workplace() {
    return { session: this.#session, streams: this.#streams, reader: this.#reader };
  }

  async truncateBefore(stream: string, revision: number): Promise<void> {
    await this.#erasure.truncateBefore(stream, revision);
  }

  async deleteStream(stream: string): Promise<void> {
    await this.#erasure.truncateBefore(stream, Number.MAX_SAFE_INTEGER);
  }

  async close(): Promise<void> {
    await this.#numbers.settled();
    this.#session.close();
  }
}
