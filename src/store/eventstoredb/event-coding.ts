import { binaryEvent, type EventData, jsonEvent, type JSONType, type RecordedEvent } from "@eventstore/db-client";
import type { NewEvent } from "../event-store.js";

/**
 * How events lie in EventStoreDB. The client parses JSON and writes it anew, and the ledger's text is kept byte for
 * byte. So text goes as JSON, legible for everyone else on the server, only where it survives that; other text goes as
 * bytes. Metadata that goes as bytes has one in front that no JSON begins with, and that tells what the data was.
 *
 * - data JSON: text. Metadata JSON or bytes.
 * - data bytes: bytes where the metadata is JSON, else what the mark says.
 */
const mark = { text: 1, bytes: 2 } as const;

export function toEventData({ id, type, data, metadata }: NewEvent): EventData {
  const parsed = typeof data === "string" ? parseSurviving(data) : undefined;
  const needsMark = typeof data === "string" && parsed === undefined;
  const isJson = !needsMark && metadata.startsWith("{") && parseSurviving(metadata) !== undefined;
  // The client hands on bytes as they are; an object it would write as JSON, then as base64, and that as bytes.
  const own = toBytes(isJson ? [] : [typeof data === "string" ? mark.text : mark.bytes], metadata);
  if (parsed !== undefined) return jsonEvent({ id, type, data: parsed as JSONType, metadata: own as never });
  return binaryEvent({ id, type, data: Buffer.from(data as string), metadata: own as never });
}

export function fromRecorded(event: RecordedEvent): Pick<NewEvent, "id" | "type" | "data" | "metadata"> {
  const { id, type } = event;
  const own: unknown = event.metadata;
  const metadata =
    own instanceof Uint8Array ? Buffer.from(own.subarray(1)).toString() : own === undefined ? "" : JSON.stringify(own);
  if (event.isJson) return { id, type, data: JSON.stringify(event.data), metadata };
  const bytes = event.data;
  const isText = own instanceof Uint8Array && own[0] === mark.text;
  return { id, type, data: isText ? Buffer.from(bytes).toString() : bytes, metadata };
}

/** The text's value, if parsing and writing gives the very same text. */
function parseSurviving(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The client looks for a plain Uint8Array: a Buffer it would take for an object. */
function toBytes(first: readonly number[], text: string): Uint8Array {
  const bytes = Buffer.from(text);
  const all = new Uint8Array(first.length + bytes.length);
  all.set(first);
  all.set(bytes, first.length);
  return all;
}
