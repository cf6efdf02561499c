import { parseFigure, parseFigures } from "../figure-text.js";
import type { Capacitance } from "../records/netlist.js";

/** What a capacitance looks like: `0.00`, `r 0.15 f 0.15`, `r 0.10:0.20 f 0.10:0.20`, `0.10-0.20`. */
export const capacitancePattern = String.raw`r \S+ f \S+|-?\d\S*`;

/** Reads one; a range has no single value, so it is told by its text alone. */
export function capacitanceOf(text: string): Capacitance {
  const edges = parseFigures((/^r (\S+) f (\S+)$/.exec(text) ?? []).slice(1));
  const both = edges?.length === 2 ? null : parseFigure(text);
  return { rise: edges?.[0] ?? both, fall: edges?.[1] ?? both, text };
}
