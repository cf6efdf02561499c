import { randomUUID } from "node:crypto";
import { Doorbell } from "./doorbell.js";
import { ackMsDefault, type WorkItem, type WorkOptions } from "./competing-consumers.js";
import { type EventStore, type Position, StoreError, type StoredEvent } from "./event-store.js";
import { type Claimed, filterText, type GroupState, type Outcome } from "./group-state.js";
import { ItemBatches } from "./item-batches.js";

/** How often a worker without work looks for what others have left, in milliseconds; and where they have nothing. */
const lookAgainMs = 100;
const idleMs = 1000;

/** Events that a group takes over ahead of its workers. */
const aheadMax = 256;

/** Events taken over at one time. */
const takenMax = 100;

/** The pause before an event is delivered again; it doubles with every further time, up to the longest. */
const firstPauseMs = 50;
const longestPauseMs = 30_000;

type Log = Pick<EventStore, "subscribe" | "readAll" | "readStream">;

/**
 * One worker of a group whose state the engine keeps. Each worker follows the log and brings the group what is new;
 * whoever is first counts. An event is claimed when the worker asks for it, so that its time does not run in a queue.
 * Ends when the signal is given, or the store is closed.
 */
export async function* workInGroup(log: Log, state: GroupState, options: WorkOptions): AsyncGenerator<WorkItem> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, ...(options.signal ? [options.signal] : [])]);
  const worker = new GroupWorker(log, state, { ...options, signal });
  try {
    while (!signal.aborted) {
      const item = await worker.next();
      if (item === "ended") return;
      if (item !== null) yield item;
    }
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "store-closed") throw error;
  } finally {
    leaving.abort();
    // Where the store is closed already, the events come free when their time is over.
    await state.release(options.group, worker.id).catch(() => undefined);
  }
}

class GroupWorker {
  readonly id = randomUUID();
  /** Until when each unsettled event is this worker's. */
  readonly #inHand = new Map<number, number>();
  #news: ItemBatches<{ readonly event: StoredEvent | null; readonly position: Position }> | null = null;
  readonly #settled = new Doorbell();

  constructor(
    private readonly log: Log,
    private readonly state: GroupState,
    private readonly options: WorkOptions & { readonly signal: AbortSignal },
  ) {}

  /** An event to work on; null: look again; or the log has ended. */
  async next(): Promise<WorkItem | null | "ended"> {
    const { group, inFlightMax = 10, ackMs = ackMsDefault } = this.options;
    this.#news ??= new ItemBatches(this.#follow(await this.#open()), takenMax);
    const now = performance.now();
    for (const [number, until] of this.#inHand) if (until <= now) this.#inHand.delete(number);
    if (this.#inHand.size >= inFlightMax) return await this.#waitForRoom();
    const claimed = await this.state.claim(group, { worker: this.id, ackMs });
    if (claimed) {
      this.#inHand.set(claimed.number, now + ackMs);
      return this.#item(claimed, await this.#event(claimed));
    }
    const unsettled = await this.state.unsettled(group);
    if (unsettled >= aheadMax) return await this.#waitForRoom();
    const news = await this.#news.take(unsettled > 0 ? lookAgainMs : idleMs);
    if (news === null) return "ended";
    const references = news.flatMap(({ event }) =>
      event ? [{ number: event.number!, id: event.id, stream: event.stream, revision: event.revision }] : [],
    );
    if (news.length > 0) await this.state.take(group, references, news.at(-1)!.position);
    return null;
  }

  async #waitForRoom(): Promise<null> {
    await this.#settled.wait(lookAgainMs);
    return null;
  }

  async #open(): Promise<Position | null> {
    const { group, from = "start", filter = {} } = this.options;
    let after: Position | null = null;
    if (from === "end")
      for await (const { position } of this.log.readAll({ direction: "backwards", limit: 1 })) after = position;
    return await this.state.open({ name: group, filter: filterText(filter), after });
  }

  async *#follow(after: Position | null): AsyncGenerator<{ event: StoredEvent | null; position: Position }> {
    const { filter = {}, signal } = this.options;
    for await (const message of this.log.subscribe({ ...(after === null ? {} : { after }), filter, signal }))
      if (message.kind === "event") yield { event: message.event, position: message.event.position };
      else yield { event: null, position: message.position };
  }

  async #event({ stream, revision }: Claimed): Promise<StoredEvent> {
    for await (const event of this.log.readStream(stream, { from: revision, limit: 1 })) return event;
    throw new StoreError(
      "store-damaged",
      `the event ${stream} ${revision}, which a group has taken over, is gone`,
      "`ckpt verify` says what is missing.",
    );
  }

  #item({ number, deliveries }: Claimed, event: StoredEvent): WorkItem {
    const settle = async (outcome: Outcome) => {
      await this.state.settle(this.options.group, { number, worker: this.id, outcome });
      this.#inHand.delete(number);
      this.#settled.ring();
    };
    const waitMs = Math.min(firstPauseMs * 2 ** (deliveries - 1), longestPauseMs);
    return {
      event,
      retries: deliveries - 1,
      done: async () => await settle({ kind: "settled" }),
      again: async () => await settle({ kind: "again", waitMs }),
      park: async (reason) => await settle({ kind: "parked", reason }),
      skip: async () => await settle({ kind: "settled" }),
    };
  }
}
