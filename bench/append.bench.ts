/** Durable appends to the embedded store and reading them back, beside a raw write + fdatasync and "bare". */
import { readBare } from "./append/bare-table.js";
import { appendLoads, compareAppends, openOurs } from "./append/compare-appends.js";
import { processAppends } from "./append/processes.js";
import { readStore } from "./append/store-writers.js";
import type { BenchArguments, Figures } from "./bench.js";
import { inTurns, load } from "./rounds.js";
import { inTemporaryFolder } from "./temporary-folder.js";

/** Rounds of the runs in processes of their own, which are long. */
const processRounds = 5;

export async function bench({ rounds = "15" }: BenchArguments): Promise<Figures> {
  return await inTemporaryFolder(async (folder) => {
    const compare = async (name: string, which: keyof typeof appendLoads) =>
      await compareAppends(name, {
        load: appendLoads[which],
        rounds: +rounds,
        contenders: await openOurs(folder, which),
      });
    return {
      ...(await compare("One", "one")),
      ...(await compare("64", "many")),
      ...(await compare("Batch", "batches")),
      ...(await compareProcesses(folder)),
      ...(await compareReads(folder)),
      ...load(),
    };
  });
}

/** One process of eight writers, and two of them on one file. */
async function compareProcesses(folder: string): Promise<Figures> {
  const worstMs = { oneProcess: 0, twoProcesses: 0 };
  const contestant = (name: keyof typeof worstMs, processes: number) => ({
    name,
    run: async (round: number) => {
      const done = await processAppends(`${folder}/${name}-${round}.db`, processes, 20_000);
      worstMs[name] = Math.max(worstMs[name], done.worstMs);
      return done.eventsPerSecond;
    },
  });
  const figures = await inTurns([contestant("oneProcess", 1), contestant("twoProcesses", 2)], processRounds);
  return { ...figures, oneProcessWorstMs: worstMs.oneProcess, twoProcessesWorstMs: worstMs.twoProcesses };
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
