import { binaryEvent, type EventData, jsonEvent, type JSONType, type RecordedEvent } from "@eventstore/db-client";
import type { NewEvent, StoredEvent } from "../event-store.js";

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

/** An event as the client has read it; its texts are made when they are asked for, since the client has parsed them. */
export class RecordedText implements StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly number: number | null;
  readonly #event: RecordedEvent;
  #data: string | Uint8Array | null = null;
  #metadata: string | null = null;

  constructor(event: RecordedEvent, { stream, number }: Pick<StoredEvent, "stream" | "number">) {
    this.id = event.id;
    this.type = event.type;
    this.stream = stream;
    this.revision = Number(event.revision);
    this.position = String(event.position!.commit);
    this.number = number;
    this.#event = event;
  }

  get data(): string | Uint8Array {
    return (this.#data ??= dataOf(this.#event));
  }

  get metadata(): string {
    return (this.#metadata ??= metadataOf(this.#event));
  }

  get value(): unknown {
    return this.#event.isJson ? this.#event.data : undefined;
  }

  get metadataValue(): unknown {
    return this.#event.metadata instanceof Uint8Array ? undefined : this.#event.metadata;
  }
}

function metadataOf({ metadata: own }: RecordedEvent): string {
  if (own instanceof Uint8Array) return Buffer.from(own.subarray(1)).toString();
  return own === undefined ? "" : JSON.stringify(own);
}

function dataOf(event: RecordedEvent): string | Uint8Array {
  if (event.isJson) return JSON.stringify(event.data);
  const own: unknown = event.metadata;
  return own instanceof Uint8Array && own[0] === mark.text ? Buffer.from(event.data).toString() : event.data;
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
