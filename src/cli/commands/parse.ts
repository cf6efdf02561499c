import { countReport } from "../../opensta/count-report.js";
import { openSource } from "../../opensta/open-source.js";
import { parseReport } from "../../opensta/parse-report.js";
import { recordToJson } from "../../opensta/record-json.js";
import { Command, Option } from "commander";
import { formatNames } from "../../opensta/formats/formats.js";
import { writeOut } from "../output.js";
import { say } from "../session.js";

/** Lines gathered before they are written. */
const batchBytes = 1 << 16;

export function parseCommand(): Command {
  return new Command("parse")
    .description("read an OpenSTA report: one JSON object a record and line; no ledger is touched")
    .argument("<file>", "a report, .gz or .zst too, or - for standard input")
    .option("--count", "only totals: paths, points, pins, the worst slack, the sum of times")
    .addOption(new Option("--as <format>", "what the text is; needed where nothing in it tells").choices(formatNames))
    .option("--json", "the output is JSON in any case")
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt parse max.rpt | head -1\n  $ ckpt parse --count max.rpt.gz\n  $ ckpt parse --as names fanin.txt\n  $ sta -exit run.tcl | ckpt parse -\n",
    )
    .action(async (file: string, options: { count?: boolean; as?: string }) => {
      const source = openSource(file);
      if (options.count) return await writeOut(`${JSON.stringify(await countReport(source))}\n`);
      let lines = "";
      const records = parseReport(source, {
        ...(options.as === undefined ? {} : { as: options.as }),
        onNote: ({ code, byteOffset, line, message, endpoint }) =>
          say(
            `${code}: ${file}: byte ${byteOffset} (line ${line}${endpoint === undefined ? "" : `, endpoint ${endpoint}`}): ${message}`,
          ),
      });
      for await (const record of records) {
        lines += `${recordToJson(record)}\n`;
        if (lines.length < batchBytes) continue;
        await writeOut(lines);
        lines = "";
      }
      await writeOut(lines);
    });
}
