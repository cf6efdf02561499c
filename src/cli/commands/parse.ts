import { Command, InvalidArgumentError, Option } from "commander";
import { countReport } from "../../opensta/count-report.js";
import { formatNames } from "../../opensta/formats/formats.js";
import { openSource } from "../../opensta/open-source.js";
import { unitExponent } from "../../opensta/si-number.js";
import { writeOut } from "../output.js";
import { printRecords } from "../record-lines.js";

interface ParseFlags {
  readonly count?: boolean;
  readonly as?: string;
  readonly timeUnit?: string;
  readonly capacitanceUnit?: string;
}

export function parseCommand(): Command {
  return new Command("parse")
    .description("read an OpenSTA report: one JSON object a record and line; no ledger is touched")
    .argument("<file>", "a report, .gz or .zst too, or - for standard input")
    .option("--count", "only totals: paths, points, pins, the worst slack, the sum of times")
    .option("--time-unit <unit>", "what the times of -format json, which are in seconds, are told in", unitOf("s"))
    .option("--capacitance-unit <unit>", "the same for its capacitances", unitOf("F"))
    .addOption(new Option("--as <format>", "what the text is; needed where nothing in it tells").choices(formatNames))
    .option("--json", "the output is JSON in any case")
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt parse max.rpt | head -1\n  $ ckpt parse --count max.rpt.gz\n  $ ckpt parse --as names fanin.txt\n  $ sta -exit run.tcl | ckpt parse -\n",
    )
    .action(async (file: string, options: ParseFlags) => {
      const source = openSource(file);
      if (options.count) await writeOut(`${JSON.stringify(await countReport(source))}\n`);
      else await printRecords(source, file, options);
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
