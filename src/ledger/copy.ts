import { type Refusal, refuse } from "../domain/refusal.js";
import { dataBytes, isPayloadStream } from "../store/append-validation.js";
import { appendBytesMax, type EventStore, type Position, type StoredEvent } from "../store/event-store.js";
import type { Ledger } from "./ledger.js";
import { lastEventNumber } from "./event-view.js";
import { erasedBy, type NotVerified, type Verified, verify } from "./verify.js";

export interface Copied {
  readonly ok: true;
  /** Events that were in the target already, chunks not counted. */
  readonly before: number;
  /** Events that this run has copied. */
  readonly events: number;
  /** Chunks that this run has copied. */
  readonly chunks: number;
  /** What the source's log and the target's verify to. */
  readonly from: Verified | NotVerified;
  readonly to: Verified | NotVerified;
  /** Whether both logs are sound and the source's begins with all of the target's. */
  readonly same: boolean;
}

export interface CopyOptions {
  /** Told the event number that was copied last. */
  readonly onProgress?: (number: number) => void;
}

type Stores = Pick<Ledger, "store">;

/** Events that go into one append at most. */
const batchEventsMax = 500;

/** Events between two looks at the numbers that the target gives. */
const lookEvery = 1000;

/**
 * Copies a log, event by event in its order, with ids, hashes, timestamps and event numbers; what was erased stays
 * away. A target that holds a beginning of this log already is gone on with; any other one is refused. At the end both
 * logs are verified. Run it again for what the source has got meanwhile.
 * @throws StoreError if one of the stores fails; run it again then.
 * @example const copied = await copyLedger(await openLedger("sqlite:a.db"), await openLedger("postgres://db/chips", { inspect: true }));
 */
export async function copyLedger(from: Stores, to: Stores, options: CopyOptions = {}): Promise<Copied | Refusal> {
  const start = await whereToGoOn(from.store, to.store);
  if (!start.ok) return start;
  const counts = { events: 0, chunks: 0 };
  for await (const batch of batches(from.store, start.after)) {
    const refused = await writeBatch(to.store, batch);
    if (refused) return refused;
    const last = batch.at(-1)!;
    counts[last.number === null ? "chunks" : "events"] += batch.length;
    if (last.number !== null) options.onProgress?.(last.number);
  }
  const target = await verify(to);
  const source = await verify(from, { expectHead: target.head });
  return { ok: true, before: start.number, ...counts, from: source, to: target, same: source.ok && target.ok };
}

interface Start {
  readonly ok: true;
  /** Position in the source of the last event that the target has. */
  readonly after: Position | undefined;
  readonly number: number;
}

/** The source's place up to which the target has everything. */
async function whereToGoOn(source: EventStore, target: EventStore): Promise<Start | Refusal> {
  const [first, held] = [await firstEvent(source), await firstEvent(target)];
  if (!first)
    return refuse("not-found", "the source holds no ledger", "Nothing was written. Look at the URL after --from.");
  if (held && held.id !== first.id)
    return refuse(
      "conflict",
      "the target holds another ledger",
      "Nothing was written. Copy into an empty store, or a copy of this very ledger.",
    );
  for await (const event of target.readAll({ direction: "backwards", filter: { payload: true } })) {
    const twin = await eventAt(source, event);
    if (twin?.id === event.id && twin.metadata === event.metadata)
      return { ok: true, after: twin.position, number: await lastEventNumber({ store: target }) };
    // A chunk that was erased since it was copied.
    if (!twin && isPayloadStream(event.stream)) await target.deleteStream(event.stream);
    else
      return refuse(
        "conflict",
        `the target has an event in ${event.stream} that the source has not: it was written to by itself`,
        "Nothing was written. Copy into an empty store.",
      );
  }
  return { ok: true, after: undefined, number: 0 };
}

/** Neighbours in the log that are neighbours in their stream too, as many as one append takes. */
async function* batches(source: EventStore, after: Position | undefined): AsyncGenerator<StoredEvent[]> {
  let batch: StoredEvent[] = [];
  let bytes = 0;
  for await (const event of source.readAll({ ...(after === undefined ? {} : { after }), filter: { payload: true } })) {
    const own = dataBytes(event);
    const last = batch.at(-1);
    const joins = last?.stream === event.stream && last.revision + 1 === event.revision;
    if (last && (!joins || bytes + own > appendBytesMax || batch.length === batchEventsMax)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += own;
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(target: EventStore, batch: readonly StoredEvent[]): Promise<Refusal | null> {
  const [{ stream, revision }, last] = [batch[0]!, batch.at(-1)!];
  const events = batch.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }));
  const result = await target.append({ stream, expected: revision === 0 ? "no_stream" : revision - 1, events });
  if (!result.ok)
    return refuse(
      "conflict",
      `revision ${revision} of ${stream} cannot be appended to the target (${result.code}${result.code === "wrong-revision" ? `, its last one is ${result.actual ?? "none"}` : ""})`,
      "Nobody else may write to the target while it is filled. What was copied before is whole.",
    );
  const number = result.number ?? (isLookedAt(batch) ? await target.numberAt(result.position) : last.number);
  if (number !== last.number)
    return refuse(
      "conflict",
      `event ${last.number} became event ${number} of the target: somebody else wrote there`,
      "This target cannot become a copy any more. Copy into an empty store.",
    );
  for (const event of batch) {
    const erased = event.type === "ChunksErased" ? erasedBy(event) : null;
    if (erased) await target.deleteStream(erased.stream);
  }
  return null;
}

/** Whether a target that has to wait for an event's number is asked for it: now and then. At the end verify compares all. */
function isLookedAt(batch: readonly StoredEvent[]): boolean {
  const [first, last] = [batch[0]!.number, batch.at(-1)!.number];
  return first !== null && Math.floor(last! / lookEvery) > Math.floor((first - 1) / lookEvery);
}

async function firstEvent(store: EventStore): Promise<StoredEvent | null> {
  for await (const event of store.readAll({ limit: 1, filter: { payload: true } })) return event;
  return null;
}

async function eventAt(store: EventStore, { stream, revision }: StoredEvent): Promise<StoredEvent | null> {
  for await (const event of store.readStream(stream, { from: revision, limit: 1 }))
    if (event.revision === revision) return event;
  return null;
}
