import {
  type AllStreamRecordedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  START,
  streamNameFilter,
} from "@eventstore/db-client";
import { ItemQueue } from "./item-queue.js";
import type { Source } from "./reopened.js";

export type FeedItem =
  | { readonly kind: "event"; readonly event: AllStreamRecordedEvent; readonly position: number }
  /** The server has looked at everything up to here. */
  | { readonly kind: "reached"; readonly position: number }
  | { readonly kind: "caught-up" };

/** Items that wait for their reader before the server is held back; as many more may have been taken by it. */
const waitingMax = 256;

/** How often the server tells how far it has looked where it finds nothing: 32 events times this. */
const checkpointInterval = 32;

export interface FilteredOptions {
  /** Only what comes after this position; -1: all. */
  readonly after: number;
  /** Regular expression on the names of streams. */
  readonly streams: string;
  /** The longest silence until it has caught up, in milliseconds. */
  readonly silenceMs: number;
}

/**
 * One of the client's subscriptions to `$all`, as items in their true order, at the reader's pace. The client tells of
 * checkpoints and of having caught up as soon as it reads them, while events before them still wait in its buffer.
 */
export class FilteredSubscription implements Source<FeedItem> {
  readonly #subscription: AllStreamSubscription;
  readonly #queue = new ItemQueue<FeedItem>();
  /** Marks that follow so many more events. */
  readonly #marks: { readonly item: FeedItem; left: number }[] = [];
  silenceMs: number | null;

  constructor(client: EventStoreDBClient, { after, streams, silenceMs }: FilteredOptions) {
    this.silenceMs = silenceMs;
    const position = BigInt(Math.max(after, 0));
    this.#subscription = client.subscribeToAll({
      fromPosition: after < 0 ? START : { commit: position, prepare: position },
      filter: streamNameFilter({
        regex: streams,
        checkpointInterval,
        // One that rejects would stall the subscription for ever, silently.
        checkpointReached: async (_, reached) => this.#mark({ kind: "reached", position: Number(reached.commit) }),
      }),
    });
    this.#subscription
      .on("data", ({ event }) => event && this.#add(event))
      .on("caughtUp", () => this.#mark({ kind: "caught-up" }))
      .on("error", (error: Error) => this.#queue.fail(error))
      .on("end", () => this.#queue.fail(new Error("the subscription ended")))
      .on("close", () => this.#queue.fail(new Error("the subscription was closed")));
  }

  /** @throws the client's error, once all items that came before it were read. */
  async next(): Promise<readonly FeedItem[]> {
    const items = await this.#queue.next();
    if (this.#subscription.isPaused()) this.#subscription.resume();
    if (items.some(({ kind }) => kind === "caught-up")) this.silenceMs = null;
    return items;
  }

  close(): void {
    this.#queue.fail(new Error("closed"));
    this.#subscription.removeAllListeners("data");
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#subscription.destroy();
  }

  #add(event: AllStreamRecordedEvent): void {
    this.#queue.push({ kind: "event", event, position: Number(event.position.commit) });
    for (const mark of this.#marks) mark.left--;
    while (this.#marks[0] && this.#marks[0].left <= 0) this.#queue.push(this.#marks.shift()!.item);
    if (this.#queue.length >= waitingMax) this.#subscription.pause();
  }

  #mark(item: FeedItem): void {
    const left = this.#subscription.readableLength;
    if (left === 0) this.#queue.push(item);
    else this.#marks.push({ item, left });
  }
}
