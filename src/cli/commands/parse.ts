import { Command, InvalidArgumentError } from "commander";
import { countReport } from "../../opensta/count-report.js";
import { openSource } from "../../opensta/open-source.js";
import { parseReport } from "../../opensta/parse-report.js";
import { recordToJson } from "../../opensta/record-json.js";
import { unitExponent } from "../../opensta/si-number.js";
import { writeOut } from "../output.js";
import { say } from "../session.js";

interface ParseFlags {
  readonly count?: boolean;
  readonly timeUnit?: string;
  readonly capacitanceUnit?: string;
}

/** Lines gathered before they are written. */
const batchBytes = 1 << 16;

export function parseCommand(): Command {
  return new Command("parse")
    .description("read an OpenSTA report: one JSON object a record and line; no ledger is touched")
    .argument("<file>", "a report, .gz or .zst too, or - for standard input")
    .option("--count", "only totals: paths, points, pins, the worst slack, the sum of times")
    .option("--time-unit <unit>", "what the times of -format json, which are in seconds, are told in", unitOf("s"))
    .option("--capacitance-unit <unit>", "the same for its capacitances", unitOf("F"))
    .option("--json", "the output is JSON in any case")
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt parse max.rpt | head -1\n  $ ckpt parse --count max.rpt.gz\n  $ sta -exit run.tcl | ckpt parse -\n",
    )
    .action(async (file: string, options: ParseFlags) => {
      const source = openSource(file);
      if (options.count) return await writeOut(`${JSON.stringify(await countReport(source))}\n`);
      let lines = "";
      const records = parseReport(source, {
        ...options,
        onNote: ({ code, byteOffset, line, message, endpoint }) => {
          // OpenROAD informs in a thousand lines.
          if (code === "info-line") return;
          say(
            `${code}: ${file}: byte ${byteOffset} (line ${line}${endpoint === undefined ? "" : `, endpoint ${endpoint}`}): ${message}`,
          );
        },
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

/** Refuses what is no unit of `base`. */
function unitOf(base: "s" | "F"): (unit: string) => string {
  return (unit) => {
    try {
      unitExponent(unit, base);
    } catch (error) {
      throw new InvalidArgumentError((error as RangeError).message);
    }
    return unit;
  };
}
