import type { Observable, ObservableInput } from "rxjs";
import { refuse, type Refusal } from "../domain/refusal.js";
import { pullEach } from "../opensta/stream/pull-each.js";
import type { EventStore, Position } from "../store/event-store.js";
import { type CompiledSelection, compileSelection, type EventSelection } from "./event-selection.js";
import { type EventView, lastEventNumber, viewEvent } from "./event-view.js";
import type { Ledger } from "./ledger.js";

export interface SubscribeOptions extends EventSelection {
  /**
   * Where to begin: the `position` of a message that was dealt with, `end` for what comes from now on, or `start`;
   * default: `start`. Positions are the engine's own: they hold for ever, but not on a copy of the ledger.
   */
  readonly from?: Position;
  /** In place of `from`: only events after this event number, which holds on copies too. */
  readonly after?: number;
  /** Ends the feed without an error. */
  readonly signal?: AbortSignal;
}

export type FeedMessage =
  | { readonly kind: "event"; readonly event: EventView; readonly position: Position }
  /**
   * All that there was is delivered; said once, and again after every time that the feed fell behind. Its position also
   * lies behind what the selection has left out, as far as the engine tells.
   */
  | { readonly kind: "caught-up"; readonly position: Position };

/**
 * Events of the ledger as they come: past ones first, then live, each once and in order, at the consumer's pace: the
 * log is read on when the consumer asks for more, and what the engine reads ahead is bounded. Nothing is dropped.
 *
 * Refused: a selection that lets nothing through, and a place that the log does not have.
 * @example
 * const subscribed = await subscribe(ledger, { designs: ["lane"], types: ["StageCommitted"], from: "end" });
 * if (subscribed.ok) for await (const message of subscribed.feed) tell(message);
 */
export async function subscribe(
  ledger: Pick<Ledger, "store">,
  options: SubscribeOptions = {},
): Promise<{ readonly ok: true; readonly feed: EventFeed } | Refusal> {
  const selection = compileSelection(ledger.store, options);
  if (!selection.ok) return selection;
  const begin = await placeOf(ledger, options);
  return begin.ok ? { ok: true, feed: new EventFeed(ledger.store, begin.after, selection, options.signal) } : begin;
}

/** May be followed any number of times, each from the same place. */
export class EventFeed implements AsyncIterable<FeedMessage> {
  constructor(
    private readonly store: EventStore,
    private readonly after: Position | null,
    private readonly selection: CompiledSelection,
    private readonly signal: AbortSignal | undefined,
  ) {}

  /** Leaving the loop, `return` or the signal frees what the feed holds, also while it waits. */
  [Symbol.asyncIterator](): AsyncIterableIterator<FeedMessage> {
    const left = new AbortController();
    const messages = this.#messages(this.signal ? AbortSignal.any([this.signal, left.signal]) : left.signal);
    return {
      next: async () => await messages.next(),
      return: async () => {
        left.abort();
        return await messages.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * The feed as an Observable that is pulled: the next message is asked for when what `consume` has returned for the one
   * before has completed. So work that takes time belongs into `consume`: in an operator behind it, such as concatMap,
   * RxJS keeps what it is handed without a bound. Unsubscribing ends the feed.
   * @example feed.observe(async (message) => await alarm(message)).subscribe();
   */
  observe<Result>(consume: (message: FeedMessage) => ObservableInput<Result>): Observable<Result> {
    return pullEach(() => this[Symbol.asyncIterator](), consume);
  }

  async *#messages(signal: AbortSignal): AsyncGenerator<FeedMessage> {
    const { filter, isWanted } = this.selection;
    const after = this.after === null ? {} : { after: this.after };
    for await (const message of this.store.subscribe({ ...after, filter, signal }))
      if (message.kind === "caught-up") yield message;
      else if (await isWanted(message.event))
        yield { kind: "event", event: viewEvent(message.event), position: message.event.position };
  }
}

type Place = { readonly ok: true; readonly after: Position | null };

/** After which position to begin; null: with the first event. */
async function placeOf(ledger: Pick<Ledger, "store">, { from, after }: SubscribeOptions): Promise<Place | Refusal> {
  if (from !== undefined && after !== undefined)
    return refuse("invalid", "a position and an event number both say where to begin", "Give one of them.");
  if (after !== undefined) return await afterEvent(ledger, after);
  if (from === undefined || from === "start") return { ok: true, after: null };
  if (from !== "end") return await afterPosition(ledger.store, from);
  for await (const { position } of ledger.store.readAll({ direction: "backwards", limit: 1 }))
    return { ok: true, after: position };
  return { ok: true, after: null };
}

async function afterEvent(ledger: Pick<Ledger, "store">, number: number): Promise<Place | Refusal> {
  if (number === 0) return { ok: true, after: null };
  const position = await ledger.store.positionAt(number);
  if (position !== null) return { ok: true, after: position };
  const message = `the log has no event ${number}: it ends at ${await lastEventNumber(ledger)}`;
  return refuse("not-found", message, "Resume after an event of this ledger, or after 0 for all of them.");
}

async function afterPosition(store: EventStore, position: Position): Promise<Place | Refusal> {
  try {
    for await (const _ of store.readAll({ after: position, limit: 1 })) break;
    return { ok: true, after: position };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const cure = "Take the position of a message of this ledger; after a move to another engine, the event's number.";
    return refuse("invalid", error.message, cure);
  }
}
