import { createHash } from "node:crypto";
import { FileCoder } from "./file-coder.js";
import { PlainBlocks } from "./plain-blocks.js";
import { checkOf, type BlockHeader, type ManifestBlock, writeFrame } from "./stage-manifest.js";
import { StageModel } from "./model/stage-model.js";
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

/** A block that is on its way into the chunk stream. */
export type BlockDraft = Omit<BlockHeader, "file" | "encoded" | "check"> & { readonly bytes: Uint8Array };

/**
 * Encodes the files of one stage: text in, blocks out, in order and with bounded memory. Reports and pin tables are coded
 * by the model of the chain's stages, all else by Zstandard against the base's file of the same name.
 */
export class StageEncoder {
  #model: StageModel | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #fileBefore = "";
  readonly #plainBlocks = new Map<string, Promise<ManifestBlock>>();

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
    let storedBytes = 0;
    const write = (draft: Promise<BlockDraft>) => {
      const block = this.#write(name, draft, (bytes) => (storedBytes += bytes));
      blocks.push(block);
      return block;
    };
    const same = (block: Promise<ManifestBlock>) => {
      blocks.push(block);
      return block;
    };
    const plain = new PlainBlocks(name, this.base, write, same, this.#plainBlocks);
    const coder = new FileCoder(name, await this.#openModel(), plain, write);
    for await (const bytes of source) {
      digest.update(bytes);
      onBytes(bytes);
      rawBytes += bytes.length;
      await coder.push(bytes);
    }
    await coder.finish();
    return { rawBytes, blocks: await Promise.all(blocks), sha256: digest.digest("hex"), storedBytes };
  }

  /** No file follows. */
  close(): void {
    this.#model?.close();
    this.#model = null;
  }

  /** The model as the base left it. */
  async #openModel(): Promise<StageModel> {
    if (!this.#model) {
      this.#model = this.base ? await this.base.model() : new StageModel();
      this.#model.nextStage();
    }
    return this.#model;
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
