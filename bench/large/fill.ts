import type { Contender } from "../append/contender.js";

/** Streams that are begun at once. */
const writers = 500;

/** Writes so many events, each the first of its stream: of a ledger, so many checkpoints. */
export async function fill(contender: Contender, events: number): Promise<void> {
  for (let firstWriter = 1; firstWriter <= events; firstWriter += writers)
    await contender.append({ events: writers, writers, batch: 1, firstWriter });
}
