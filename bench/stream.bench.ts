/**
 * Memory and speed of streams over a report that is made as it is read, with new pins in every path: as objects, filtered,
 * paged, and with a consumer a hundred times slower. The bound is 120 MB + 48 bytes a name + the names' own bytes.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchArguments, Figures } from "./bench.js";
import { timeNode } from "./timed-process.js";

const modes = {
  objects: `for await (const records of stream.batches()) seen += records.length;`,
  filtered: `for await (const records of stream.batches()) seen += records.length;`,
  paged: `await new SpoolWriter({ root: process.argv[2], title: "made" }).writeAll(stream.batches());`,
  slow: `for await (const records of stream.batches()) { seen += records.length; const until = performance.now() + records.length / 2; while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5)); if (performance.now() - start > 20_000) break; }`,
} as const;

interface Outcome {
  readonly paths: number;
  readonly seen: number;
  readonly names: number;
  readonly nameBytes: number;
  readonly pauses: number;
  readonly pausedMs: number;
  readonly aheadMb: number;
}

export async function bench({ mb = "2000" }: BenchArguments): Promise<Figures> {
  const figures: Figures = {};
  const folder = mkdtempSync(join(tmpdir(), "ckpt-stream-"));
  try {
    for (const [mode, work] of Object.entries(modes)) {
      const product = JSON.stringify(new URL("../src/index.js", import.meta.url).href);
      const made = JSON.stringify(new URL("./made-report.js", import.meta.url).href);
      const filter = mode === "filtered" ? `{ filter: { slackMax: -0.99 } }` : "{}";
      const script = `import { RecordStream, SpoolWriter } from ${product}; import { MadeReport } from ${made};
        const report = new MadeReport(Number(process.argv[1]) * 1e6); const stream = new RecordStream(report, ${filter});
        let seen = 0; const start = performance.now(); ${work}
        const { pauses, pausedMs, bytesRead, pathsRead, delivered } = stream.counters;
        console.log(JSON.stringify({ paths: report.paths, seen, names: report.names, nameBytes: report.nameBytes, pauses, pausedMs, aheadMb: (pathsRead - delivered) * bytesRead / Math.max(1, pathsRead) / 1e6 }));`;
      const { output, rssMb, cpuSeconds } = timeNode(script, [mb, join(folder, "spool")]);
      const { paths, names, nameBytes, pauses, pausedMs, aheadMb } = JSON.parse(output) as Outcome;
      const boundMb = (120e6 + 48 * names + nameBytes) / 2 ** 20;
      Object.assign(figures, {
        [`${mode}Paths`]: paths,
        [`${mode}PathsPerCpuSecond`]: paths / cpuSeconds,
        [`${mode}PeakRssMb`]: rssMb,
        [`${mode}BoundMb`]: boundMb,
        ...(mode === "slow"
          ? { slowPauses: pauses, slowPausedSeconds: pausedMs / 1000, slowReadAheadMb: aheadMb }
          : {}),
      });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
