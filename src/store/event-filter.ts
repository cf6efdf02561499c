import { isPayloadStream } from "./append-validation.js";
import type { EventFilter, StoredEvent } from "./event-store.js";

/** The filter as a test on one event. */
export function eventMatcher(filter: EventFilter = {}): (event: Pick<StoredEvent, "stream" | "type">) => boolean {
  const { streamPrefixes, types, payload = false } = filter;
  return ({ stream, type }) =>
    (payload || !isPayloadStream(stream)) &&
    (streamPrefixes === undefined || streamPrefixes.some((prefix) => stream.startsWith(prefix))) &&
    (types === undefined || types.includes(type));
}
