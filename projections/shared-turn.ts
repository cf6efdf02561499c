import { setImmediate as nextTurn } from "node:timers/promises";

/**
 * Runs of `work`, one at a time. Calls that come while one is under way, or in the same turn of the event loop, share
 * the next one, which begins after them.
 * @example const refresh = sharedTurn(() => readModels.catchUp(store));
 */
export function sharedTurn(work: () => Promise<void>): () => Promise<void> {
  let underWay: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return async () => {
    next ??= underWay
      .catch(() => undefined)
      .then(async () => {
        await nextTurn();
        underWay = next!;
        next = null;
        await work();
      });
    await next;
  };
}
