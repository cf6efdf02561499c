import { createHash } from "node:crypto";
import { FileCoder } from "./file-coder.js";
import { PlainBlocks } from "./plain-blocks.js";
import { type BlockDraft, checkOf, type ManifestBlock, writeFrame } from "./stage-manifest.js";
import { Checking } from "./model/checking.js";
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

/** What was encoded does not come back as it was: a fault of the codec, found before anything is committed. */
export class NotSameError extends Error {
  constructor(
    readonly file: string,
    options?: ErrorOptions,
  ) {
    super(
      `${file} would not come back byte for byte; nothing was committed. Capture it with --plain, and report this`,
      options,
    );
    this.name = "NotSameError";
  }
}

/**
 * Encodes the files of one stage: text in, blocks out, in order and with bounded memory. Reports and pin tables are coded
 * by the model of the chain's stages, all else by Zstandard against the base's file of the same name.
 */
export class StageEncoder {
  #opened: { readonly model: StageModel; readonly checking: Checking } | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #fileBefore = "";
  readonly #plainBlocks = new Map<string, Promise<ManifestBlock>>();

  constructor(
    private readonly sink: PayloadSink,
    private readonly base: StageReader | null,
    /** Whether all files are coded by Zstandard, whatever they are. */
    private readonly isPlain = false,
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
    const { model, checking } = await this.#open();
    const coder = new FileCoder(name, model, checking, plain, write, this.isPlain);
    // The kernel stops at what it has no room for.
    const told = (cause: unknown): never => {
      throw cause instanceof Error && cause.name === "RuntimeError" ? new NotSameError(name, { cause }) : cause;
    };
    for await (const bytes of source) {
      digest.update(bytes);
      onBytes(bytes);
      rawBytes += bytes.length;
      await coder.push(bytes).catch(told);
    }
    await coder.finish().catch(told);
    const sha256 = digest.digest("hex");
    await this.#compare(name, sha256, checking);
    return { rawBytes, blocks: await Promise.all(blocks), sha256, storedBytes };
  }

  /** No file follows. */
  async close(): Promise<void> {
    this.#opened?.model.close();
    await this.#opened?.checking.close();
    this.#opened = null;
  }

  async #compare(file: string, sha256: string, checking: Checking): Promise<void> {
    const back = await checking.finishFile().catch((cause: unknown) => {
      throw new NotSameError(file, { cause });
    });
    if (back !== sha256) throw new NotSameError(file);
  }

  /** Two models as the base left them: one encodes, the other reads back. */
  async #open(): Promise<{ readonly model: StageModel; readonly checking: Checking }> {
    if (this.#opened) return this.#opened;
    const opened = { model: new StageModel(), checking: new Checking() };
    this.#opened = opened;
    const history = this.isPlain ? null : this.base?.history();
    for await (const block of history ?? [])
      if (block === null) {
        opened.model.nextStage();
        await opened.checking.nextStage();
      } else {
        const { coding, file, bytes } = block;
        // With its text: by it the encoder knows again what comes once more.
        for (const _ of opened.model.decode(coding, file, bytes));
        await opened.checking.skip(coding, file, bytes);
      }
    opened.model.nextStage();
    await opened.checking.nextStage();
    return opened;
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
