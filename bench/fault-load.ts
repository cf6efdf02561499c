import { randomUUID } from "node:crypto";
import { type EventStore, type Position, StoreError, type StoredEvent } from "../src/store/event-store.js";

export interface Acknowledged {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** As it was told; null until it is asked for at the end, where the engine did not tell it at once. */
  number: number | null;
  /** When it was told, by `performance.now()`. */
  readonly at: number;
}

/** What writers and a subscriber met while faults struck. */
export interface LoadRecord {
  /** By writer, in the order in which each was told. */
  readonly acknowledged: readonly (readonly Acknowledged[])[];
  /** What the subscription brought. */
  readonly seen: readonly string[];
  /** How often the store gave up: appends are tried again with the same ids. */
  readonly givenUp: number;
  /** Refusals that no lost answer explains. */
  readonly refused: readonly string[];
}

/** Writers with a stream each, one append after the other, and a live subscription beside them, until told to stop. */
export class FaultLoad {
  readonly #stop = new AbortController();
  readonly #acknowledged: Acknowledged[][];
  readonly #seen: string[] = [];
  readonly #refused: string[] = [];
  #givenUp = 0;
  readonly #work: Promise<unknown>;
  readonly #following: Promise<void>;
  readonly #leave = new AbortController();

  constructor(
    private readonly store: EventStore,
    writers: number,
  ) {
    this.#acknowledged = Array.from({ length: writers }, () => []);
    this.#work = Promise.all(this.#acknowledged.map(async (own, which) => await this.#write(`task-${which}`, own)));
    this.#following = this.#follow();
  }

  /** Lets every writer end its append, and the subscription reach the end of what is there. */
  async stop(): Promise<LoadRecord> {
    this.#stop.abort();
    await this.#work;
    let last: string | undefined;
    for await (const { id } of this.store.readAll({ direction: "backwards", limit: 1 })) last = id;
    const until = performance.now() + 30_000;
    while (this.#seen.at(-1) !== last && performance.now() < until) await new Promise((wake) => setTimeout(wake, 50));
    this.#leave.abort();
    await this.#following;
    for (const each of this.#acknowledged.flat()) each.number ??= await this.store.numberAt(each.position);
    return {
      acknowledged: this.#acknowledged,
      seen: this.#seen,
      givenUp: this.#givenUp,
      refused: this.#refused,
    };
  }

  async #write(stream: string, own: Acknowledged[]): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const id = randomUUID();
      const events = [{ id, type: "Written", data: JSON.stringify({ n: own.length }), metadata: "{}" }];
      const expected = own.at(-1)?.revision ?? "no_stream";
      try {
        const result = await again(
          async () => await this.store.append({ stream, expected, events }),
          () => this.#givenUp++,
        );
        if (result.ok) {
          const { revision, position, number } = result;
          own.push({ id, stream, revision, position, number, at: performance.now() });
        } else {
          this.#refused.push(`${stream} behind ${expected}: ${JSON.stringify(result)}`);
          return;
        }
      } catch (error) {
        this.#refused.push(`${stream} behind ${expected}: ${String(error)}`);
        return;
      }
    }
  }

  /** Goes on behind the last event where the store has given up. */
  async #follow(): Promise<void> {
    let last: { after?: Position } = {};
    await again(
      async () => {
        for await (const message of this.store.subscribe({ ...last, signal: this.#leave.signal })) {
          if (message.kind !== "event") continue;
          this.#seen.push(message.event.id);
          last = { after: message.event.position };
        }
      },
      () => this.#givenUp++,
    );
  }
}

/** Tries of one whose store told it that no answer came. */
const triesMax = 10;

async function again<T>(work: () => Promise<T>, failed: () => void): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== "store-unavailable" || tries === triesMax) throw error;
      failed();
    }
}

/** What is wrong with a log after the faults, given what was told before: nothing, if all promises were kept. */
export function brokenPromises(log: readonly StoredEvent[], { acknowledged, seen, refused }: LoadRecord): string[] {
  const broken = [...refused];
  const byId = new Map(log.map((event) => [event.id, event]));
  if (byId.size !== log.length) broken.push(`${log.length - byId.size} events are there twice`);
  const next = new Map<string, number>();
  for (const [index, { stream, revision, number }] of log.entries()) {
    if (number !== index + 1) broken.push(`event ${index + 1} has the number ${number}`);
    if (revision !== (next.get(stream) ?? 0)) broken.push(`${stream} has a hole before revision ${revision}`);
    next.set(stream, revision + 1);
  }
  for (const { id, stream, revision, number } of acknowledged.flat()) {
    const event = byId.get(id);
    if (!event) broken.push(`acknowledged and lost: ${stream} ${revision}`);
    else if (event.stream !== stream || event.revision !== revision || event.number !== number)
      broken.push(`told ${stream} ${revision}, number ${number}; is ${event.revision}, ${event.number}`);
  }
  if (seen.length !== log.length) broken.push(`the subscription brought ${seen.length} of ${log.length} events`);
  const differs = seen.findIndex((id, index) => id !== log[index]?.id);
  if (differs >= 0) broken.push(`the subscription differs from the log at event ${differs + 1}`);
  return broken;
}
