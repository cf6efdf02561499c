import { setTimeout as pause } from "node:timers/promises";
import {
  binaryEvent,
  ErrorType,
  type EventStoreDBClient,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToAllResolvedEvent,
  NO_STREAM,
  persistentSubscriptionToAllSettingsFromDefaults,
  PINNED,
  START,
  END,
  streamNameFilter,
  WrongExpectedVersionError,
} from "@eventstore/db-client";
import {
  ackMsDefault,
  deliveriesMax,
  GroupDiffersError,
  type WorkItem,
  type WorkOptions,
} from "../competing-consumers.js";
import { eventMatcher } from "../event-filter.js";
import type { StoredEvent } from "../event-store.js";
import { filterText } from "../group-state.js";
import { within } from "./call-limits.js";
import { isType } from "./eventstoredb-errors.js";
import { ItemQueue } from "./item-queue.js";
import type { LedgerStreams } from "./ledger-streams.js";
import { readPage } from "./read-page.js";
import { reopened, type Source } from "./reopened.js";
import type { Session } from "./session.js";
import type { StreamReader } from "./stream-reader.js";

/** How long the words of a worker that leaves may be on their way, in milliseconds. */
const lingerMs = 50;

type Delivered = PersistentSubscriptionToAllResolvedEvent;

export interface Workplace {
  readonly session: Session;
  readonly streams: LedgerStreams;
  readonly reader: StreamReader;
}

/**
 * Workers that compete for a ledger's events through a persistent subscription to `$all`, which the leader keeps. The
 * server pins each stream to a worker, so that its events come in order; one that is given back comes behind those that
 * were under way.
 */
export async function* compete(
  { session, streams, reader }: Workplace,
  options: WorkOptions,
): AsyncGenerator<WorkItem> {
  const { filter, signal, inFlightMax = 10 } = options;
  const group = streams.onServer(options.group);
  const matches = eventMatcher(filter);
  await agree({ session, streams }, options);
  await begin(session, { group, filter: streams.filter(false, filter?.streamPrefixes), options });
  const ackMs = options.ackMs ?? ackMsDefault;
  const source = reopened(session, {
    what: `work as one of ${options.group}`,
    isProgress: ({ delivered }: GroupItem) => delivered !== null,
    open: ({ client }) => new GroupSubscription(client, { group, inFlightMax, silenceMs: session.limits.tryMs }),
    signal,
  });
  for await (const items of source)
    for (const { subscription, delivered, leave } of items) {
      if (!delivered?.event) continue;
      const event = await storedEvent(delivered, { streams, reader });
      // The server would give a stream's events to the worker that it is pinned to, again and again.
      const late = setTimeout(leave, ackMs).unref();
      const settle = async (word: Promise<void>) => {
        clearTimeout(late);
        // What the server has not heard of is delivered again, whatever became of this word.
        await within(word, session.limits.tryMs, session.closing).catch(() => undefined);
      };
      if (!matches(event)) await settle(subscription.ack(delivered));
      else
        yield {
          event,
          retries: delivered.retryCount,
          done: async () => await settle(subscription.ack(delivered)),
          again: async (reason) => await settle(subscription.nack("retry", reason, delivered)),
          park: async (reason) => await settle(subscription.nack("park", reason, delivered)),
          skip: async (reason) => await settle(subscription.nack("skip", reason, delivered)),
        };
    }
}

/** One that was parked comes with the position of the server's link to it, which is none of the ledger's. */
async function storedEvent(
  { event, link }: Delivered,
  { streams, reader }: Omit<Workplace, "session">,
): Promise<StoredEvent> {
  if (link)
    for await (const own of reader.read(streams.own(event!.streamId), { from: Number(event!.revision), limit: 1 }))
      return own;
  return await reader.stored(event!);
}

/** Has the server deliver the parked events of a group again; without effect where there is no such group. */
export async function retryParked({ session, streams }: Workplace, name: string): Promise<void> {
  const group = streams.onServer(name);
  try {
    await session.call(
      `retry what ${name} has parked`,
      async ({ client }) => await client.replayParkedMessagesToAll(group, { requiresLeader: true }),
    );
  } catch (error) {
    if (!isType(error, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST)) throw error;
  }
}

