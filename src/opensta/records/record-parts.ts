import type { PrintedFigure } from "./printed.js";

/** Where a record begins in the text: bytes from 0, lines from 1. */
export interface RecordPlace {
  readonly byteOffset: number;
  readonly line: number;
}

/** `^` rising, `v` falling. */
export type Edge = "^" | "v";

/** The least and the largest of one corner; null where the tool has no value (`---`, or INF for want of any path). */
export interface MinMaxValue {
  readonly min: PrintedFigure | null;
  readonly max: PrintedFigure | null;
}
