/** Models that are kept for the stages that follow: reading a chain anew takes as long as the text of all its stages. */
import { hash } from "node:crypto";
import { DiskCacheStore } from "../../cache/disk-cache-store.js";
import type { CacheKey, CachePlace } from "../../cache/cache-store.js";
import { StageModel } from "./stage-model.js";
import { StateReader, StateWriter } from "./state-file.js";

/** The key of the model as the stage left it whose blocks are in this chunk stream. */
export function modelKey(chunkStream: string): CacheKey {
  return { kind: "model", version: 1, of: hash("sha256", chunkStream) };
}

/** The model that is kept there; null if there is none that is whole and of this version. */
export function loadModel({ folder, bytesMax, key }: CachePlace): StageModel | null {
  const store = new DiskCacheStore(folder, bytesMax);
  const entry = store.open(key);
  if (!entry) return null;
  try {
    return StageModel.load(new StateReader(entry));
  } catch {
    store.remove(key);
    return null;
  } finally {
    entry.close();
  }
}

/** Keeps a model. @throws CacheUnusableError where nothing can be kept. */
export function saveModel(model: StageModel, { folder, bytesMax, key }: CachePlace): void {
  const draft = new DiskCacheStore(folder, bytesMax).begin(key);
  try {
    model.save(new StateWriter(draft));
    draft.keep();
  } finally {
    draft.drop();
  }
}
