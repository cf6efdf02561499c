import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CacheUnusableError } from "./cache-store.js";

/** Entries, and drafts behind their names; whatever else lies in the folder is left alone. */
const ours = /^[a-z]+-\d+-[0-9a-f]{64}(\.\d+-[0-9a-f]{12}\.new)?$/;

/** A draft that nobody has written to for so long is what a killed process left. */
const abandonedMs = 60 * 60 * 1000;

/**
 * Removes entries, the least recently used first, until `bytes` more fit below `bytesMax`.
 * @throws CacheUnusableError if drafts of others leave no room for them.
 */
export function makeRoom(folder: string, bytesMax: number, bytes: number): void {
  let total = bytes;
  const entries: { readonly path: string; readonly size: number; readonly usedAt: number }[] = [];
  for (const name of readdirSync(folder)) {
    if (!ours.test(name)) continue;
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found) continue;
    const { size, mtimeMs: usedAt } = found;
    const isDraft = name.endsWith(".new");
    if (isDraft && usedAt < Date.now() - abandonedMs) rmSync(path, { force: true });
    else total += size;
    if (!isDraft) entries.push({ path, size, usedAt });
  }
  for (const { path, size } of entries.sort((one, other) => one.usedAt - other.usedAt)) {
    if (total <= bytesMax) return;
    rmSync(path, { force: true });
    total -= size;
  }
  if (total > bytesMax) throw new CacheUnusableError(`drafts leave no room for ${bytes} bytes`);
}
