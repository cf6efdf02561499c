import type { Position } from "../event-store.js";

/** A place in the log: decimal numbers, which may be too large for a JavaScript number. */
export interface Place {
  /** The transaction that wrote it. */
  readonly xid: string;
  /** Its rank among all that was ever written to the table. */
  readonly position: string;
}

/** Before all events. */
export const logStart: Place = { xid: "0", position: "0" };

/** After all events. */
export const logEnd: Place = { xid: "18446744073709551615", position: "0" };

export function toPosition({ xid, position }: Place): Position {
  return `${xid}-${position}`;
}

/** @throws RangeError for what is no position of this engine. */
export function toPlace(position: Position): Place {
  const [, xid, rank] = /^(\d+)-(\d+)$/.exec(position) ?? [];
  if (xid === undefined || rank === undefined)
    throw new RangeError(`${JSON.stringify(position)} is no position of a PostgreSQL ledger`);
  return { xid, position: rank };
}
