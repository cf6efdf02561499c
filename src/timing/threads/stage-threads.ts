import type { CachePlace } from "../../cache/cache-store.js";
import type { ModelCoding } from "../model/stage-model.js";
import type { StageReader } from "../stage-reader.js";
import { StageCheck } from "./stage-check.js";
import { type Coded, StageCoder } from "./stage-coder.js";
import { Thread } from "./thread.js";

/** Pieces of text under way to the coder, and blocks under way to the check, before whoever brings more has to wait. */
const underWayMax = 6;
const pieceBytes = 1 << 20;

/** Does with the coder's answer what is to be done, when its turn has come. */
export type Take = (coded: Coded) => Promise<void>;

/** Two models in threads of their own: one codes a stage's files, the other reads back what the first has coded. */
export class StageThreads {
  readonly #coder = new Thread(new URL("./code-thread.js", import.meta.url), () => new StageCoder());
  readonly #check = new Thread(new URL("./check-thread.js", import.meta.url), () => new StageCheck());
  /** Text lies here while it is on its way. */
  readonly #pieces = Array.from(
    { length: underWayMax + 1 },
    () => new Uint8Array(new SharedArrayBuffer(pieceBytes)) as Uint8Array,
  );
  #sent = 0;
  readonly #coding: Promise<unknown>[] = [];
  readonly #checking: Promise<unknown>[] = [];

  /** Makes both models what they were when the base had been coded: as they were kept, or from the base's blocks. */
  async learn(base: StageReader | null): Promise<void> {
    if (!base?.keptModel || !(await this.#load(base.keptModel))) await this.#read(base);
    await this.#nextStage();
  }

  /** Keeps the model for the stages that follow. */
  async save(place: CachePlace): Promise<void> {
    await this.#check.call("save", [place]);
  }

  /** A file of the stage begins. */
  async begin(file: string, coding: ModelCoding): Promise<void> {
    const begun = this.#coder.call("begin", [file, coding]);
    await this.#inTurn(begun, async () => undefined);
  }

  /** Text of the file; answers are taken in the order of the calls. Waits while much is under way. */
  async push(text: Uint8Array, take: Take): Promise<void> {
    for (let at = 0; at < text.length; at += pieceBytes) {
      const part = text.subarray(at, at + pieceBytes);
      const piece = this.#pieces[this.#sent++ % this.#pieces.length]!.subarray(0, part.length);
      piece.set(part);
      await this.#inTurn(this.#coder.call("push", [piece]), take);
    }
  }

  /** The file has ended; `digest` comes to the SHA-256 of its text as it was read back. */
  finish(take: Take): { readonly digest: Promise<string> } {
    const taken = this.#after(this.#coder.call("finish", []), async (coded) => {
      await take(coded);
      // Whoever waits for its turn does not wait for this.
      return { digest: this.#check.call("finishFile", []) };
    });
    return { digest: taken.then(async ({ digest }) => await digest) };
  }

  /** A block to read back; where that fails, `finish` tells. */
  async check(coding: ModelCoding, file: string, bytes: Uint8Array): Promise<void> {
    await bounded(this.#checking, this.#check.call("take", [coding, file, bytes]));
  }

  /** Text of the file that no model codes. */
  async checkPlain(text: Uint8Array): Promise<void> {
    await bounded(this.#checking, this.#check.call("takePlain", [text]));
  }

  async close(): Promise<void> {
    await Promise.all([this.#coder.close(), this.#check.close()]);
  }

  async #load(place: CachePlace): Promise<boolean> {
    const loaded = await Promise.all([this.#coder.call("load", [place]), this.#check.call("load", [place])]);
    if (loaded[0] && loaded[1]) return true;
    // It may be taken away between the two.
    await Promise.all([this.#coder.call("forget", []), this.#check.call("forget", [])]);
    return false;
  }

  async #read(base: StageReader | null): Promise<void> {
    for await (const block of base?.history() ?? [])
      if (block === null) await this.#nextStage();
      else {
        const { coding, file, bytes } = block;
        const args = [coding, file, bytes] as const;
        await Promise.all([this.#coder.call("learn", [...args]), this.#check.call("learn", [...args])]);
      }
  }

  async #nextStage(): Promise<void> {
    await Promise.all([this.#coder.call("nextStage", []), this.#check.call("nextStage", [])]);
  }

  async #inTurn<Answer>(answer: Promise<Answer>, take: (answer: Answer) => Promise<void>): Promise<void> {
    await bounded(this.#coding, this.#after(answer, take));
  }

  #last: Promise<unknown> = Promise.resolve();
  async #after<Answer, Result>(answer: Promise<Answer>, take: (answer: Answer) => Promise<Result>): Promise<Result> {
    const before = this.#last;
    const done = Promise.all([answer, before]).then(async ([given]) => await take(given));
    this.#last = done.catch(() => undefined);
    return await done;
  }
}

/** Waits for the oldest of the calls under way while they are too many. */
async function bounded(underWay: Promise<unknown>[], call: Promise<unknown>): Promise<void> {
  call.catch(() => undefined);
  underWay.push(call);
  if (underWay.length > underWayMax) await underWay.shift();
}
