import type { JsonObject } from "../../schemas/names.js";
import type { PayloadReference } from "../../schemas/payload-reference.js";
import { decodeBlock, encodeBlock } from "../codec/zstd-block.js";
import type { Checkpoint } from "../domain/checkpoint.js";
import { AttemptTakenError, ChunkReader, chunkStreamName, ChunkWriter } from "./chunk-stream.js";
import type { Ledger } from "./ledger.js";

/** What a task or session checkpoint holds: erasable, so it lies in a chunk stream. */
export interface TaskPayload {
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

const emptyPayload: TaskPayload = { data: {}, metadata: {} };

/** The most that data and metadata may take together, as JSON text. */
export const payloadBytesMax = 100 * 1024 * 1024;

export async function readPayload(ledger: Ledger, checkpoint: Pick<Checkpoint, "payload">): Promise<TaskPayload> {
  const { payload } = checkpoint;
  if (!payload) return emptyPayload;
  const bytes = Buffer.from(await new ChunkReader(ledger, payload).read(0, payload.bytes));
  const json = await decodeBlock(bytes.subarray(4), bytes.readUInt32LE(0));
  return JSON.parse(Buffer.from(json).toString("utf8")) as TaskPayload;
}

/** Writes the whole payload as `<u32 LE: length of the JSON> <zstd frame>`, in a stream of this command's own. */
export async function writePayload(
  ledger: Ledger,
  request: { readonly checkpointId: string; readonly key: string; readonly payload: TaskPayload },
): Promise<PayloadReference> {
  const json = Buffer.from(JSON.stringify(request.payload));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const bytes = Buffer.concat([length, await encodeBlock(json)]);
  // A retry finds its own chunks again; if what it merged with has changed meanwhile, it takes the next stream.
  for (let attempt = 1; attempt <= 100; attempt++)
    try {
      const stream = chunkStreamName(request.checkpointId, `${request.key.slice(-12)}.${attempt}`);
      const writer = new ChunkWriter(ledger, stream, request.key);
      await writer.write(bytes);
      return (await writer.finish())!;
    } catch (error) {
      if (!(error instanceof AttemptTakenError)) throw error;
    }
  throw new Error(`a hundred attempts with the key ${request.key} have left payload behind; use a new key`);
}

/** Merges by top-level key, or replaces; null if nothing was said. */
export function mergePayload(
  before: TaskPayload,
  change: {
    readonly data?: JsonObject | undefined;
    readonly metadata?: JsonObject | undefined;
    readonly replace?: boolean | undefined;
  },
): TaskPayload | null {
  if (change.data === undefined && change.metadata === undefined) return null;
  const merge = (old: JsonObject, more: JsonObject | undefined) =>
    more === undefined ? old : change.replace ? more : { ...old, ...more };
  return { data: merge(before.data, change.data), metadata: merge(before.metadata, change.metadata) };
}
