import {
  type AllStreamRecordedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  START,
  streamNameFilter,
} from "@eventstore/db-client";

export type FeedItem =
  | { readonly kind: "event"; readonly event: AllStreamRecordedEvent; readonly position: number }
  /** The server has looked at everything up to here. */
  | { readonly kind: "reached"; readonly position: number }
  | { readonly kind: "caught-up" };

/** Items that wait for their reader before the server is held back; it goes on at half of them. */
const waitingMax = 256;

/** How often the server tells how far it has looked where it finds nothing: 32 events times this. */
const checkpointInterval = 32;

/**
 * One of the client's subscriptions to `$all`, as items in their true order, at the reader's pace. The client tells of
 * checkpoints and of having caught up as soon as it reads them, while events before them still wait in its buffer.
 */
export class FilteredSubscription {
  readonly #subscription: AllStreamSubscription;
  readonly #items: FeedItem[] = [];
  /** Marks that follow so many more events. */
  readonly #marks: { readonly item: FeedItem; left: number }[] = [];
  #failure: Error | null = null;
  #wake: (() => void) | null = null;

  constructor(client: EventStoreDBClient, after: number, streams: string) {
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
      .on("error", (error: Error) => this.#fail(error))
      .on("end", () => this.#fail(new Error("the subscription ended")))
      .on("close", () => this.#fail(new Error("the subscription was closed")));
  }

  /** @throws the client's error, once all items that came before it were read. */
  async next(): Promise<FeedItem> {
    for (;;) {
      const item = this.#items.shift();
      if (this.#items.length <= waitingMax / 2 && this.#subscription.isPaused()) this.#subscription.resume();
      if (item) return item;
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  close(): void {
    this.#fail(new Error("closed"));
    this.#subscription.removeAllListeners("data");
    this.#subscription.unsubscribe().catch(() => undefined);
    this.#subscription.destroy();
  }

  #add(event: AllStreamRecordedEvent): void {
    this.#push({ kind: "event", event, position: Number(event.position.commit) });
    for (const mark of this.#marks) mark.left--;
    while (this.#marks[0] && this.#marks[0].left <= 0) this.#push(this.#marks.shift()!.item);
    if (this.#items.length >= waitingMax) this.#subscription.pause();
  }

  #mark(item: FeedItem): void {
    const left = this.#subscription.readableLength;
    if (left === 0) this.#push(item);
    else this.#marks.push({ item, left });
  }

  #push(item: FeedItem): void {
    this.#items.push(item);
    this.#wake?.();
    this.#wake = null;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
    this.#wake = null;
  }
}
