import { beginningBytes, formOf } from "./file-form.js";
import type { PlainBlocks } from "./plain-blocks.js";
import type { BlockDraft } from "./stage-manifest.js";
import type { StageThreads } from "./threads/stage-threads.js";
import type { Coded } from "./threads/stage-coder.js";

/** Codes one file's text as what its beginning shows it to be, and as general text where it turns out to be something else. */
export class FileCoder {
  #beginning: Uint8Array[] | null = [];
  #beginningBytes = 0;
  #threads: StageThreads | null = null;
  #isPlain = false;
  /** Where the next block begins in the file's text. */
  #from = 0;

  constructor(
    private readonly file: string,
    private readonly open: () => Promise<StageThreads>,
    private readonly plain: PlainBlocks,
    private readonly write: (draft: Promise<BlockDraft>) => Promise<unknown>,
    isPlain: boolean,
  ) {
    if (isPlain) this.#beginning = null;
  }

  async push(bytes: Uint8Array): Promise<void> {
    if (!this.#beginning) return await this.#push(bytes);
    this.#beginning.push(Buffer.from(bytes));
    this.#beginningBytes += bytes.length;
    if (this.#beginningBytes >= beginningBytes) await this.#begin();
  }

  /** The file has ended. `digest` comes to the SHA-256 of its text as it was read back; null if no model coded it. */
  async finish(): Promise<{ readonly digest: Promise<string | null> }> {
    await this.#begin();
    if (!this.#threads) {
      await this.plain.flush();
      return { digest: Promise.resolve(null) };
    }
    return this.#threads.finish(async (coded) => {
      await this.#take(coded);
      await this.plain.flush();
    });
  }

  async #begin(): Promise<void> {
    if (!this.#beginning) return;
    const beginning = Buffer.concat(this.#beginning);
    this.#beginning = null;
    const form = formOf(beginning);
    if (form !== "plain") {
      this.#threads = await this.open();
      await this.#threads.begin(this.file, form);
    }
    await this.#push(beginning);
  }

  async #push(bytes: Uint8Array): Promise<void> {
    if (this.#threads) await this.#threads.push(bytes, this.#take);
    else await this.plain.push(bytes);
  }

  readonly #take = async ({ blocks, plain }: Coded): Promise<void> => {
    for (const { coding, raw, bytes } of blocks) {
      const draft = { coding, from: this.#from, raw, bytes };
      this.#from += raw;
      await this.#threads!.check(coding, this.file, bytes);
      await this.write(Promise.resolve(draft));
    }
    if (plain === null) return;
    if (!this.#isPlain) this.plain.begin(this.#from);
    this.#isPlain = true;
    await this.#threads!.checkPlain(plain);
    await this.plain.push(plain);
  };
}
