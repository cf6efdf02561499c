import type { TranscriptEntry } from "./transcript.js";
import { figuresDifference, type TimingFigures } from "./timing-figures.js";

/** Figures, and the number of changes after which they were taken. */
export interface KnownFigures {
  readonly changes: number;
  readonly figures: TimingFigures;
}

export interface Replay {
  readonly changes: readonly TranscriptEntry[];
  readonly known: KnownFigures | null;
  readonly run: (command: string) => Promise<{ readonly ok: boolean }>;
  readonly figures: () => Promise<TimingFigures | null>;
}

/**
 * Repeats every change in its order, and compares the figures where they were last known. Answers the first
 * difference in words, or null; a change that failed before has to fail again.
 */
export async function replayChanges({ changes, known, run, figures }: Replay): Promise<string | null> {
  let difference: string | null = null;
  for (const [at, { command, outcome, index }] of changes.entries()) {
    if (known?.changes === at) difference ??= await compare(known.figures, figures);
    const { ok } = await run(command);
    if (outcome === "cancelled" || ok === (outcome === "ok")) continue;
    difference ??= `command ${index} (${command.slice(0, 80)}) ${ok ? "failed before and does not now" : "fails now and did not before"}`;
  }
  if (known?.changes === changes.length) difference ??= await compare(known.figures, figures);
  return difference;
}

async function compare(known: TimingFigures, ask: () => Promise<TimingFigures | null>): Promise<string | null> {
  const found = await ask();
  return found ? figuresDifference(known, found) : "it has no figures any more";
}
