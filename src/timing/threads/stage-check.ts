import type { CachePlace } from "../../cache/cache-store.js";
import { createHash, type Hash } from "node:crypto";
import { saveModel } from "../model/kept-model.js";
import type { ModelCoding } from "../model/stage-model.js";
import { FollowingModel } from "./following-model.js";

/** Reads back what a capture encodes, by a model of its own: the digest of what comes out shows that nothing is lost. */
export class StageCheck extends FollowingModel {
  #digest: Hash = createHash("sha256");

  /** Keeps the model for the stages that follow. */
  save(place: CachePlace): void {
    saveModel(this.model, place);
  }

  /** A block of the file that is captured. */
  take(coding: ModelCoding, file: string, bytes: Uint8Array): void {
    for (const text of this.model.decode(coding, file, bytes)) this.#digest.update(text);
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
}
