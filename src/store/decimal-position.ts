import type { Position } from "./event-store.js";

/**
 * The number that a position is, on engines that number their log.
 * @throws RangeError for what is no position of such an engine.
 */
export function decimalPosition(position: Position): number {
  const value = Number(position);
  if (/^\d+$/.test(position) && Number.isSafeInteger(value)) return value;
  throw new RangeError(`${JSON.stringify(position)} is no position of this ledger`);
}
