/** Writes a made report of so many megabytes to standard output, and on stderr what it held: `node make-report.js 2000`. */
import { once } from "node:events";
import { MadeReport } from "./made-report.js";

const report = new MadeReport(Number(process.argv[2] ?? 100) * 1e6);
process.stdout.on("error", () => process.exit(0));
for await (const bytes of report) if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
const { paths, names, nameBytes } = report;
process.stderr.write(`${JSON.stringify({ paths, names, nameBytes })}\n`);