/** The first worker writes down the filter of the group; all others compare theirs. */
async function agree({ session, streams }: Omit<Workplace, "reader">, { group, filter }: WorkOptions): Promise<void> {
  const text = filterText(filter);
  const stream = streams.group(group);
  const made = binaryEvent({ type: "GroupMade", data: Buffer.from(text) });
  const append = { expectedRevision: NO_STREAM, requiresLeader: true } as const;
  try {
    const write = `write down what ${group} works on`;
    await session.call(write, async ({ client }) => await client.appendToStream(stream, made, append), true);
  } catch (error) {
    if (!(error instanceof WrongExpectedVersionError)) throw error;
    const [first] = await session.call(
      `read what ${group} works on`,
      async ({ client }) => await readPage(client.readStream(stream, { maxCount: 1, requiresLeader: true })),
    );
    const agreed = first ? Buffer.from(first.data as Uint8Array).toString() : text;
    if (agreed !== text) throw new GroupDiffersError(group, agreed);
  }
}

/** Makes the group if it is not there. */
async function begin(
  session: Session,
  { group, filter: regex, options }: { group: string; filter: string; options: WorkOptions },
): Promise<void> {
  const settings = persistentSubscriptionToAllSettingsFromDefaults({
    startFrom: options.from === "end" ? END : START,
    maxRetryCount: deliveriesMax - 1,
    messageTimeout: options.ackMs ?? ackMsDefault,
    consumerStrategyName: PINNED,
  });
  const filter = streamNameFilter({ regex });
  try {
    await session.call(
      `make the group ${options.group}`,
      async ({ client }) =>
        await client.createPersistentSubscriptionToAll(group, settings, { filter, requiresLeader: true }),
    );
  } catch (error) {
    if (!isType(error, ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS)) throw error;
  }
}

interface GroupItem {
  readonly subscription: PersistentSubscriptionToAll;
  /** None for the confirmation. */
  readonly delivered: Delivered | null;
  /** Gives back at once all that is not settled. */
  readonly leave: () => void;
}

interface GroupOptions {
  readonly group: string;
  readonly inFlightMax: number;
  /** The longest wait for the confirmation: one opened during an election may get neither that nor an error. */
  readonly silenceMs: number;
}

/** One of the client's persistent subscriptions; the server holds back what exceeds the unsettled events allowed. */
class GroupSubscription implements Source<GroupItem> {
  readonly #subscription: PersistentSubscriptionToAll;
  readonly #queue = new ItemQueue<GroupItem>();
  silenceMs: number | null;

  constructor(client: EventStoreDBClient, { group, inFlightMax, silenceMs }: GroupOptions) {
    this.silenceMs = silenceMs;
    const subscription = client.subscribeToPersistentSubscriptionToAll(group, {
      bufferSize: inFlightMax,
      requiresLeader: true,
    });
    const leave = () => this.#leave();
    this.#subscription = subscription
      .on("confirmation", () => {
        this.silenceMs = null;
        this.#queue.push({ subscription, delivered: null, leave });
      })
      .on("data", (delivered) => this.#queue.push({ subscription, delivered, leave }))
      .on("error", (error: Error) => this.#queue.fail(error))
      .on("end", () => this.#queue.fail(new Error("the subscription ended")))
      .on("close", () => this.#queue.fail(new Error("the subscription was closed")));
  }

  async next(): Promise<readonly GroupItem[]> {
    return await this.#queue.next();
  }

  async close(): Promise<void> {
    this.#queue.fail(new Error("closed"));
    this.#subscription.removeAllListeners("data");
    // Nothing tells when the server has heard the last word, and a cancelled call drops what is on its way.
    await pause(lingerMs);
    this.#leave();
  }

  #leave(): void {
    this.#queue.fail(new Error("what this worker held was not settled in time"));
    this.#subscription.removeAllListeners("data");
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#subscription.destroy();
  }
}
