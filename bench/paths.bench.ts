/**
 * Captured paths out of the cache: the first use, one endpoint, a filtered page of 1000, all columns, beside unpacking
 * the same text by other tools in the same run.
 *
 *     npm run bench -- paths --input REPORT [--next REPORT] [--queries 2000] [--json]
 *
 * With --next the second report is captured as changes against the first, and the second is asked.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { BenchArguments, Figures } from "./bench.js";
import type { CallTimes } from "./path-runs.js";
import { runPeer } from "./peer-process.js";
import { inProcess } from "./stage-process.js";
import { inTemporaryFolder } from "./temporary-folder.js";

export async function bench({ input, next, queries = "2000" }: BenchArguments): Promise<Figures> {
  if (!input) throw new Error("--input REPORT [--next REPORT]: full reports, the larger the better");
  return await inTemporaryFolder(async (folder) => {
    const store = join(folder, "ledger.db");
    const reports = [input, ...(next ? [next] : [])];
    for (const [at, path] of reports.entries())
      inProcess("capture", {
        store,
        stage: `s${at}`,
        files: [{ name: "paths.rpt", path, bytes: statSync(path).size }],
      });
    const asked = reports.at(-1)!;
    const megabytes = statSync(asked).size / 1e6;
    const request = { store, stage: `s${reports.length - 1}`, queries: Number(queries) };
    const first = inProcess("firstCall", request);
    const warm = inProcess("firstCall", request);
    const endpoints = inProcess("endpoints", request);
    const pages = inProcess("pages", request);
    const columns = inProcess("columns", request);
    return {
      megabytes,
      paths: columns.answer.paths,
      rows: columns.answer.rows,
      firstUseSeconds: first.answer.seconds,
      firstUseMbPerSecond: megabytes / first.answer.seconds,
      firstUsePeakRssMb: first.rssMb,
      cacheMegabytes: first.answer.cacheBytes / 1e6,
      firstCallOfAProcessMs: 1000 * warm.answer.seconds,
      ...percentiles("endpoint", endpoints.answer),
      ...percentiles("page", pages.answer),
      pagesPeakRssMb: pages.rssMb,
      columnsMbPerSecond: megabytes / Math.min(...columns.answer.seconds),
      columnsMbPerCpuSecond: megabytes / Math.min(...columns.answer.cpuSeconds),
      columnsPeakRssMb: columns.rssMb,
      ...(await peersOf(asked, folder, megabytes)),
    };
  });
}

function percentiles(what: string, { wall, cpu }: CallTimes): Figures {
  const at = (times: readonly number[], share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return {
    [`${what}P50Ms`]: at(wall, 0.5),
    [`${what}P99Ms`]: at(wall, 0.99),
    [`${what}CpuP50Ms`]: at(cpu, 0.5),
    [`${what}CpuP99Ms`]: at(cpu, 0.99),
  };
}

/** Megabytes of text a second, by wall time. */
async function peersOf(path: string, folder: string, megabytes: number): Promise<Figures> {
  const figures: Figures = {};
  for (const [tool, level] of [
    ["zstd", "-3"],
    ["lz4", "-1"],
  ] as const) {
    const packed = join(folder, `packed.${tool}`);
    await runPeer({ command: tool, args: [level, "-q", "-c", path], output: packed });
    await runPeer({ command: tool, args: ["-d", "-q", "-c", packed] });
    const { seconds } = await runPeer({ command: tool, args: ["-d", "-q", "-c", packed] });
    figures[`${tool}UnpackMbPerSecond`] = megabytes / seconds;
    figures[`${tool}Megabytes`] = statSync(packed).size / 1e6;
  }
  return figures;
}
