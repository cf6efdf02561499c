import { type AllStreamRecordedEvent, BACKWARDS, END } from "@eventstore/db-client";
import { isPayloadStream } from "../append-validation.js";
import { eventMatcher } from "../event-filter.js";
import { decimalPosition } from "../decimal-position.js";
import {
  type Position,
  type ReadAllOptions,
  StoreError,
  type StoredEvent,
  type SubscribeOptions,
  type SubscriptionMessage,
} from "../event-store.js";
import type { ChunkErasure } from "./chunk-erasure.js";
import { RecordedText } from "./event-coding.js";
import type { EventNumbers } from "./event-numbers.js";
import type { LedgerStreams } from "./ledger-streams.js";
import { followLog } from "./log-feed.js";
import { readPage } from "./read-page.js";
import type { Session } from "./session.js";

/** Events of all streams of a server read at once, for a read backwards that wants payload too. */
const pageEvents = 32;

/**
 * Reads and follows the ledger's log. The server leaves out other streams than those wanted and, unless wanted, chunks.
 * Types are left out here: the server filters by streams or by types, and by types alone those of other ledgers and all
 * chunks would travel. Numbers are told by counting along; where streams are left out, by EventNumbers.
 */
export class LogReader {
  constructor(
    private readonly session: Session,
    private readonly streams: LedgerStreams,
    private readonly numbers: EventNumbers,
    private readonly erasure: ChunkErasure,
  ) {}

  readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    return options.direction === "backwards" ? this.#backwards(options) : this.#forwards(options);
  }

  /** Ends when the store is closed, as it ends when the subscriber leaves. */
  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<SubscriptionMessage> {
    this.session.assertOpen();
    try {
      for await (const messages of this.#follow(options)) for (const message of messages) yield message;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "store-closed") throw error;
    }
  }

  /** Where the event of a number lies: at most so many events behind an anchor as lie between two. */
  async positionAt(number: number): Promise<Position | null> {
    if (number < 1) return null;
    const anchor = await this.numbers.anchorOf(number);
    const after = anchor.position < 0 ? {} : { after: String(anchor.position) };
    for await (const event of this.#forwards(after)) if (event.number === number) return event.position;
    return null;
  }

  /** As many at a time as have come. */
  async *#follow({ after: begin, filter, signal }: SubscribeOptions): AsyncGenerator<readonly SubscriptionMessage[]> {
    const { payload = false, streamPrefixes } = filter ?? {};
    const matches = eventMatcher(filter);
    const after = begin === undefined ? -1 : decimalPosition(begin);
    const counting = streamPrefixes === undefined;
    let number = counting && after >= 0 ? await this.numbers.at(after) : 0;
    this.erasure.forget();
    let reached = Math.max(after, 0);
    const streams = this.streams.filter(payload, streamPrefixes);
    for await (const items of followLog(this.session, { after, streams, signal })) {
      if (signal?.aborted) return;
      const messages: SubscriptionMessage[] = [];
      for (const item of items) {
        if (item.kind === "caught-up") messages.push({ kind: "caught-up", position: String(reached) });
        else reached = Math.max(reached, item.position);
        if (item.kind !== "event") continue;
        if (!counting && !isPayloadStream(this.streams.own(item.event.streamId)))
          number = (await this.numbers.at(item.position)) - 1;
        const event = this.#stored(item.event, () => ++number);
        if (matches(event) && (event.number !== null || (await this.#isShown(event))))
          messages.push({ kind: "event", event });
      }
      yield messages;
    }
  }

  async *#forwards({ after, filter, limit = Infinity }: ReadAllOptions): AsyncGenerator<StoredEvent> {
    let left = limit;
    if (left <= 0) return;
    const from = { ...(after === undefined ? {} : { after }), ...(filter ? { filter } : {}) };
    for await (const messages of this.#follow(from))
      for (const message of messages) {
        if (message.kind === "caught-up") return;
        yield message.event;
        if (--left <= 0) return;
      }
  }

  async *#backwards({ limit = Infinity, ...options }: ReadAllOptions): AsyncGenerator<StoredEvent> {
    let left = limit;
    if (left <= 0) return;
    for await (const event of options.filter?.payload ? this.#allBackwards(options) : this.#chainedBackwards(options)) {
      yield event;
      if (--left <= 0) return;
    }
  }

  /** The server filters subscriptions alone, which go forwards: so a span between two anchors is turned round. */
  async *#chainedBackwards({ after, filter }: ReadAllOptions): AsyncGenerator<StoredEvent> {
    const matches = eventMatcher(filter);
    let before = after === undefined ? Infinity : decimalPosition(after);
    for (;;) {
      const anchor = await this.numbers.anchorBefore(before);
      let { number } = anchor;
      const span: StoredEvent[] = [];
      const feed = followLog(this.session, { after: anchor.position, streams: this.streams.filter(false) });
      for await (const items of feed) {
        for (const item of items)
          if (item.kind === "event" && item.position < before) span.push(this.#stored(item.event, () => ++number));
        if (items.some((item) => item.kind === "caught-up" || item.position >= before)) break;
      }
      for (const event of span.toReversed()) if (matches(event)) yield event;
      if (anchor.number === 0) return;
      before = anchor.position + 1;
    }
  }

  /** All streams of the server, page by page: whoever wants chunks backwards reads them all anyway. */
  async *#allBackwards({ after, filter }: ReadAllOptions): AsyncGenerator<StoredEvent> {
    const matches = eventMatcher(filter);
    const own = new RegExp(this.streams.filter(true));
    let before = after === undefined ? null : BigInt(decimalPosition(after));
    let number: number | null = null;
    this.erasure.forget();
    for (;;) {
      const page = await this.#page(before);
      for (const recorded of page) {
        if (!own.test(recorded.streamId)) continue;
        const isPayload = isPayloadStream(this.streams.own(recorded.streamId));
        if (!isPayload) number = number === null ? await this.numbers.at(Number(recorded.position.commit)) : number - 1;
        const event = this.#stored(recorded, () => number!);
        if (matches(event) && (await this.#isShown(event))) yield event;
      }
      if (page.length < pageEvents) return;
      before = page.at(-1)!.position.commit;
    }
  }

  async #page(before: bigint | null): Promise<AllStreamRecordedEvent[]> {
    const fromPosition = before === null ? END : { commit: before, prepare: before };
    const options = { direction: BACKWARDS, fromPosition, maxCount: pageEvents } as const;
    return await this.session.call(
      "read the log backwards",
      async ({ client }) => await readPage(client.readAll(options)),
    );
  }

  #stored(event: AllStreamRecordedEvent, next: () => number): StoredEvent {
    const stream = this.streams.own(event.streamId);
    return new RecordedText(event, { stream, number: isPayloadStream(stream) ? null : next() });
  }

  async #isShown({ stream, revision }: StoredEvent): Promise<boolean> {
    return !isPayloadStream(stream) || (await this.erasure.isShown(stream, revision));
  }
}
