import { loadavg } from "node:os";
import type { Figures } from "./bench.js";

export interface Contestant {
  readonly name: string;
  /** Measures it once: how many a second. `round` counts from 0. */
  readonly run: (round: number) => Promise<number>;
}

/**
 * Lets contestants run in turn, many times over, so that whatever else the machine does hits all of them alike. For
 * each: the middle of its rates; and for all but the first, the middle of its ratios to the first of the same round,
 * with their quarters. What comes before the first counted round warms all of them up.
 */
export async function inTurns(contestants: readonly Contestant[], rounds: number): Promise<Figures> {
  const rates = contestants.map((): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [which, { run }] of contestants.entries()) {
      const rate = await run(round);
      if (round > 0) rates[which]!.push(rate);
    }
  const figures: Figures = {};
  for (const [which, { name }] of contestants.entries()) {
    figures[name] = quantile(rates[which]!, 0.5);
    if (which === 0) continue;
    const ratios = rates[which]!.map((rate, round) => rate / rates[0]![round]!);
    figures[`${name}Ratio`] = quantile(ratios, 0.5);
    figures[`${name}RatioQuarters`] = `${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}`;
  }
  return figures;
}

/** The value that so many of all, from 0 to 1, do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** How busy the machine was over the last minute: processes that want a core. */
export function load(): Figures {
  return { loadAverage: loadavg()[0]! };
}
