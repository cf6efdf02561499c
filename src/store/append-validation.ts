import {
  type AppendRefusal,
  type AppendRequest,
  appendBytesMax,
  type NewEvent,
  payloadStreamPrefix,
} from "./event-store.js";

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const namePattern = /^[^\p{Cc}\p{Cs}]+$/u;
const nameBytesMax = 1024;

/** What can be said against an append before looking at the log; null if nothing. Every adapter asks this first. */
export function refuseInvalid(request: AppendRequest): AppendRefusal | null {
  const { stream, events } = request;
  if (events.length === 0) return invalid("an append needs at least one event");
  if (!isName(stream))
    return invalid(`the stream name ${JSON.stringify(stream)} is empty, too long or holds control characters`);
  const ids = new Set<string>();
  let bytes = 0;
  for (const event of events) {
    if (!uuidPattern.test(event.id)) return invalid(`the id ${JSON.stringify(event.id)} is no lower-case UUID`);
    if (ids.has(event.id)) return { ok: false, code: "id-conflict", id: event.id };
    ids.add(event.id);
    if (!isName(event.type))
      return invalid(`the type ${JSON.stringify(event.type)} is empty, too long or holds control characters`);
    if (!isText(event.metadata) || (typeof event.data === "string" && !isText(event.data)))
      return invalid(`event ${event.id} holds half a surrogate pair, which UTF-8 cannot keep`);
    bytes += dataBytes(event);
  }
  return bytes > appendBytesMax ? { ok: false, code: "too-large", bytes, bytesMax: appendBytesMax } : null;
}

/** @throws RangeError for a stream whose events are for ever. */
export function assertPayloadStream(stream: string): void {
  if (!isPayloadStream(stream))
    throw new RangeError(`${stream} holds chained events: only ${payloadStreamPrefix}… can be erased`);
}

export function isPayloadStream(stream: string): boolean {
  return stream.startsWith(payloadStreamPrefix);
}

/** Size of an event's data as limits count it. */
export function dataBytes(event: Pick<NewEvent, "data">): number {
  return typeof event.data === "string" ? Buffer.byteLength(event.data) : event.data.byteLength;
}

/** Same content for a retry: type and data; the metadata of a second try has another timestamp. */
export function isSameContent(one: Pick<NewEvent, "type" | "data">, other: Pick<NewEvent, "type" | "data">): boolean {
  if (one.type !== other.type || typeof one.data !== typeof other.data) return false;
  return typeof one.data === "string"
    ? one.data === other.data
    : Buffer.compare(one.data, other.data as Uint8Array) === 0;
}

function isName(text: string): boolean {
  return namePattern.test(text) && Buffer.byteLength(text) <= nameBytesMax;
}

function isText(text: string): boolean {
  return text.isWellFormed();
}

function invalid(reason: string): AppendRefusal {
  return { ok: false, code: "invalid-event", reason };
}
