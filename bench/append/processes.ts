import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
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
    const firstWriter = 1 + which * writersEach;
    return start([path, firstWriter, writersEach, events / processes].map(String));
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

function start(args: readonly string[]): { child: ChildProcess; lines: AsyncIterator<string, undefined> } {
  const script = fileURLToPath(new URL("writing-process.js", import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}
