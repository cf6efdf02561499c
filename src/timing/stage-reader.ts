import { hash } from "node:crypto";
import { decodeBlock } from "../codec/zstd-block.js";
import type { ManifestBlock, ManifestFile, StageManifest } from "./stage-manifest.js";

/** The bytes of a stage's chunk stream, wherever they lie. */
export interface PayloadReader {
  read(at: number, bytes: number): Promise<Uint8Array>;
}

/** A stored block is not what was written: the stage cannot be served. */
export class BlockDamagedError extends Error {
  constructor(
    readonly file: string,
    readonly byteOffset: number,
    options?: ErrorOptions,
  ) {
    super(`the stored block of ${file} at byte ${byteOffset} is damaged`, options);
    this.name = "BlockDamagedError";
  }
}

/** Decoded blocks that a reader keeps: a region of a base touches three at most, and the next region two of them. */
const keptBlocks = 4;

/** Gives back a stage's files byte for byte: whole, or any region of them. */
export class StageReader {
  readonly #files: ReadonlyMap<string, ManifestFile>;
  readonly #kept = new Map<string, Promise<Uint8Array>>();

  constructor(
    readonly manifest: StageManifest,
    private readonly payload: PayloadReader,
    /** The stage that this one's blocks lean on. */
    private readonly base: StageReader | null,
  ) {
    this.#files = new Map(manifest.files.map((file) => [file.name, file]));
  }

  file(name: string): ManifestFile | undefined {
    return this.#files.get(name);
  }

  /** The file's text in order, a block at a time; the next one is decoded while this one is consumed. */
  async *stream(name: string): AsyncGenerator<Uint8Array> {
    const blocks = this.#blocksOf(name);
    let next = blocks[0] && this.#decoded(name, blocks[0]);
    for (let index = 0; index < blocks.length; index++) {
      const current = next!;
      const following = blocks[index + 1];
      next = following && this.#decoded(name, following);
      next?.catch(() => undefined);
      yield await current;
    }
  }

  /** Bytes `from` to `to` of the file's text; less where the file ends before. */
  async region(name: string, from: number, to: number): Promise<Uint8Array> {
    const blocks = this.#blocksOf(name).filter((block) => block.from < to && block.from + block.raw > from);
    const parts: Uint8Array[] = [];
    for (const block of blocks) {
      const raw = await this.#decoded(name, block);
      parts.push(raw.subarray(Math.max(0, from - block.from), to - block.from));
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  #blocksOf(name: string): readonly ManifestBlock[] {
    const file = this.#files.get(name);
    if (!file) throw new Error(`the stage has no file ${name}`);
    return file.blocks;
  }

  #decoded(name: string, block: ManifestBlock): Promise<Uint8Array> {
    const key = `${block.from} ${name}`;
    let raw = this.#kept.get(key);
    if (raw) this.#kept.delete(key);
    else raw = this.#decode(name, block);
    this.#kept.set(key, raw);
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > keptBlocks && !oldest.done) this.#kept.delete(oldest.value);
    return raw;
  }

  async #decode(name: string, block: ManifestBlock): Promise<Uint8Array> {
    const { base } = block;
    if (base && !this.base) throw new BlockDamagedError(name, block.from);
    const [encoded, dictionary] = await Promise.all([
      this.payload.read(block.at, block.encoded),
      base && this.base!.region(base.file, base.from, base.to),
    ]);
    let raw: Uint8Array;
    try {
      raw = await decodeBlock(encoded, block.raw, dictionary);
    } catch (cause) {
      throw new BlockDamagedError(name, block.from, { cause });
    }
    if (hash("sha256", raw) !== block.sha256) throw new BlockDamagedError(name, block.from);
    return raw;
  }
}
