/** Parsing a full report to columns, beside `wc -l` and a readline + regex parser in the same run. */
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import type { BenchArguments, Figures } from "./bench.js";
import { timeNode } from "./timed-process.js";

const readlineRegex = `
import readline from "node:readline"; import { createReadStream } from "node:fs";
let paths = 0, points = 0;
for await (const line of readline.createInterface({ input: createReadStream(process.argv[1]) })) {
  if (line.startsWith("Startpoint: ")) paths++;
  else if (/^\\s*(-?[\\d.]+)\\s+(-?[\\d.]+) ([\\^v ]) (\\S+) \\((\\S+)\\)$/.test(line)) points++;
}
console.log(paths, points);`;

export async function bench({ input }: BenchArguments): Promise<Figures> {
  if (!input) throw new Error("--input FILE: a full report, the larger the better");
  const megabytes = statSync(input).size / 1e6;
  execFileSync("cat", [input], { stdio: "ignore" });
  const product = new URL("../src/index.js", import.meta.url).href;
  const count = `import { countReport, openSource } from ${JSON.stringify(product)}; console.log(JSON.stringify(await countReport(openSource(process.argv[1]))));`;
  const objects = `import { lastValueFrom } from "rxjs"; import { openSource, RecordStream } from ${JSON.stringify(product)};
    const stream = new RecordStream(openSource(process.argv[1])); const start = performance.now();
    await lastValueFrom(stream.observe(() => []), { defaultValue: 0 });
    console.log(stream.counters.pathsRead / ((performance.now() - start) / 1000));`;
  const nothing = timeNode(count, ["/dev/null"]);
  const ours = timeNode(count, [input]);
  const regex = timeNode(readlineRegex, [input]);
  const start = performance.now();
  execFileSync("wc", ["-l", input]);
  const wcSeconds = (performance.now() - start) / 1000;
  const cpu = ours.cpuSeconds - nothing.cpuSeconds;
  return {
    megabytes,
    mbPerCpuSecond: megabytes / cpu,
    mbPerSecond: megabytes / (ours.seconds - nothing.seconds),
    peakRssMb: ours.rssMb,
    objectsThroughRxjsPathsPerSecond: Number(timeNode(objects, [input]).output),
    readlineRegexMbPerCpuSecond: megabytes / regex.cpuSeconds,
    timesReadlineRegex: regex.cpuSeconds / cpu,
    wcMbPerSecond: megabytes / wcSeconds,
    totals: ours.output.trim(),
  };
}
