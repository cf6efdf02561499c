/**
 * How a stage lies in its chunk stream. The stream's bytes are blocks, then the manifest. Each block is
 * `<u32 LE: length of the header> <header: JSON> <encoded bytes>`; the header says of which file and where, so that a
 * capture that died without a manifest can still be read. The manifest is one encoded block of JSON that lists them all.
 */
import { z } from "zod";
import { decodeBlock, encodeBlock } from "../codec/zstd-block.js";
import { sha256 } from "../../schemas/names.js";
import { sealedFile } from "../../schemas/stage-seal.js";

const blockHeader = z.strictObject({
  file: z.string(),
  /** Where the block begins in its file's text, and how long it is. */
  from: z.int().min(0),
  raw: z.int().min(0),
  sha256,
  encoded: z.int().min(0),
  /** The region of the base stage's file that serves as dictionary. */
  base: z.strictObject({ file: z.string(), from: z.int().min(0), to: z.int().min(0) }).optional(),
});
export type BlockHeader = z.infer<typeof blockHeader>;

const manifestBlock = blockHeader.omit({ file: true }).extend({
  /** Where the encoded bytes lie in the chunk stream's bytes. */
  at: z.int().min(0),
});
export type ManifestBlock = z.infer<typeof manifestBlock>;

const manifestFile = sealedFile.extend({ blocks: z.array(manifestBlock) });
export type ManifestFile = z.infer<typeof manifestFile>;

const stageManifest = z.strictObject({ version: z.literal(1), files: z.array(manifestFile) });
export type StageManifest = z.infer<typeof stageManifest>;

/** Text of one block at most: the unit of compression, of reading back and of memory. */
export const blockBytes = 4 * 1024 * 1024;

/** A block's bytes as they go into the chunk stream, and where in them the encoded part begins. */
export function frameBlock(header: BlockHeader, encoded: Uint8Array): { bytes: Uint8Array; encodedAt: number } {
  const json = Buffer.from(JSON.stringify(header));
  const bytes = Buffer.allocUnsafe(4 + json.length + encoded.length);
  bytes.writeUInt32LE(json.length, 0);
  bytes.set(json, 4);
  bytes.set(encoded, 4 + json.length);
  return { bytes, encodedAt: 4 + json.length };
}

/** Reads the block headers of a chunk stream from its beginning, up to the first that is cut or not there. */
export function readFrames(payload: Uint8Array): (BlockHeader & { at: number })[] {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const frames: (BlockHeader & { at: number })[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    const parsed = parseHeader(bytes.toString("utf8", at + 4, end));
    if (!parsed || end + parsed.encoded > bytes.length) break;
    frames.push({ ...parsed, at: end });
    at = end + parsed.encoded;
  }
  return frames;
}

/** The manifest as bytes for the end of the chunk stream: `<u32 LE: length of the JSON> <frame>`. */
export async function encodeManifest(manifest: StageManifest): Promise<Uint8Array> {
  const json = Buffer.from(JSON.stringify(manifest));
  const frame = await encodeBlock(json);
  const bytes = Buffer.allocUnsafe(4 + frame.length);
  bytes.writeUInt32LE(json.length, 0);
  bytes.set(frame, 4);
  return bytes;
}

/** @throws Error if the bytes are no manifest. */
export async function decodeManifest(bytes: Uint8Array): Promise<StageManifest> {
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32LE(0);
  const json = await decodeBlock(bytes.subarray(4), length);
  return stageManifest.parse(JSON.parse(Buffer.from(json).toString("utf8")));
}

function parseHeader(text: string): BlockHeader | null {
  try {
    return blockHeader.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
