import { createHash, type Hash } from "node:crypto";
import { type ModelCoding, StageModel } from "../model/stage-model.js";

/** Reads back what a capture encodes, by a model of its own: the digest of what comes out shows that nothing is lost. */
export class StageCheck {
  readonly #model = new StageModel();
  #digest: Hash = createHash("sha256");

  nextStage(): void {
    this.#model.nextStage();
  }

  /** A block of a stage that the captured one stands on. */
  skip(coding: ModelCoding, file: string, bytes: Uint8Array): void {
    for (const _ of this.#model.decode(coding, file, bytes, false));
  }

  /** A block of the file that is captured. */
  take(coding: ModelCoding, file: string, bytes: Uint8Array): void {
    for (const text of this.#model.decode(coding, file, bytes)) this.#digest.update(text);
  }

  /** Text of the file that no model codes. */
  takePlain(text: Uint8Array): void {
    this.#digest.update(text);
  }

  /** The file has ended: the SHA-256 of its text as it comes back. */
  finishFile(): string {
    const digest = this.#digest.digest("hex");
    this.#digest = createHash("sha256");
    return digest;
  }

  close(): void {
    this.#model.close();
  }
}
