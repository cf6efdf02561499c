import { StoreError } from "../event-store.js";

/** SQLite's primary result codes that mean something to a user. */
const busy = new Set([5, 6]);
const damaged = new Set([11]);
const full = new Set([13]);
const foreign = new Set([26]);
/** Too big, constraint, mismatch. */
const ofTheValues = new Set([18, 19, 20]);

/** Whether another connection holds the lock: the one error that waiting mends. */
export function isBusy(error: unknown): boolean {
  return busy.has(primaryCode(error));
}

/** Whether the engine failed (no room, a damaged file, another's lock), and not on the values that it was given. */
export function isEngineFailure(error: unknown): boolean {
  const code = primaryCode(error);
  return code !== 0 && !ofTheValues.has(code);
}

/** The engine's error as the port's own, with a cure; anything else comes back as it is. */
export function toStoreError(error: unknown, path: string): unknown {
  const code = primaryCode(error);
  const message = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (code === 0) return error;
  if (damaged.has(code))
    return new StoreError(
      "store-damaged",
      `${path} is damaged: ${message}`,
      "This append was not written. Restore the file from a backup; `ckpt verify` on a copy says what is still sound.",
      options,
    );
  if (foreign.has(code)) return notALedger(path, options);
  if (full.has(code))
    return new StoreError(
      "store-full",
      `no room left to write ${path}`,
      "This append was not written; what was acknowledged before is whole. Free some disk space and try again.",
      options,
    );
  return new StoreError(
    "store-unavailable",
    `${path} cannot be used: ${message}`,
    "Check that the file and its folder exist and may be written.",
    options,
  );
}

export function notALedger(path: string, options?: ErrorOptions): StoreError {
  return new StoreError(
    "not-a-ledger",
    `${path} is not a ledger`,
    "The file was not touched. Name another with --store or CKPT_STORE, e.g. sqlite:.ckpt/ledger.db.",
    options,
  );
}

/** 0 for what does not come from SQLite. */
function primaryCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : 0;
}
