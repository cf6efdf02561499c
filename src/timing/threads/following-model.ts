import type { CachePlace } from "../../cache/cache-store.js";
import { loadModel } from "../model/kept-model.js";
import { type ModelCoding, StageModel } from "../model/stage-model.js";

/** A model that follows a chain of stages, as both threads of a capture have one. */
export class FollowingModel {
  protected model = new StageModel();

  /** Takes up the model as it was kept; false if it is not there, and nothing has changed. */
  load(place: CachePlace): boolean {
    const model = loadModel(place);
    if (!model) return false;
    this.model.close();
    this.model = model;
    return true;
  }

  /** Knows nothing, as at the beginning. */
  forget(): void {
    this.model.close();
    this.model = new StageModel();
  }

  nextStage(): void {
    this.model.nextStage();
  }

  /** A block of a stage that this one stands on; with its text, by which an encoder knows again what comes once more. */
  learn(coding: ModelCoding, file: string, bytes: Uint8Array): void {
    for (const _ of this.model.decode(coding, file, bytes));
  }

  close(): void {
    this.model.close();
  }
}
