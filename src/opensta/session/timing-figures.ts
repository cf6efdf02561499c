import { parseTclList } from "../tcl-list.js";

/** WNS and TNS of setup (max) and hold (min), in the tool's time unit; 0 where nothing is violated. */
export interface TimingFigures {
  readonly max: { readonly wns: number; readonly tns: number };
  readonly min: { readonly wns: number; readonly tns: number };
}

/** Asks both versions for the figures: a Tcl list of four numbers. */
export const figuresQuery =
  "list [worst_negative_slack -max] [total_negative_slack -max] [worst_negative_slack -min] [total_negative_slack -min]";

/** Reads the answer to `figuresQuery`. */
export function readFigures(result: string): TimingFigures {
  const [maxWns, maxTns, minWns, minTns] = parseTclList(result).map(Number) as [number, number, number, number];
  return { max: { wns: maxWns, tns: maxTns }, min: { wns: minWns, tns: minTns } };
}

/** An incremental update adds single-precision numbers in another order than one from scratch does. */
const relativeTolerance = 1e-5;

/** What differs, in words, or null if both are the same but for the tool's own rounding. */
export function figuresDifference(expected: TimingFigures, found: TimingFigures): string | null {
  const differences = (["max", "min"] as const).flatMap((type) =>
    (["wns", "tns"] as const)
      .filter((figure) => !sameFigure(expected[type][figure], found[type][figure]))
      .map((figure) => `${figure} ${type} is ${found[type][figure]} and was ${expected[type][figure]}`),
  );
  return differences.length === 0 ? null : differences.join(", ");
}

function sameFigure(expected: number, found: number): boolean {
  return (
    Object.is(expected, found) || Math.abs(expected - found) <= relativeTolerance * Math.max(1e-3, Math.abs(expected))
  );
}
