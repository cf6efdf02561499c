/** A number as printed: `units` × 10^-`digits`. INF and -INF are words. Never a binary float on the way. */
export interface Printed {
  readonly units: number;
  readonly digits: number;
}

/** What a slack, a required time or an arrival can read. */
export type PrintedFigure = Printed | "INF" | "-INF";
