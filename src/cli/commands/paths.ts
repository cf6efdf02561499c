import type { Command } from "commander";
import { findPaths } from "../../ledger/paths.js";
import { decimalNumber, pathType, wholeNumber } from "../option-values.js";
import { size, table } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { type CommonOptions, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly slackMax?: number;
  readonly slackMin?: number;
  readonly corner?: string;
  readonly group?: string;
  readonly clock?: string;
  readonly type?: "max" | "min";
  readonly endpoint?: string;
  readonly file?: string;
  readonly limit: number;
  readonly cursor?: string;
}

export function pathsCommand(): Command {
  return storeCommand(
    "paths",
    "the captured paths of a stage, filtered, in the order of its reports, a page at a time",
    [
      "paths lane@cts --slack-max 0",
      "paths lane@cts --type min --group clk_a --limit 10 --json",
      "paths lane@cts --endpoint 'u_lane/_1996_/D'",
    ],
  )
    .argument("<stage>", "DESIGN@STAGE")
    .option("--slack-max <slack>", "only paths with this slack or less", decimalNumber)
    .option("--slack-min <slack>", "only paths with this slack or more", decimalNumber)
    .option("--group <name>", "only this path group")
    .option("--clock <name>", "only paths launched or captured by this clock")
    .option("--type <type>", "max (setup) or min (hold)", pathType)
    .option("--corner <name>", "only paths that the report says are of this corner")
    .option("--endpoint <pin>", "only paths to this pin or instance")
    .option("--file <name>", "only this captured report")
    .option("--limit <n>", "paths a page", wholeNumber(1, 100_000), 20)
    .option("--cursor <cursor>", "`next` of the page before")
    .action(
      async (reference: string, options: Options) =>
        await withLedger(options, async (ledger) => {
          const progress = new ProgressLine();
          const page = await findPaths(ledger, reference, options, {
            onProgress: (read) =>
              progress.show(
                () => `reading ${read.file} for the first time: ${size(read.bytes)} of ${size(read.bytesOfAll)}`,
              ),
          }).finally(() => progress.end());
          if (!page.ok) return refused(page);
          print(options, { paths: page.paths, next: page.next }, () => [
            ...table(
              [
                ["slack", "type", "group", "startpoint", "endpoint", "points", "file"],
                ...page.paths.map((path) => [
                  typeof path.slack === "number" ? path.slack.toFixed(path.digits) : (path.slack ?? "-"),
                  path.type,
                  path.group,
                  path.startpoint,
                  path.points.at(-1)?.pin ?? path.endpoint,
                  String(path.points.length),
                  path.file,
                ]),
              ],
              [1, 2, 3, 4, 6],
            ),
            ...(page.paths.length === 0
              ? ["no captured path is so; `ckpt show` lists the reports that were searched"]
              : []),
            ...(page.next === null ? [] : [`more: --cursor ${page.next}`]),
          ]);
        }),
    );
}
