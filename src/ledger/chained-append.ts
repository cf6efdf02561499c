import { eventVersion, type LedgerEvent, parseEvent } from "../../schemas/events/event-registry.js";
import { sealMetadata } from "../integrity/event-hash.js";
import type { Appended, AppendRefusal, NewEvent } from "../store/event-store.js";
import { derivedId } from "./command-key.js";
import type { Ledger } from "./ledger.js";

/** Where a stream ends: what the next event chains to. Nothing yet: revision -1. */
export interface StreamTail {
  readonly revision: number;
  readonly hash: string | null;
}

export const newStream: StreamTail = { revision: -1, hash: null };

export interface ChainedAppend {
  readonly stream: string;
  readonly tail: StreamTail;
  readonly events: readonly LedgerEvent[];
  readonly actor: string;
  readonly key: string;
  /** Names this append among those of its command: ids derive from it. */
  readonly step: string;
  readonly causation?: string | undefined;
}

/** An append that went through: the last event's id and hash too. */
export type ChainedResult =
  (Appended & { readonly id: string; readonly hash: string; readonly at: string }) | AppendRefusal;

/** Appends events at exactly the tail, each validated, each carrying the hash of the one before. */
export async function appendChained(ledger: Ledger, append: ChainedAppend): Promise<ChainedResult> {
  const { stream, key, actor, causation } = append;
  const at = ledger.now().toISOString();
  let { revision, hash } = append.tail;
  const events = append.events.map((event, index): NewEvent => {
    const version = eventVersion(event.type);
    parseEvent(event.type, version, event.data);
    revision++;
    const id = derivedId(key, index === 0 ? append.step : `${append.step}+${index}`);
    const data = JSON.stringify(event.data);
    const fields = { version, at, actor, correlation: key, ...(causation === undefined ? {} : { causation }) };
    const sealed = sealMetadata({ id, stream, revision, type: event.type, data }, fields, hash);
    hash = sealed.hash;
    return { id, type: event.type, data, metadata: sealed.metadata };
  });
  const expected = append.tail.revision < 0 ? "no_stream" : append.tail.revision;
  const result = await ledger.store.append({ stream, expected, events });
  return result.ok ? { ...result, id: events.at(-1)!.id, hash: hash!, at } : result;
}

/** The event number of what was appended last: waited for where the engine does not know it at once. */
export async function appendedNumber({ store }: Pick<Ledger, "store">, appended: Appended): Promise<number> {
  return appended.number ?? (await store.numberAt(appended.position));
}

/** How often a command is decided again because another writer came first. */
export const decisionsMax = 50;
