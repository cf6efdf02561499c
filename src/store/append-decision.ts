import { isSameContent } from "./append-validation.js";
import type { AppendRequest, AppendResult, StoredEvent } from "./event-store.js";

/** What an adapter looks up for an append: the stream's last revision, and events that have one of its ids already. */
export interface AppendContext {
  /** Revision of the last event ever appended to the stream, erased ones included; null if there was none. */
  readonly last: number | null;
  /** For each event of the request: the stored event of that id. */
  readonly known: readonly (StoredEvent | undefined)[];
}

/**
 * Whether an append may be written: null if so, else the answer to give. The rules are the port's, the same for every
 * engine that has to apply them itself.
 */
export function decideAppend(request: AppendRequest, context: AppendContext): AppendResult | null {
  const { stream, expected, events } = request;
  const { last, known } = context;
  const firstKnown = known.find((event) => event !== undefined);
  if (firstKnown) {
    const first = known[0];
    const same = known.every(
      (event, index) =>
        event !== undefined &&
        event.stream === stream &&
        event.revision === first!.revision + index &&
        isSameContent(event, events[index]!),
    );
    if (!same || !wasExpected(expected, first!.revision)) return { ok: false, code: "id-conflict", id: firstKnown.id };
    const { revision, position, number } = known.at(-1)!;
    return { ok: true, revision, position, number, repeated: true };
  }
  const met =
    expected === "any" ||
    (expected === "no_stream" && last === null) ||
    (expected === "stream_exists" && last !== null) ||
    expected === last;
  return met ? null : { ok: false, code: "wrong-revision", expected, actual: last };
}

/** Whether an append that began at `firstRevision` could have been asked for with this expectation. */
function wasExpected(expected: AppendRequest["expected"], firstRevision: number): boolean {
  if (expected === "any") return true;
  if (expected === "no_stream") return firstRevision === 0;
  if (expected === "stream_exists") return firstRevision > 0;
  return expected === firstRevision - 1;
}
