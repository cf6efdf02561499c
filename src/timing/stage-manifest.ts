/**
 * How a stage lies in its chunk stream. The stream's bytes are blocks, then the manifest. Each block is a header of LEB128
 * numbers and names (`writeFrame`) and the encoded bytes; the header says of which file and where, so that a capture that
 * died without a manifest can still be read. The manifest is one encoded block of JSON that lists them all. docs/stage-format.md
 * has it byte by byte.
 */
import { hash } from "node:crypto";
import { z } from "zod";
import { decodeBlock, encodeBlock } from "../codec/zstd-block.js";
import { sealedFile } from "../../schemas/stage-seal.js";
import { encodeNumbers, NumberReader } from "./leb128.js";

/** How a block's text is coded: by Zstandard, or by the model of the stages before it. */
const codings = ["zstd", "lines", "pins"] as const;

const manifestBlock = z.strictObject({
  coding: z.enum(codings),
  /** Where the block begins in its file's text, and how long it is. */
  from: z.int().min(0),
  raw: z.int().min(0),
  /** Where the encoded bytes lie in the chunk stream's bytes, how many they are, and the beginning of their SHA-256. */
  at: z.int().min(0),
  encoded: z.int().min(0),
  check: z.string().regex(/^[0-9a-f]{16}$/),
  /** The region of the base stage's file that serves as dictionary: zstd only. In a frame it is the file of the same name. */
  base: z.strictObject({ file: z.string(), from: z.int().min(0), to: z.int().min(0) }).optional(),
});
export type ManifestBlock = z.infer<typeof manifestBlock>;

const manifestFile = sealedFile.extend({ blocks: z.array(manifestBlock) });
export type ManifestFile = z.infer<typeof manifestFile>;

const stageManifest = z.strictObject({ version: z.literal(2), files: z.array(manifestFile) });
export type StageManifest = z.infer<typeof stageManifest>;

/** A block's header as it stands before the block's encoded bytes. */
export type BlockHeader = Omit<ManifestBlock, "at"> & { readonly file: string };

/** A block that is on its way into the chunk stream. */
export type BlockDraft = Omit<BlockHeader, "file" | "encoded" | "check"> & { readonly bytes: Uint8Array };

/** The beginning of the digest that guards a block's encoded bytes. */
export function checkOf(encoded: Uint8Array): string {
  return hash("sha256", encoded).slice(0, 16);
}

/** A block's header: coding, file name (empty: the file of the block before), from, raw, encoded, region + 1 or 0, check. */
export function writeFrame(header: BlockHeader, before: string): Uint8Array {
  const { file, coding, from, raw, encoded, base, check } = header;
  const name = Buffer.from(file === before ? "" : file);
  return Buffer.concat([
    encodeNumbers([codings.indexOf(coding), name.length]),
    name,
    encodeNumbers([from, raw, encoded, ...(base ? [base.from + 1, base.to] : [0])]),
    Buffer.from(check, "hex"),
  ]);
}

/** Reads the block headers of a chunk stream from its beginning, up to the first that is cut or not there. */
export function readFrames(payload: Uint8Array): (BlockHeader & { at: number })[] {
  const frames: (BlockHeader & { at: number })[] = [];
  const reader = new NumberReader(payload);
  try {
    for (let before = ""; ;) {
      const frame = readFrame(reader, before);
      before = frame.file;
      frames.push(frame);
    }
  } catch {
    return frames;
  }
}

function readFrame(reader: NumberReader, before: string): BlockHeader & { at: number } {
  const coding = codings[reader.next(codings.length - 1)]!;
  const file = Buffer.from(reader.take(reader.next())).toString("utf8") || before;
  const from = reader.next(Number.MAX_SAFE_INTEGER);
  const raw = reader.next();
  const encoded = reader.next();
  const region = reader.next(Number.MAX_SAFE_INTEGER);
  const base = region === 0 ? {} : { base: { file, from: region - 1, to: reader.next(Number.MAX_SAFE_INTEGER) } };
  const check = Buffer.from(reader.take(checkBytes)).toString("hex");
  const at = reader.at;
  if (checkOf(reader.take(encoded)) !== check) throw new Error("no block");
  return { file, coding, from, raw, encoded, check, ...base, at };
}

const checkBytes = 8;

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
