import type { AllStreamRecordedEvent } from "@eventstore/db-client";
import { StoreError } from "../event-store.js";
import type { LedgerStreams } from "./ledger-streams.js";
import { followLog } from "./log-feed.js";
import { anchorSpacing, NumberAnchors } from "./number-anchors.js";
import type { Session } from "./session.js";

/** Pages of 1024 positions kept in memory, those looked at last; the others are counted again when asked for. */
const pagesMax = 512;

interface Waiter {
  readonly position: number;
  readonly done: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Event numbers, which EventStoreDB does not know: the rank of an event among the ledger's events that are no payload,
 * in log order. One filtered subscription counts along while the store is open. It begins at the last anchor, so that
 * opening a ledger of any size reads at most 1024 events and the anchors; an older number is found by counting from the
 * anchor before it, at most 1024 events too. In memory: at most 4 MB of positions, and 8 bytes for every 1024 events.
 */
export class EventNumbers {
  readonly #anchors: NumberAnchors;
  readonly #pages = new Map<number, number[]>();
  readonly #waiting = new Set<Waiter>();
  #following: Promise<void> | null = null;
  /** Up to here everything is counted. */
  #reached = -1;
  #tell: (event: AllStreamRecordedEvent) => void = () => undefined;

  constructor(
    private readonly session: Session,
    private readonly streams: LedgerStreams,
  ) {
    this.#anchors = new NumberAnchors(session, streams);
  }

  /** Everything up to this position has been seen: what is appended from now on lies behind it. */
  get horizon(): number {
    return this.#reached;
  }

  /** Told of every event that is counted. */
  onEvent(tell: (event: AllStreamRecordedEvent) => void): void {
    this.#tell = tell;
  }

  /** Begins to count, and returns when all that was in the log is counted. */
  async begin(): Promise<void> {
    await (this.#following ??= this.#begin().catch((error: unknown) => {
      this.#following = null;
      throw error;
    }));
  }

  /** How many of the ledger's events that are no payload lie at this position or before it. */
  async at(position: number): Promise<number> {
    await this.begin();
    if (position > this.#reached) await this.#passes(position);
    const { positions } = this.#anchors;
    const index = rank(positions, position) - 1;
    return index * anchorSpacing + rank(await this.#page(index), position);
  }

  /** An anchor before the last event that lies before a position; and how many events are counted up to it. */
  async anchorBefore(position: number): Promise<{ position: number; number: number }> {
    await this.begin();
    const { positions } = this.#anchors;
    const index = Math.max(0, rank(positions, position - 2) - 1);
    return { position: positions[index]!, number: index * anchorSpacing };
  }

  async settled(): Promise<void> {
    await this.#anchors.settled();
  }

  async #begin(): Promise<void> {
    await this.#anchors.load();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#follow(resolve).catch((error: unknown) => {
      this.#following = null;
      for (const { fail } of [...this.#waiting]) fail(error);
      reject(error);
    });
    await promise;
  }

  async #follow(caughtUp: () => void): Promise<void> {
    const { positions } = this.#anchors;
    // What was counted after the last anchor before an interruption is counted again.
    this.#pages.delete(positions.length - 1);
    const feed = followLog(this.session, { after: positions.at(-1)!, streams: this.streams.filter(false) });
    for await (const items of feed) {
      for (const item of items) {
        if (item.kind === "event") {
          this.#count(item.position);
          this.#tell(item.event);
        }
        if (item.kind !== "caught-up") this.#reached = Math.max(this.#reached, item.position);
      }
      this.#wake();
      if (items.some(({ kind }) => kind === "caught-up")) caughtUp();
    }
  }

  #count(position: number): void {
    const index = this.#anchors.positions.length - 1;
    let page = this.#pages.get(index);
    if (!page) this.#keep(index, (page = []));
    page.push(position);
    if (page.length === anchorSpacing) this.#anchors.add(position);
  }

  /** The positions of the events behind an anchor, up to the next. */
  async #page(index: number): Promise<readonly number[]> {
    const known = this.#pages.get(index);
    if (known) return known;
    const page: number[] = [];
    if (index < this.#anchors.positions.length - 1) {
      const feed = followLog(this.session, {
        after: this.#anchors.positions[index]!,
        streams: this.streams.filter(false),
      });
      for await (const items of feed) {
        for (const item of items) if (item.kind === "event") page.push(item.position);
        if (page.length >= anchorSpacing) break;
        if (items.some(({ kind }) => kind === "caught-up"))
          throw new StoreError(
            "store-damaged",
            `the log ends before event number ${(index + 1) * anchorSpacing}, which was in it`,
            "See whether the server was set back to an older backup.",
          );
      }
      page.length = anchorSpacing;
      this.#keep(index, page);
    }
    return page;
  }

  #keep(index: number, page: number[]): void {
    this.#pages.set(index, page);
    if (this.#pages.size <= pagesMax) return;
    const oldest = this.#pages.keys().find((key) => key !== this.#anchors.positions.length - 1)!;
    this.#pages.delete(oldest);
  }

  async #passes(position: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        settle();
      };
      const waiter = { position, done: () => end(resolve), fail: (error: unknown) => end(() => reject(error)) };
      const timer = setTimeout(() => waiter.fail(late(position)), this.session.limits.totalMs);
      this.#waiting.add(waiter);
    });
  }

  #wake(): void {
    for (const waiter of [...this.#waiting]) if (waiter.position <= this.#reached) waiter.done();
  }
}

/** How many of the ascending numbers are at most this one. */
function rank(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function late(position: number): StoreError {
  return new StoreError(
    "store-unavailable",
    `what lies at position ${position} was written, but the server does not deliver it, so its number is not known`,
    "Try again with the same key: nothing is written twice, and the number is told.",
  );
}
