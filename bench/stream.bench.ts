/**
 * Memory and speed of streams over a report that another process makes as it is read, with new pins in every path: as
 * objects through RxJS, filtered, paged, and with a consumer a hundred times slower. The bound is 120 MB + 48 bytes a
 * name + the names' own bytes; the maker's CPU time while nobody reads shows that it stands still.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { processTimes } from "../src/opensta/session/process-cpu.js";
import type { BenchArguments, Figures } from "./bench.js";

const product = JSON.stringify(new URL("../src/index.js", import.meta.url).href);
const maker = fileURLToPath(new URL("./make-report.js", import.meta.url));

/** What each mode does with `stream`; `seen` counts records. */
const modes = {
  objects: `await lastValueFrom(stream.observe((records) => { seen += records.length; return []; }), { defaultValue: 0 });`,
  filtered: `for await (const records of stream.batches()) seen += records.length;`,
  paged: `await new SpoolWriter({ root: process.argv[1], title: "made" }).writeAll(stream.batches());`,
  // 0.5 ms a path, where objects take about 5 µs.
  slow: `for await (const records of stream.batches()) { seen += records.length; await new Promise((resolve) => setTimeout(resolve, records.length / 2)); if (performance.now() - start > 15_000) break; }`,
} as const;

const script = (mode: keyof typeof modes) => `
  import { lastValueFrom } from "rxjs"; import { openSource, RecordStream, SpoolWriter } from ${product};
  const stream = new RecordStream(openSource("-"), ${mode === "filtered" ? "{ filter: { slackMax: -0.99 } }" : "{}"});
  let seen = 0; const start = performance.now(); ${modes[mode]}
  const { pathsRead, delivered, pauses, pausedMs } = stream.counters;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, pathsRead, delivered, pauses, pausedMs, cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS * 1024 }));
  process.exit();`;

interface Outcome {
  readonly pathsRead: number;
  readonly delivered: number;
  readonly pauses: number;
  readonly pausedMs: number;
  readonly seconds: number;
  readonly cpu: number;
  readonly rss: number;
  /** What the maker gave: all of it, or what the reader took before it left. */
  readonly names: number;
  readonly nameBytes: number;
  /** Seconds of CPU that the maker used in the last half of the run, and how long that was. */
  readonly makerIdle: readonly [cpu: number, seconds: number];
}

export async function bench({ mb = "2000" }: BenchArguments): Promise<Figures> {
  const figures: Figures = {};
  const folder = mkdtempSync(join(tmpdir(), "ckpt-stream-"));
  try {
    for (const mode of Object.keys(modes) as (keyof typeof modes)[]) {
      const run = await runMode(mode, mb, folder);
      const { pathsRead, cpu, rss, names, nameBytes } = run;
      figures[`${mode}Paths`] = pathsRead;
      figures[`${mode}PeakRssMb`] = rss / 1e6;
      figures[`${mode}BoundMb`] = (120e6 + 48 * names + nameBytes) / 1e6;
      figures[`${mode}RssWithoutNamesMb`] = (rss - 48 * names - nameBytes) / 1e6;
      if (mode !== "slow") {
        figures[`${mode}PathsPerCpuSecond`] = pathsRead / cpu;
        figures[`${mode}PathsPerSecond`] = pathsRead / run.seconds;
      } else {
        figures["slowPauses"] = run.pauses;
        figures["slowPausedSeconds"] = run.pausedMs / 1000;
        figures["slowReadAheadPaths"] = pathsRead - run.delivered;
        figures["slowMakerCpuShare"] = run.makerIdle[0] / run.makerIdle[1];
      }
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runMode(mode: keyof typeof modes, mb: string, folder: string): Promise<Outcome> {
  const making = spawn(process.execPath, [maker, mb], { stdio: ["ignore", "pipe", "pipe"] });
  const reading = spawn(process.execPath, ["--input-type=module", "-e", script(mode), join(folder, "spool")], {
    stdio: [making.stdout, "pipe", "inherit"],
  });
  making.stdout.destroy();
  let made = "";
  making.stderr.on("data", (bytes: Buffer) => (made += bytes.toString()));
  let output = "";
  reading.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
  const samples: [cpu: number, at: number][] = [];
  const timer = setInterval(() => {
    void processTimes(making.pid!).then(
      (times) => times && samples.push([times.cpuMs / 1000, performance.now() / 1000]),
    );
  }, 250);
  await new Promise((resolve) => reading.on("close", resolve));
  clearInterval(timer);
  making.kill();
  const read = JSON.parse(output) as Omit<Outcome, "names" | "nameBytes" | "makerIdle">;
  const { names, nameBytes } = made
    ? (JSON.parse(made) as { names: number; nameBytes: number })
    : { names: read.pathsRead * 5, nameBytes: read.pathsRead * 5 * 26 };
  const half = samples[Math.floor(samples.length / 2)] ?? [0, 0];
  const last = samples.at(-1) ?? [0, 1];
  return { ...read, names, nameBytes, makerIdle: [last[0] - half[0], Math.max(0.001, last[1] - half[1])] };
}
