import type { CachePlace } from "../cache/cache-store.js";
import { createHash } from "node:crypto";
import { FileCoder } from "./file-coder.js";
import { blamingCodec, NotSameError } from "./not-same-error.js";
import { PlainBlocks } from "./plain-blocks.js";
import { type BlockDraft, checkOf, type ManifestBlock, writeFrame } from "./stage-manifest.js";
import type { StageReader } from "./stage-reader.js";
import { StageThreads } from "./threads/stage-threads.js";

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

/** Files whose text has been taken but that are still coded or read back. */
const filesUnderWayMax = 4;

/**
 * Encodes the files of one stage: text in, blocks out, in order and with bounded memory. Reports and pin tables are coded
 * by the model of the chain's stages, all else by Zstandard against the base's file of the same name.
 */
export class StageEncoder {
  #threads: Promise<StageThreads> | null = null;
  readonly #coding: Promise<EncodedFile>[] = [];
  #tail: Promise<unknown> = Promise.resolve();
  #fileBefore = "";
  readonly #plainBlocks = new Map<string, Promise<ManifestBlock>>();

  constructor(
    private readonly sink: PayloadSink,
    private readonly base: StageReader | null,
    /** Whether all files are coded by Zstandard, whatever they are. */
    private readonly isPlain = false,
  ) {}

  /**
   * Takes a file's text to its end; `onBytes` sees every byte on the way. The file may still be coded then, and read back,
   * while the next one is taken.
   */
  async encode(
    name: string,
    source: AsyncIterable<Uint8Array>,
    onBytes: (bytes: Uint8Array) => void,
  ): Promise<{ readonly encoded: Promise<EncodedFile> }> {
    if (this.#coding.length >= filesUnderWayMax) await this.#coding.shift();
    const digest = createHash("sha256");
    const blocks: Promise<ManifestBlock>[] = [];
    let rawBytes = 0;
    let storedBytes = 0;
    const keep = (block: Promise<ManifestBlock>) => {
      blocks.push(block);
      return block;
    };
    const write = (draft: Promise<BlockDraft>) => keep(this.#write(name, draft, (bytes) => (storedBytes += bytes)));
    const plain = new PlainBlocks(name, this.base, write, keep, this.#plainBlocks);
    const open = async () => await (this.#threads ??= this.#open());
    const coder = new FileCoder(name, open, plain, write, this.isPlain);
    for await (const bytes of source) {
      digest.update(bytes);
      onBytes(bytes);
      rawBytes += bytes.length;
      await blamingCodec(name, coder.push(bytes));
    }
    const sha256 = digest.digest("hex");
    const back = await blamingCodec(name, coder.finish());
    const encoded = blamingCodec(name, back.digest).then(async (read) => {
      if (read !== null && read !== sha256) throw new NotSameError(name);
      return { rawBytes, blocks: await Promise.all(blocks), sha256, storedBytes };
    });
    encoded.catch(() => undefined);
    this.#coding.push(encoded);
    return { encoded };
  }

  /** Keeps the model for the stages that follow, if there is one: it saves reading this stage and all before it. */
  async keepModel(place: CachePlace): Promise<void> {
    await (await this.#threads)?.save(place);
  }

  /** No file follows. */
  async close(): Promise<void> {
    const threads = await this.#threads?.catch(() => null);
    this.#threads = null;
    await threads?.close();
  }

  async #open(): Promise<StageThreads> {
    const threads = new StageThreads();
    try {
      await threads.learn(this.base);
      return threads;
    } catch (error) {
      await threads.close();
      throw error;
    }
  }

  /** Blocks go into the stream in the order of this call, however long each takes to be encoded. */
  #write(file: string, draft: Promise<BlockDraft>, onStored: (bytes: number) => void): Promise<ManifestBlock> {
    const before = this.#tail;
    const written = (async () => {
      const { bytes, ...rest } = await draft;
      await before;
      const block = { ...rest, encoded: bytes.length, check: checkOf(bytes) };
      const frame = writeFrame({ ...block, file }, this.#fileBefore);
      this.#fileBefore = file;
      const at = await this.sink.write(Buffer.concat([frame, bytes]));
      onStored(frame.length + bytes.length);
      return { ...block, at: at + frame.length };
    })();
    this.#tail = written.catch(() => undefined);
    written.catch(() => undefined);
    return written;
  }
}
