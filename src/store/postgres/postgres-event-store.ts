import { setImmediate as nextTurn } from "node:timers/promises";
import { AppendQueue, type WaitingAppend } from "../append-queue.js";
import { assertPayloadStream, refuseInvalid } from "../append-validation.js";
import type { CompetingConsumers, WorkItem, WorkOptions } from "../competing-consumers.js";
import {
  type AppendRequest,
  type AppendResult,
  type EventStore,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreError,
  type SubscribeOptions,
  type SubscriptionMessage,
} from "../event-store.js";
import { workInGroup } from "../group-work.js";
import { parseLedgerUrl } from "../ledger-name.js";
import { shownUrl } from "../shown-url.js";
import type { WaitReport } from "../wait-report.js";
import {
  appendOneValues,
  type AppendRow,
  appendValues,
  inRounds,
  refuseUnstorable,
  toAppendResult,
} from "./append-values.js";
import { Connections } from "./connections.js";
import { EventNumbers } from "./event-numbers.js";
import { Horizon } from "./horizon.js";
import { LogReader } from "./log-reader.js";
import { Notifications } from "./notifications.js";
import { openSchema } from "./open-schema.js";
import { toPlace } from "./place.js";
import { isUniqueViolation } from "./postgres-errors.js";
import { PostgresGroupState } from "./postgres-group-state.js";
import { quotedSchema } from "./quoted-schema.js";
import { subscription } from "./subscription.js";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database?ledger=NAME`; other parameters are libpq's. */
  readonly url: string;
  /** Whether to make the ledger's schema if it is not there. */
  readonly create: boolean;
  /** How long anything may wait for the server or for other transactions, in milliseconds; default 30 s. */
  readonly waitMsMax?: number;
  readonly onWait?: (report: WaitReport) => void;
}

/** Appends that share a transaction at most: each locks its stream, and the server's table of locks is not large. */
const groupMax = 64;

/** Tries of an append that met another one with the same id or revision under way. */
const collisionsMax = 5;

/**
 * A ledger in a schema of a PostgreSQL server, version 13 or newer, for any number of processes and machines. Concurrent
 * appends of a process share a statement, which is one transaction; those of several processes never wait for each
 * other unless they go to one stream. What `deleteStream` erases comes back as disk space after the server's VACUUM.
 *
 * @throws StoreError if the server cannot be reached or cannot hold a ledger, or there is none and `create` is false.
 * @example const store = await openPostgresEventStore({ url: "postgres://db/chips?ledger=lane", create: true });
 */
export async function openPostgresEventStore(options: PostgresStoreOptions): Promise<PostgresEventStore> {
  const { server, ledger } = parseLedgerUrl(options.url);
  const schema = quotedSchema(ledger);
  const shown = shownUrl(server);
  const waitMsMax = options.waitMsMax ?? 30_000;
  const connections = new Connections({ server, shown, waitMsMax });
  await connections.first(
    async (client) => await openSchema(client, { ledger, schema, shown, create: options.create }),
  );
  return new PostgresEventStore({ schema, shown, connections, waitMsMax, onWait: options.onWait });
}

interface Opened {
  readonly schema: string;
  readonly shown: string;
  readonly connections: Connections;
  readonly waitMsMax: number;
  readonly onWait: PostgresStoreOptions["onWait"];
}

export class PostgresEventStore implements EventStore, CompetingConsumers {
  readonly #queue = new AppendQueue(groupMax);
  readonly #horizon: Horizon;
  readonly #numbers: EventNumbers;
  readonly #reader: LogReader;
  readonly #notifications: Notifications;
  readonly #groups: PostgresGroupState;
  #draining: Promise<void> | null = null;
  #closed = false;

  constructor(private readonly opened: Opened) {
    const { schema, connections, waitMsMax, onWait } = opened;
    this.#horizon = new Horizon(connections, waitMsMax, onWait);
    this.#numbers = new EventNumbers(schema, connections, this.#horizon);
    this.#reader = new LogReader(schema, connections, this.#horizon);
    this.#notifications = new Notifications(schema, connections);
    this.#groups = new PostgresGroupState(schema, connections);
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#assertOpen();
    const refused = refuseInvalid(request) ?? refuseUnstorable(request);
    if (refused) return refused;
    return await this.#queue.add(request, () => (this.#draining ??= this.#drain()));
  }

  readStream(stream: string, options: ReadStreamOptions = {}): AsyncGenerator<StoredEvent> {
    return this.#reader.readStream(stream, options);
  }

  readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    return this.#reader.readAll(options);
  }

  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<SubscriptionMessage> {
    const { schema, connections } = this.opened;
    const log = {
      schema,
      connections,
      horizon: this.#horizon,
      reader: this.#reader,
      notifications: this.#notifications,
      closed: () => this.#closed,
    };
    try {
      yield* subscription(log, options);
    } catch (error) {
      if (!this.#closed) throw error;
    }
  }

  async positionAt(number: number): Promise<Position | null> {
    return await this.#numbers.placeOf(number);
  }

  async numberAt(position: Position): Promise<number> {
    this.#assertOpen();
    return await this.#numbers.at(toPlace(position));
  }

  compete(options: WorkOptions): AsyncGenerator<WorkItem> {
    return workInGroup(this, this.#groups, options);
  }

  async retryParked(group: string): Promise<void> {
    await this.#groups.retryParked(group);
  }

  async truncateBefore(stream: string, revision: number): Promise<void> {
    this.#assertOpen();
    assertPayloadStream(stream);
    const { schema, connections } = this.opened;
    const before = Math.min(revision, 2 ** 31 - 1);
    await connections.query(`SELECT ${schema}.erase($1, $2)`, [stream, before]);
  }

  async deleteStream(stream: string): Promise<void> {
    await this.truncateBefore(stream, Number.MAX_SAFE_INTEGER);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#draining) await this.#draining;
    this.#closed = true;
    await this.#notifications.close();
    await this.opened.connections.close();
  }

  /** Commits what waits, group by group, until nothing does. */
  async #drain(): Promise<void> {
    try {
      // Writers that were resumed by the last commit put their next append in during this turn.
      for (await nextTurn(); !this.#queue.empty; await nextTurn())
        for (const round of inRounds(this.#queue.takeGroup())) await this.#commitGroup(round);
    } finally {
      this.#draining = null;
    }
  }

  /** One transaction; if two appends collide in it, each is tried by itself, so that no other one suffers. */
  async #commitGroup(group: readonly WaitingAppend[]): Promise<void> {
    try {
      const results = await this.#write(group.map(({ request }) => request));
      group.forEach(({ resolve }, index) => resolve(results[index]!));
    } catch (error) {
      if (isUniqueViolation(error)) for (const each of group) await this.#commitAlone(each);
      else for (const { reject } of group) reject(error);
    }
  }

  /** Whom it collided with has committed by now, so the next try sees that one's event; others may come in between. */
  async #commitAlone({ request, resolve, reject }: WaitingAppend): Promise<void> {
    for (let tries = 1; ; tries++)
      try {
        return resolve((await this.#write([request]))[0]!);
      } catch (error) {
        if (!isUniqueViolation(error) || tries === collisionsMax) return reject(error);
      }
  }

  async #write(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    const { schema, connections } = this.opened;
    const one = requests.length === 1 ? appendOneValues(requests[0]!) : null;
    if (one) {
      const text = `SELECT * FROM ${schema}.append_one($1, $2, $3, $4, $5, $6, $7)`;
      const [row] = await connections.query<AppendRow>(text, one, "append_one");
      if (row) {
        this.#notifications.announce();
        return [toAppendResult(row, requests[0]!)];
      }
    }
    const text = `SELECT * FROM ${schema}.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;
    const rows = await connections.query<AppendRow>(text, appendValues(requests), "append");
    this.#notifications.announce();
    return rows.map((row, index) => toAppendResult(row, requests[index]!));
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError("store-closed", "the store is closed", "Open it again.");
  }
}
