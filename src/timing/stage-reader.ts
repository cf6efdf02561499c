import type { CachePlace } from "../cache/cache-store.js";
import { createHash } from "node:crypto";
import { decodeBlock } from "../codec/zstd-block.js";
import { loadModel } from "./model/kept-model.js";
import { type ModelCoding, StageModel } from "./model/stage-model.js";
import { checkOf, type ManifestBlock, type ManifestFile, type StageManifest } from "./stage-manifest.js";

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

type PlacedBlock = ManifestBlock & { readonly file: string };

/** Gives back a stage's files byte for byte: whole, or any region of them. */
export class StageReader {
  readonly #files: ReadonlyMap<string, ManifestFile>;
  readonly #kept = new Map<string, Promise<Uint8Array>>();
  /** The blocks that the model coded, in the order in which it did. */
  readonly #modelled: readonly PlacedBlock[];
  /** A model that has read the modelled blocks before `next`, while nobody uses it. */
  #idle: { readonly model: StageModel; readonly next: number } | null = null;

  constructor(
    readonly manifest: StageManifest,
    private readonly payload: PayloadReader,
    /** The stage that this one's blocks lean on. */
    private readonly base: StageReader | null,
    /** Where the model may be kept as this stage left it. */
    readonly keptModel: CachePlace | null = null,
  ) {
    this.#files = new Map(manifest.files.map((file) => [file.name, file]));
    this.#modelled = manifest.files
      .flatMap(({ name, blocks }) => blocks.map((block) => ({ ...block, file: name })))
      .filter(({ coding }) => coding !== "zstd")
      .toSorted((one, other) => one.at - other.at);
  }

  file(name: string): ManifestFile | undefined {
    return this.#files.get(name);
  }

  /** Whether the file is there, and no model is needed to read it. */
  isPlain(name: string): boolean {
    return this.file(name)?.blocks.every(({ coding }) => coding === "zstd") ?? false;
  }

  /**
   * The file's text in order; a piece is good until the next one is asked for.
   * @throws BlockDamagedError where a block is damaged, and at the end if all of it is not what was captured.
   */
  async *stream(name: string): AsyncGenerator<Uint8Array> {
    const digest = createHash("sha256");
    for await (const piece of this.#text(name)) {
      digest.update(piece);
      yield piece;
    }
    if (digest.digest("hex") !== this.#files.get(name)!.sha256) throw new BlockDamagedError(name, 0);
  }

  async *#text(name: string): AsyncGenerator<Uint8Array> {
    const blocks = this.#blocksOf(name);
    const plain = blocks.filter(({ coding }) => coding === "zstd");
    if (plain.length < blocks.length) yield* this.#modelledText(name);
    yield* this.#plainText(name, plain);
  }

  /** What a model has to read to know this stage and all that it stands on, in order; null where a stage begins. */
  async *history(): AsyncGenerator<{ coding: ModelCoding; file: string; bytes: Uint8Array } | null> {
    if (this.base) yield* this.base.history();
    yield null;
    for (const block of this.#modelled)
      yield { coding: modelCoding(block), file: block.file, bytes: await this.#encoded(block.file, block) };
  }

  /** Bytes `from` to `to` of the text of a plain file; less where the file ends before. */
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

  /** The text of a file's modelled blocks: the model reads all blocks before them too. */
  async *#modelledText(name: string): AsyncGenerator<Uint8Array> {
    const first = this.#modelled.findIndex(({ file }) => file === name);
    const last = this.#modelled.findLastIndex(({ file }) => file === name);
    const { model, next } = await this.#takeModel(first);
    let read = next;
    try {
      for (; read <= last; read++) {
        const block = this.#modelled[read]!;
        if (block.file !== name) await this.#skip(model, block);
        else yield* await this.#decodeModelled(model, block);
      }
    } finally {
      if (read === last + 1 && read < this.#modelled.length) this.#idle = { model, next: read };
      else model.close();
    }
  }

  async *#plainText(name: string, blocks: readonly ManifestBlock[]): AsyncGenerator<Uint8Array> {
    let next = blocks[0] && this.#decoded(name, blocks[0]);
    for (let index = 0; index < blocks.length; index++) {
      const current = next!;
      const following = blocks[index + 1];
      next = following && this.#decoded(name, following);
      next?.catch(() => undefined);
      yield await current;
    }
  }

  /** A model that has read modelled blocks up to some index that is not beyond `index`. */
  async #takeModel(index: number): Promise<{ readonly model: StageModel; readonly next: number }> {
    const idle = this.#idle;
    this.#idle = null;
    if (idle && idle.next <= index) return idle;
    idle?.model.close();
    const kept = this.base?.keptModel && loadModel(this.base.keptModel);
    const model = kept ?? new StageModel();
    if (!kept) await this.#readBase(model);
    model.nextStage();
    return { model, next: 0 };
  }

  async #readBase(model: StageModel): Promise<void> {
    try {
      for await (const block of this.base?.history() ?? [])
        if (block === null) model.nextStage();
        else for (const _ of model.decode(block.coding, block.file, block.bytes, false));
    } catch (error) {
      model.close();
      throw error;
    }
  }

  async #skip(model: StageModel, block: PlacedBlock): Promise<void> {
    for (const _ of await this.#decodeModelled(model, block, false));
  }

  async #decodeModelled(model: StageModel, block: PlacedBlock, wantsText = true): Promise<Generator<Uint8Array>> {
    const bytes = await this.#encoded(block.file, block);
    return this.#guard(block, model.decode(modelCoding(block), block.file, bytes, wantsText));
  }

  /** What goes wrong while decoding is told as damage of the block, and so is text of another length. */
  *#guard(block: PlacedBlock, pieces: Generator<Uint8Array>): Generator<Uint8Array> {
    let length = 0;
    try {
      for (const piece of pieces) {
        length += piece.length;
        yield piece;
      }
    } catch (cause) {
      throw new BlockDamagedError(block.file, block.from, { cause });
    }
    if (length > 0 && length !== block.raw) throw new BlockDamagedError(block.file, block.from);
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
      this.#encoded(name, block),
      base && this.base!.region(base.file, base.from, base.to),
    ]);
    try {
      return await decodeBlock(encoded, block.raw, dictionary);
    } catch (cause) {
      throw new BlockDamagedError(name, block.from, { cause });
    }
  }

  async #encoded(name: string, block: ManifestBlock): Promise<Uint8Array> {
    const encoded = await this.payload.read(block.at, block.encoded);
    if (checkOf(encoded) !== block.check) throw new BlockDamagedError(name, block.from);
    return encoded;
  }
}

function modelCoding({ coding }: ManifestBlock): ModelCoding {
  return coding === "pins" ? "pins" : "lines";
}
