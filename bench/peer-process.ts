import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, readdirSync } from "node:fs";

export interface PeerRun {
  readonly seconds: number;
  /** Peak memory of the program and what it started, in MB; null where the run was too short for it, or there is no /proc. */
  readonly rssMb: number | null;
}

export interface PeerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder?: string;
  /** File that its standard output goes to; left out: nowhere. */
  readonly output?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

const sampleMs = 5;

/** Shorter runs are over before their memory has been looked at. */
const watchedSecondsMin = 0.03;

/** Runs another program to its end, watching its memory on the way. */
export async function runPeer({ command, args, folder, output, environment }: PeerCommand): Promise<PeerRun> {
  const target = openSync(output ?? "/dev/null", "w");
  try {
    const start = performance.now();
    const child = spawn(command, args, {
      stdio: ["ignore", target, "pipe"],
      ...(folder === undefined ? {} : { cwd: folder }),
      ...(environment ? { env: { ...process.env, ...environment } } : {}),
    });
    let errors = "";
    child.stderr?.on("data", (bytes: Buffer) => (errors = (errors + bytes.toString()).slice(-2000)));
    let peak = 0;
    const watch = () => {
      if (child.pid !== undefined) peak = Math.max(peak, peakOf(child.pid));
    };
    const timer = setInterval(watch, sampleMs);
    watch();
    const status = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    }).finally(() => clearInterval(timer));
    const seconds = (performance.now() - start) / 1000;
    if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${errors.trim() || `ended with ${status}`}`);
    return { seconds, rssMb: peak === 0 || seconds < watchedSecondsMin ? null : peak / 1024 };
  } finally {
    closeSync(target);
  }
}

/** Peak kilobytes of a process and of those below it that live now; 0 where it cannot be told. */
function peakOf(pid: number): number {
  try {
    const own = Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    const below = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean),
    );
    return below.reduce((sum, child) => sum + peakOf(Number(child)), own);
  } catch {
    return 0;
  }
}
