import {
  ErrorType,
  type EventStoreDBClient,
  type PersistentSubscriptionToAll,
  type PersistentSubscriptionToAllResolvedEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  END,
  streamNameFilter,
} from "@eventstore/db-client";
import type { WorkItem, WorkOptions } from "../competing-consumers.js";
import { eventMatcher } from "../event-filter.js";
import { isType } from "./eventstoredb-errors.js";
import { ItemQueue } from "./item-queue.js";
import type { LedgerStreams } from "./ledger-streams.js";
import { reopened, type Source } from "./reopened.js";
import type { Session } from "./session.js";
import type { StreamReader } from "./stream-reader.js";

type Delivered = PersistentSubscriptionToAllResolvedEvent;

/** Deliveries of an event before the server parks it by itself. */
const maxRetryCount = 10;

/** Workers that compete for a ledger's events through a persistent subscription to `$all`, which the leader keeps. */
export async function* compete(
  { session, streams, reader }: { session: Session; streams: LedgerStreams; reader: StreamReader },
  options: WorkOptions,
): AsyncGenerator<WorkItem> {
  const { filter, signal, inFlightMax = 10 } = options;
  const group = streams.onServer(options.group);
  const matches = eventMatcher(filter);
  await begin(session, group, streams.filter(filter?.payload ?? false), options.from ?? "start");
  const source = reopened(session, {
    what: `work as one of ${options.group}`,
    open: ({ client }) => new GroupSubscription(client, { group, inFlightMax, silenceMs: session.limits.tryMs }),
    signal,
  });
  for await (const items of source)
    for (const { subscription, delivered } of items) {
      if (!delivered?.event) continue;
      const event = await reader.stored(delivered.event);
      if (!matches(event)) await subscription.ack(delivered);
      else
        yield {
          event,
          retries: delivered.retryCount,
          done: async () => await subscription.ack(delivered),
          again: async (reason) => await subscription.nack("retry", reason, delivered),
          park: async (reason) => await subscription.nack("park", reason, delivered),
        };
    }
}

/** Makes the group if it is not there. */
async function begin(session: Session, group: string, streams: string, from: "start" | "end"): Promise<void> {
  const startFrom = from === "start" ? START : END;
  const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom, maxRetryCount });
  const filter = streamNameFilter({ regex: streams });
  try {
    await session.call(
      `make the group ${group}`,
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
    this.#subscription = subscription
      .on("confirmation", () => {
        this.silenceMs = null;
        this.#queue.push({ subscription, delivered: null });
      })
      .on("data", (delivered) => this.#queue.push({ subscription, delivered }))
      .on("error", (error: Error) => this.#queue.fail(error))
      .on("end", () => this.#queue.fail(new Error("the subscription ended")))
      .on("close", () => this.#queue.fail(new Error("the subscription was closed")));
  }

  async next(): Promise<readonly GroupItem[]> {
    return await this.#queue.next();
  }

  close(): void {
    this.#queue.fail(new Error("closed"));
    this.#subscription.removeAllListeners("data");
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#subscription.destroy();
  }
}
