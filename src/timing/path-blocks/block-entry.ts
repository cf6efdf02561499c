import type { BlockStatistics } from "./block-statistics.js";

/** Where a block lies, and what can be said of it. */
export interface BlockEntry extends BlockStatistics {
  /** Where its head begins; its rows follow. */
  readonly at: number;
  readonly headBytes: number;
  readonly headCheck: number;
  readonly rowsBytes: number;
  readonly rowsCheck: number;
  /** Ordinal of its first path. */
  readonly first: number;
}

/** Numbers of an entry. */
export const entryNumbers = 13;

/** An entry as a row of a table, by the ordinal of its first path. */
export function entryToNumbers(entry: BlockEntry): number[] {
  const { first, count, at, headBytes, headCheck, rowsBytes, rowsCheck } = entry;
  const { slackLeast, slackMost, types, groups, corners, clocks } = entry;
  const place = [first, count, at, headBytes, headCheck, rowsBytes, rowsCheck];
  return [...place, slackLeast, slackMost, types, groups, corners, clocks];
}

export function entryFromNumbers(numbers: Float64Array): BlockEntry {
  return {
    first: numbers[0]!,
    count: numbers[1]!,
    at: numbers[2]!,
    headBytes: numbers[3]!,
    headCheck: numbers[4]!,
    rowsBytes: numbers[5]!,
    rowsCheck: numbers[6]!,
    slackLeast: numbers[7]!,
    slackMost: numbers[8]!,
    types: numbers[9]!,
    groups: numbers[10]!,
    corners: numbers[11]!,
    clocks: numbers[12]!,
  };
}
