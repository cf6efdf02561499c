import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Linux counts a process's time in ticks of 1/100 s, whatever its own clock. */
const msPerTick = 10;

export interface ProcessTimes {
  /** CPU time used so far, of all threads. */
  readonly cpuMs: number;
  /** Waiting for a disk: busy, though it uses no CPU. */
  readonly waitsForDisk: boolean;
}

/** CPU time of a process, or null if there is none of that number. */
export async function processTimes(pid: number): Promise<ProcessTimes | null> {
  if (process.platform !== "linux") return await timesFromPs(pid);
  const stat = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => null);
  if (stat === null) return null;
  // pid (name) state …: the name may hold blanks and parentheses; utime and stime are the fields 14 and 15 of all.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * msPerTick, waitsForDisk: fields[0] === "D" };
}

async function timesFromPs(pid: number): Promise<ProcessTimes | null> {
  const printed = await new Promise<string>((resolve) =>
    execFile("ps", ["-o", "state=,time=", "-p", String(pid)], (error, out) => resolve(error ? "" : out)),
  );
  return parsePsTimes(printed);
}

/** `S    1-02:03:04` or `U 3:04.56`: state, then days, hours, minutes, seconds. */
export function parsePsTimes(printed: string): ProcessTimes | null {
  const match = /^\s*(\S+)\s+(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s*$/.exec(printed);
  if (!match || match[1]!.startsWith("Z")) return null;
  const [days, hours, minutes, seconds] = match.slice(2).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return {
    cpuMs: Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000),
    waitsForDisk: /^[DU]/.test(match[1]!),
  };
}
