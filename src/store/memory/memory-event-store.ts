import { DatabaseSync } from "node:sqlite";
import { decideAppend } from "../append-decision.js";
import { assertPayloadStream, isPayloadStream, refuseInvalid } from "../append-validation.js";
import type { CompetingConsumers, WorkItem, WorkOptions } from "../competing-consumers.js";
import { decimalPosition } from "../decimal-position.js";
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
import { eventMatcher } from "../event-filter.js";
import { workInGroup } from "../group-work.js";
import { SqliteGroupState } from "../sqlite/sqlite-group-state.js";

/** The whole log in memory: for tests, and for ledgers that live as long as their process. */
export class MemoryEventStore implements EventStore, CompetingConsumers {
  /** Index = position - 1; erased events leave a hole, so that no position is used twice. */
  readonly #log: (StoredEvent | undefined)[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  /** First revision that reads still show. */
  readonly #kept = new Map<string, number>();
  readonly #ids = new Map<string, StoredEvent>();
  readonly #waiting = new Set<() => void>();
  /** Positions of the numbered events, that of the first at 0. */
  readonly #numbered: Position[] = [];
  #groups: SqliteGroupState | null = null;
  #closed = false;

  async append(request: AppendRequest): Promise<AppendResult> {
    this.#assertOpen();
    const refused = refuseInvalid(request);
    if (refused) return refused;
    const stream = this.#streams.get(request.stream) ?? [];
    const known = request.events.map((event) => this.#ids.get(event.id));
    const decided = decideAppend(request, { last: stream.length === 0 ? null : stream.length - 1, known });
    if (decided) return decided;
    for (const event of request.events) {
      const stored: StoredEvent = {
        ...event,
        data: typeof event.data === "string" ? event.data : Uint8Array.from(event.data),
        stream: request.stream,
        revision: stream.length,
        position: String(this.#log.length + 1),
        number: isPayloadStream(request.stream) ? null : this.#numbered.length + 1,
      };
      if (stored.number !== null) this.#numbered.push(stored.position);
      this.#log.push(stored);
      this.#ids.set(stored.id, stored);
      stream.push(stored);
    }
    this.#streams.set(request.stream, stream);
    this.#wake();
    const { revision, position, number } = stream.at(-1)!;
    return { ok: true, revision, position, number, repeated: false };
  }

  async *readStream(name: string, options: ReadStreamOptions = {}): AsyncGenerator<StoredEvent> {
    this.#assertOpen();
    const stream = this.#streams.get(name) ?? [];
    const first = this.#kept.get(name) ?? 0;
    const backwards = options.direction === "backwards";
    let left = options.limit ?? Infinity;
    const from = options.from ?? (backwards ? stream.length - 1 : 0);
    for (let at = backwards ? Math.min(from, stream.length - 1) : Math.max(from, first); left > 0; left--) {
      if (at < first || at >= stream.length) return;
      yield stream[at]!;
      at += backwards ? -1 : 1;
    }
  }

  async *readAll(options: ReadAllOptions = {}): AsyncGenerator<StoredEvent> {
    this.#assertOpen();
    const matches = eventMatcher(options.filter);
    const step = options.direction === "backwards" ? -1 : 1;
    let at =
      options.after === undefined ? (step > 0 ? 0 : this.#log.length - 1) : decimalPosition(options.after) - 1 + step;
    for (let left = options.limit ?? Infinity; left > 0 && at >= 0 && at < this.#log.length; at += step) {
      const event = this.#log[at];
      if (!event || !matches(event)) continue;
      yield event;
      left--;
    }
  }

  async *subscribe(options: SubscribeOptions = {}): AsyncGenerator<SubscriptionMessage> {
    const matches = eventMatcher(options.filter);
    let at = options.after === undefined ? 0 : decimalPosition(options.after);
    for (let told = false; !this.#closed && !options.signal?.aborted;) {
      if (at < this.#log.length) {
        const event = this.#log[at++];
        if (!event || !matches(event)) continue;
        told = false;
        yield { kind: "event", event };
      } else if (!told) {
        told = true;
        yield { kind: "caught-up", position: String(at) };
      } else await this.#change(options.signal);
    }
  }

  async positionAt(number: number): Promise<Position | null> {
    this.#assertOpen();
    return this.#numbered[number - 1] ?? null;
  }

  async numberAt(position: Position): Promise<number> {
    this.#assertOpen();
    const number = this.#log[decimalPosition(position) - 1]?.number;
    if (typeof number !== "number") throw new RangeError(`no numbered event lies at position ${position}`);
    return number;
  }

  compete(options: WorkOptions): AsyncGenerator<WorkItem> {
    return workInGroup(this, this.#groupState(), options);
  }

  async retryParked(group: string): Promise<void> {
    await this.#groupState().retryParked(group);
  }

  async truncateBefore(stream: string, revision: number): Promise<void> {
    this.#assertOpen();
    assertPayloadStream(stream);
    const events = this.#streams.get(stream) ?? [];
    for (const event of events.slice(0, revision)) {
      this.#log[Number(event.position) - 1] = undefined;
      this.#ids.delete(event.id);
    }
    this.#kept.set(stream, Math.max(revision, this.#kept.get(stream) ?? 0));
  }

  async deleteStream(stream: string): Promise<void> {
    await this.truncateBefore(stream, this.#streams.get(stream)?.length ?? 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
  }

  /** In tables, as the embedded engine has them, but in memory. */
  #groupState(): SqliteGroupState {
    if (this.#groups) return this.#groups;
    const database = new DatabaseSync(":memory:");
    const log = { assertOpen: () => this.#assertOpen(), reaches: () => true };
    return (this.#groups = new SqliteGroupState(database, log, async (_, work) => {
      this.#assertOpen();
      return work();
    }));
  }

  /** Resolves at the next append, at the end, or when the subscriber leaves. */
  async #change(signal: AbortSignal | undefined): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal?.addEventListener("abort", done);
      if (signal?.aborted) done();
    });
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError("store-closed", "the store is closed", "Open it again.");
  }
}
