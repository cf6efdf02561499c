import type { Figures } from "../bench.js";
import { inTurns } from "../rounds.js";
import { BareTable } from "./bare-table.js";
import type { AppendLoad, Contender } from "./contender.js";
import { LedgerWriters } from "./ledger-writers.js";
import { RawSyncs } from "./raw-syncs.js";
import { StoreWriters } from "./store-writers.js";

/** Open stores by name; the first is what the others are compared with. */
export type Contenders = Readonly<Record<"bare", Contender> & Record<string, Contender>>;

/** What every comparison has: bare, the disk alone, the store alone, a ledger. */
export async function openOurs(folder: string, name: string): Promise<Contenders> {
  return {
    bare: new BareTable(`${folder}/${name}-bare.db`),
    rawSyncs: new RawSyncs(`${folder}/${name}-raw`),
    store: await StoreWriters.open(`${folder}/${name}-store.db`),
    ledger: await LedgerWriters.open(`${folder}/${name}-ledger.db`),
  };
}

export interface AppendComparison {
  /** What each store writes in a round; the writers of the next round are others. */
  readonly load: AppendLoad;
  readonly rounds: number;
  /** They are closed in the end. */
  readonly contenders: Contenders;
}

/** Lets open stores write the same in turns; figures are named after the store and `name`. */
export async function compareAppends(name: string, comparison: AppendComparison): Promise<Figures> {
  const { load, rounds, contenders } = comparison;
  const contestants = Object.entries(contenders).map(([each, contender]) => ({
    name: each + name,
    run: async (round: number) =>
      await contender.append({ ...load, firstWriter: load.firstWriter + round * load.writers }),
  }));
  try {
    return await inTurns(contestants, rounds);
  } finally {
    for (const contender of Object.values(contenders)) await contender.close();
  }
}

/** The loads that durable appends are measured with. */
export const appendLoads = {
  one: { events: 400, writers: 1, batch: 1, firstWriter: 1 },
  many: { events: 6400, writers: 64, batch: 1, firstWriter: 1 },
  batches: { events: 8000, writers: 1, batch: 1000, firstWriter: 1 },
} as const satisfies Record<string, AppendLoad>;
