import { createHash, hash } from "node:crypto";
import { encodeBlock } from "../codec/zstd-block.js";
import { blockBytes, frameBlock, type ManifestBlock } from "./stage-manifest.js";
import type { StageReader } from "./stage-reader.js";

/** Where blocks go: answers with the place of the first byte in the chunk stream. */
export interface PayloadSink {
  write(bytes: Uint8Array): Promise<number>;
}

export interface EncodedFile {
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly sha256: string;
  readonly blocks: ManifestBlock[];
}

/** How far beyond a block's own place its dictionary reaches into the base, on either side. */
const dictionaryMargin = 1024 * 1024;

/** Blocks compressed at once: one a core, each with its dictionary and its result in memory. */
const blocksInFlight = 2;

/**
 * Encodes the files of one stage: text in, blocks out, in order and with bounded memory. Equal blocks of one stage are
 * stored once.
 */
export class StageEncoder {
  readonly #written = new Map<string, Promise<ManifestBlock>>();
  #tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sink: PayloadSink,
    private readonly base: StageReader | null,
  ) {}

  /** Takes a file's text to its end; `onBytes` sees every byte on the way. */
  async encode(
    name: string,
    source: AsyncIterable<Uint8Array>,
    onBytes: (bytes: Uint8Array) => void,
  ): Promise<EncodedFile> {
    const digest = createHash("sha256");
    const blocks: Promise<ManifestBlock>[] = [];
    let rawBytes = 0;
    let stored = 0;
    for await (const raw of inBlocks(source)) {
      digest.update(raw);
      onBytes(raw);
      blocks.push(this.#block(name, rawBytes, raw, (bytes) => (stored += bytes)));
      rawBytes += raw.length;
      if (blocks.length >= blocksInFlight) await blocks[blocks.length - blocksInFlight];
    }
    return { rawBytes, blocks: await Promise.all(blocks), sha256: digest.digest("hex"), storedBytes: stored };
  }

  #block(file: string, from: number, raw: Uint8Array, onStored: (bytes: number) => void): Promise<ManifestBlock> {
    const sha256 = hash("sha256", raw);
    const known = this.#written.get(sha256);
    const block = known ? known.then((same) => ({ ...same, from })) : this.#write(file, from, raw, sha256, onStored);
    if (!known) this.#written.set(sha256, block);
    block.catch(() => undefined);
    return block;
  }

  async #write(
    file: string,
    from: number,
    raw: Uint8Array,
    sha256: string,
    onStored: (bytes: number) => void,
  ): Promise<ManifestBlock> {
    const before = this.#tail;
    const work = this.#encodeBlock(file, from, raw, sha256);
    const written = (async () => {
      const { header, framed } = await work;
      await before;
      const at = await this.sink.write(framed.bytes);
      onStored(framed.bytes.length);
      const { file: _, ...rest } = header;
      return { ...rest, at: at + framed.encodedAt };
    })();
    this.#tail = written.catch(() => undefined);
    return await written;
  }

  async #encodeBlock(file: string, from: number, raw: Uint8Array, sha256: string) {
    const base = this.base?.file(file);
    const region = base && {
      file,
      from: Math.max(0, from - dictionaryMargin),
      to: Math.min(base.rawBytes, from + raw.length + dictionaryMargin),
    };
    const usable = region && region.from < region.to ? region : undefined;
    const dictionary = usable && (await this.base!.region(file, usable.from, usable.to));
    const encoded = await encodeBlock(raw, dictionary);
    const header = {
      file,
      from,
      raw: raw.length,
      sha256,
      encoded: encoded.length,
      ...(usable ? { base: usable } : {}),
    };
    return { header, framed: frameBlock(header, encoded) };
  }
}

/** The same bytes, cut into blocks of their own memory. */
async function* inBlocks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = Buffer.allocUnsafe(blockBytes);
  let filled = 0;
  for await (const bytes of source)
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, blockBytes - filled);
      block.set(bytes.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < blockBytes) continue;
      yield block;
      block = Buffer.allocUnsafe(blockBytes);
      filled = 0;
    }
  if (filled > 0) yield block.subarray(0, filled);
}
