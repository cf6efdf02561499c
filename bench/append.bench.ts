/** Durable appends to the embedded store and reading them back, beside a raw write + fdatasync and "bare". */
import { BareTable, readBare } from "./append/bare-table.js";
import type { AppendLoad, Contender } from "./append/contender.js";
import { LedgerWriters } from "./append/ledger-writers.js";
import { processAppends } from "./append/processes.js";
import { RawSyncs } from "./append/raw-syncs.js";
import { readStore, StoreWriters } from "./append/store-writers.js";
import type { BenchArguments, Figures } from "./bench.js";
import { inTurns, load } from "./rounds.js";
import { inTemporaryFolder } from "./temporary-folder.js";

/** Rounds of the runs in processes of their own, which are long. */
const processRounds = 5;

export async function bench({ rounds = "15" }: BenchArguments): Promise<Figures> {
  return await inTemporaryFolder(async (folder) => ({
    ...(await compareAppends("One", { events: 400, writers: 1, batch: 1 }, +rounds, await openOurs(folder, "one"))),
    ...(await compareAppends("64", { events: 6400, writers: 64, batch: 1 }, +rounds, await openOurs(folder, "many"))),
    ...(await compareAppends("Batch", { events: 8000, writers: 1, batch: 1000 }, +rounds, await openOurs(folder, "b"))),
    ...(await compareProcesses(folder)),
    ...(await compareReads(folder)),
    ...load(),
  }));
}

/** Open stores by name; the first is what the others are compared with. */
export type Contenders = Readonly<Record<"bare", Contender> & Record<string, Contender>>;

export async function openOurs(folder: string, name: string): Promise<Contenders> {
  return {
    bare: new BareTable(`${folder}/${name}-bare.db`),
    rawSyncs: new RawSyncs(`${folder}/${name}-raw`),
    store: await StoreWriters.open(`${folder}/${name}-store.db`),
    ledger: await LedgerWriters.open(`${folder}/${name}-ledger.db`),
  };
}

/** Lets open stores write the same in turns; figures are named after the store and `name`. The stores are closed. */
export async function compareAppends(
  name: string,
  append: Omit<AppendLoad, "firstWriter">,
  rounds: number,
  contenders: Contenders,
): Promise<Figures> {
  const runs = Object.entries(contenders).map(([each, contender]) => ({
    name: each + name,
    run: async (round: number) => await contender.append({ ...append, firstWriter: 1 + round * append.writers }),
  }));
  try {
    return await inTurns(runs, rounds);
  } finally {
    for (const contender of Object.values(contenders)) await contender.close();
  }
}

/** One process of eight writers, and two of them on one file. */
async function compareProcesses(folder: string): Promise<Figures> {
  let worstMs = 0;
  const run = (processes: number) => async (round: number) => {
    const done = await processAppends(`${folder}/processes-${processes}-${round}.db`, processes, 20_000);
    if (processes === 2) worstMs = Math.max(worstMs, done.worstMs);
    return done.eventsPerSecond;
  };
  const figures = await inTurns(
    [
      { name: "oneProcess", run: run(1) },
      { name: "twoProcesses", run: run(2) },
    ],
    processRounds,
  );
  return { ...figures, twoProcessesWorstMs: worstMs };
}

/** Reading what `compareAppends` left. */
async function compareReads(folder: string): Promise<Figures> {
  return await inTurns(
    [
      { name: "bareRead", run: async () => readBare(`${folder}/many-bare.db`) },
      { name: "storeRead", run: async () => await readStore(`${folder}/many-ledger.db`) },
    ],
    processRounds,
  );
}
