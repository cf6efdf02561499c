/** An embedded ledger of a million checkpoints, an event each: opened, asked, read, written to. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { getCheckpoint, openLedger } from "../src/index.js";
import { BareTable, readBare } from "./append/bare-table.js";
import { checkpointId } from "./append/bench-event.js";
import { appendLoads, compareAppends } from "./append/compare-appends.js";
import { LedgerWriters } from "./append/ledger-writers.js";
import { startWriting } from "./append/processes.js";
import { readStore } from "./append/store-writers.js";
import type { BenchArguments, Figures } from "./bench.js";
import { fill } from "./large/fill.js";
import { inTurns, load, quantile } from "./rounds.js";
import { inTemporaryFolder } from "./temporary-folder.js";

const opens = 9;
const queries = 20_000;
const rounds = 5;

export async function bench({ events = "1000000" }: BenchArguments): Promise<Figures> {
  const count = Number(events);
  return await inTemporaryFolder(async (folder) => {
    const path = `${folder}/ledger.db`;
    const contenders = { bare: new BareTable(`${folder}/bare.db`), ledger: await LedgerWriters.open(path) };
    for (const contender of Object.values(contenders)) await fill(contender, count);
    const reads = [
      { name: "bareRead", run: async () => readBare(path) },
      { name: "storeRead", run: async () => await readStore(path) },
    ];
    return {
      openMs: quantile(
        Array.from({ length: opens }, () => openMs(path)),
        0.5,
      ),
      ...(await queryMs(path, count)),
      ...(await inTurns(reads, rounds)),
      ...(await compareAppends("64", { load: { ...appendLoads.many, firstWriter: count + 1 }, rounds, contenders })),
      openAfterKillMs: await openAfterKillMs(path, 2 * count),
      ...load(),
    };
  });
}

/** Opening the ledger in a process of its own, which starts and loads the program untimed. */
function openMs(path: string): number {
  const script = fileURLToPath(new URL("large/opening-process.js", import.meta.url));
  return Number(execFileSync(process.execPath, [script, path], { encoding: "utf8" }));
}

/** The same after another process was killed while it wrote. */
async function openAfterKillMs(path: string, firstWriter: number): Promise<number> {
  const { child, lines } = startWriting(path, { events: 1_000_000, writers: 8, firstWriter });
  await lines.next();
  child.stdin!.write("go\n");
  await pause(1000);
  child.kill("SIGKILL");
  await once(child, "exit");
  return openMs(path);
}

/** Asking for checkpoints by id, at random. */
async function queryMs(path: string, checkpoints: number): Promise<Figures> {
  const ledger = await openLedger(`sqlite:${path}`, { create: false });
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let query = 0; query < queries; query++) {
    const id = checkpointId(1 + Math.floor(Math.random() * checkpoints));
    const start = performance.now();
    const answer = await getCheckpoint(ledger, id);
    times.push(performance.now() - start);
    if (!answer.ok) throw new Error(answer.message);
  }
  const { user, system } = process.cpuUsage(cpu);
  await ledger.close();
  return {
    queryMsMiddle: quantile(times, 0.5),
    queryMs99: quantile(times, 0.99),
    queryCpuMs: (user + system) / 1000 / queries,
  };
}
