import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AppendLoad } from "./contender.js";
import { LedgerWriters } from "./ledger-writers.js";

/** Writers of each process. */
const writersEach = 8;

export interface ProcessesRun {
  readonly eventsPerSecond: number;
  /** The longest that an append took, in milliseconds. */
  readonly worstMs: number;
}

/**
 * So many processes of eight writers append to one ledger; they begin together. One whose append is refused fails, and
 * the run with it. Opening is not timed.
 */
export async function processAppends(path: string, processes: number, events: number): Promise<ProcessesRun> {
  await (await LedgerWriters.open(path)).close();
  const children = Array.from({ length: processes }, (_, which) => {
    const load = { events: events / processes, writers: writersEach, firstWriter: 1 + which * writersEach };
    return startWriting(path, load);
  });
  await Promise.all(children.map(async ({ lines }) => await lines.next()));
  const began = performance.now();
  for (const { child } of children) child.stdin!.write("go\n");
  const worst = await Promise.all(
    children.map(async ({ child, lines }) => {
      const line = await lines.next();
      if (line.done) throw new Error(`a writing process ended with ${(await once(child, "exit"))[0]}`);
      return (JSON.parse(line.value) as { worstMs: number }).worstMs;
    }),
  );
  return { eventsPerSecond: events / ((performance.now() - began) / 1000), worstMs: Math.max(...worst) };
}

export interface WritingProcess {
  readonly child: ChildProcess;
  /** What it says: `ready`, and what it saw, once it has been sent a line and has written all. */
  readonly lines: AsyncIterator<string, undefined>;
}

/** Starts a process that opens the ledger and waits to be told to write. */
export function startWriting(path: string, load: Omit<AppendLoad, "batch">): WritingProcess {
  const script = fileURLToPath(new URL("writing-process.js", import.meta.url));
  const args = [script, path, ...[load.firstWriter, load.writers, load.events].map(String)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}
