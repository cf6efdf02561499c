import { z } from "zod";
import { sha256 } from "./names.js";

/** The name of a stream of chunks. */
export const chunkStream = z.string().startsWith("chunks-").max(600);

/**
 * Where erasable data lies: a chunk stream, never the chained event itself. `root` is the RFC 6962 tree root over the
 * hashes of the stream's events in order, so that the log still verifies after the bytes are gone.
 */
export const payloadReference = z.strictObject({
  stream: chunkStream,
  /** How many chunk events. */
  count: z.int().min(1),
  /** Their data, in bytes. */
  bytes: z.int().min(0),
  /** What they add to storedBytes: data, metadata, type, stream name and 16 for each. */
  storedBytes: z.int().min(0),
  root: sha256,
});
export type PayloadReference = z.infer<typeof payloadReference>;
