/** Reading a capture's text for the stage's summary, beside the bare scan of it and beside reading it alone. */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import type { BenchArguments, Figures } from "./bench.js";
import { timeNode } from "./timed-process.js";

const from = (path: string): string => JSON.stringify(new URL(`../src/${path}`, import.meta.url).href);

const reading = (taker: string): string => `
  import { FileObserver } from ${from("ledger/file-observer.js")};
  import { ReportScanner } from ${from("opensta/report-scanner.js")};
  import { openSource } from ${from("opensta/open-source.js")};
  const taker = ${taker};
  for await (const bytes of openSource(process.argv[1])) taker.push(bytes);
  taker.finish();`;

export async function bench({ input }: BenchArguments): Promise<Figures> {
  if (!input) throw new Error("--input FILE: a report, the larger the better");
  const megabytes = statSync(input).size / 1e6;
  execFileSync("cat", [input], { stdio: "ignore" });
  const reads = timeNode(reading("{ push() {}, finish() {} }"), [input]);
  const scans = timeNode(reading("new ReportScanner({ paths() {} })"), [input]);
  const observes = timeNode(reading('new FileObserver("report", null)'), [input]);
  const cpu = observes.cpuSeconds - reads.cpuSeconds;
  return {
    megabytes,
    cpuSeconds: cpu,
    mbPerCpuSecond: megabytes / cpu,
    timesBareScan: cpu / (scans.cpuSeconds - reads.cpuSeconds),
    rssMbBesideReading: observes.rssMb - reads.rssMb,
  };
}
