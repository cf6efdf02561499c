import type { CachePlace } from "../../cache/cache-store.js";
import { createHash, type Hash } from "node:crypto";
import { loadModel, saveModel } from "../model/kept-model.js";
import { type ModelCoding, StageModel } from "../model/stage-model.js";

/** Reads back what a capture encodes, by a model of its own: the digest of what comes out shows that nothing is lost. */
export class StageCheck {
  #model = new StageModel();
  #digest: Hash = createHash("sha256");

  /** Takes up the model as it was kept; false if it is not there, and nothing has changed. */
  load(place: CachePlace): boolean {
    const model = loadModel(place);
    if (!model) return false;
    this.#model.close();
    this.#model = model;
    return true;
  }

  /** Keeps the model for the stages that follow. */
  save(place: CachePlace): void {
    saveModel(this.#model, place);
  }

  /** Knows nothing, as at the beginning. */
  forget(): void {
    this.#model.close();
    this.#model = new StageModel();
  }

  nextStage(): void {
    this.#model.nextStage();
  }

  /** A block of a stage that the captured one stands on; with its text, as the model may be kept for an encoder. */
  learn(coding: ModelCoding, file: string, bytes: Uint8Array): void {
    for (const _ of this.#model.decode(coding, file, bytes));
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
