import { spawnSync } from "node:child_process";

export interface Timing {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly rssMb: number;
  readonly output: string;
}

/** Runs a program of this Node in a process of its own and tells its wall time, CPU time and peak memory. */
export function timeNode(script: string, args: readonly string[]): Timing {
  const report = `process.on("exit", () => { const u = process.resourceUsage(); process.stderr.write(JSON.stringify({ cpu: (u.userCPUTime + u.systemCPUTime) / 1e6, rss: u.maxRSS / 1024 })); });`;
  const start = performance.now();
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", `${report}\n${script}`, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const seconds = (performance.now() - start) / 1000;
  if (child.status !== 0) throw new Error(child.stderr.slice(-500));
  const { cpu, rss } = JSON.parse(child.stderr.slice(child.stderr.lastIndexOf("{"))) as { cpu: number; rss: number };
  return { seconds, cpuSeconds: cpu, rssMb: rss, output: child.stdout };
}
