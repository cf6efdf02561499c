import { Command, InvalidArgumentError, Option } from "commander";
import { countReport } from "../../opensta/count-report.js";
import { formatNames } from "../../opensta/formats/formats.js";
import { openSource } from "../../opensta/open-source.js";
import { unitExponent } from "../../opensta/si-number.js";
import { writeOut } from "../output.js";
import { UsageError } from "../exit-codes.js";
import { type FilterOptions, filterOf, withFilterOptions } from "../filter-options.js";
import { printRecords } from "../record-lines.js";

interface ParseFlags extends FilterOptions {
  readonly count?: boolean;
  readonly pages?: boolean;
  readonly as?: string;
  readonly timeUnit?: string;
  readonly capacitanceUnit?: string;
}

export function parseCommand(): Command {
  return withFilterOptions(
    new Command("parse")
      .description("read an OpenSTA report: one JSON object a record and line; no ledger is touched")
      .argument("<file>", "a report, .gz or .zst too, or - for standard input")
      .option("--count", "only totals: paths, points, pins, the worst slack, the sum of times")
      .option("--time-unit <unit>", "what the times of -format json, which are in seconds, are told in", unitOf("s"))
      .option("--capacitance-unit <unit>", "the same for its capacitances", unitOf("F"))
      .addOption(new Option("--as <format>", "what the text is; needed where nothing in it tells").choices(formatNames))
      .option("--pages", "keep the records on disk for a day, and print the cursor of their first page (`ckpt page`)")
      .option("--json", "the output is JSON in any case"),
  )
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt parse max.rpt | head -1\n  $ ckpt parse --count max.rpt.gz\n  $ ckpt parse max.rpt --slack-max 0 --to 'u_lane*/D'\n  $ ckpt parse --as names fanin.txt\n  $ sta -exit run.tcl | ckpt parse -\n",
    )
    .action(async (file: string, options: ParseFlags) => {
      const source = openSource(file);
      const filter = await filterOf(options);
      if (options.count && (filter !== null || options.pages || options.as !== undefined))
        throw new UsageError("--count counts everything", "Leave out filters, --pages and --as.");
      if (options.count) await writeOut(`${JSON.stringify(await countReport(source))}\n`);
      else {
        const { as, timeUnit, capacitanceUnit, pages = false } = options;
        await printRecords(source, file, {
          pages,
          ...(as === undefined ? {} : { as }),
          ...(timeUnit === undefined ? {} : { timeUnit }),
          ...(capacitanceUnit === undefined ? {} : { capacitanceUnit }),
          ...(filter === null ? {} : { filter }),
        });
      }
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
