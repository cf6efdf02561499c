import { hash } from "node:crypto";
import { encodeBlock } from "../codec/zstd-block.js";
import type { BlockDraft, ManifestBlock } from "./stage-manifest.js";
import type { StageReader } from "./stage-reader.js";

/** Text of one block at most: the unit of compression, of reading back and of memory. */
const blockBytes = 4 * 1024 * 1024;

/** How far beyond a block's own place its dictionary reaches into the base, on either side. */
const dictionaryMargin = 1024 * 1024;

/** Blocks compressed at once: one a core, each with its dictionary and its result in memory. */
const blocksInFlight = 2;

/** Text that no model knows: cut into blocks, each compressed against the same region of the base's file. */
export class PlainBlocks {
  #block = Buffer.alloc(0);
  #filled = 0;
  #from = 0;
  readonly #pending: Promise<unknown>[] = [];

  constructor(
    private readonly file: string,
    private readonly base: StageReader | null,
    private readonly write: (draft: Promise<BlockDraft>) => Promise<ManifestBlock>,
    /** Takes a block that lies in the stage already. */
    private readonly same: (block: Promise<ManifestBlock>) => Promise<ManifestBlock>,
    /** The blocks of the stage so far, by the digest of their text. */
    private readonly written: Map<string, Promise<ManifestBlock>>,
  ) {}

  /** The text that comes next begins here. */
  begin(from: number): void {
    this.#from = from;
  }

  async push(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const taken = Math.min(bytes.length - at, blockBytes - this.#filled);
      this.#need(this.#filled + taken);
      this.#block.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === blockBytes) await this.flush();
    }
  }

  /** What has come so far becomes a block. */
  async flush(): Promise<void> {
    if (this.#filled === 0) return;
    const raw = this.#block.subarray(0, this.#filled);
    this.#block = Buffer.alloc(0);
    this.#filled = 0;
    this.#pending.push(this.#write(this.#from, raw));
    this.#from += raw.length;
    if (this.#pending.length >= blocksInFlight) await this.#pending.shift();
  }

  /** What the stage holds already is not written again. */
  #write(from: number, raw: Uint8Array): Promise<ManifestBlock> {
    const digest = hash("sha256", raw);
    const known = this.written.get(digest);
    if (known) return this.same(known.then((block) => ({ ...block, from })));
    const block = this.write(this.#encode(from, raw));
    this.written.set(digest, block);
    return block;
  }

  #need(bytes: number): void {
    if (bytes <= this.#block.length) return;
    const larger = Buffer.allocUnsafe(Math.min(blockBytes, Math.max(bytes, 2 * this.#block.length, 65_536)));
    larger.set(this.#block.subarray(0, this.#filled));
    this.#block = larger;
  }

  async #encode(from: number, raw: Uint8Array): Promise<BlockDraft> {
    const base = this.base?.isPlain(this.file) ? this.base.file(this.file)! : null;
    const region = base && {
      file: this.file,
      from: Math.max(0, from - dictionaryMargin),
      to: Math.min(base.rawBytes, from + raw.length + dictionaryMargin),
    };
    const usable = region && region.from < region.to ? region : undefined;
    const dictionary = usable && (await this.base!.region(this.file, usable.from, usable.to));
    const bytes = await encodeBlock(raw, dictionary);
    return { coding: "zstd", from, raw: raw.length, bytes, ...(usable ? { base: usable } : {}) };
  }
}
