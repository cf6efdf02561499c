import type { Command } from "commander";
import { diffStages } from "../../ledger/diff.js";
import { diffLines } from "../diff-lines.js";
import { exitCodes } from "../exit-codes.js";
import { type CommonOptions, complain, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly type?: string;
  readonly group?: string;
  readonly limit: string;
}

export function diffCommand(): Command {
  return storeCommand("diff", "what changed between two stages: figures, endpoints, constraints", [
    "diff lane@period lane@propagated",
    "diff lane@buffers lane@exceptions --type min --limit 3 --json",
  ])
    .argument("<from>", "DESIGN@STAGE")
    .argument("<to>", "DESIGN@STAGE")
    .option("--type <type>", "only max (setup) or min (hold)")
    .option("--group <name>", "count only the endpoints of this path group")
    .option("--limit <n>", "how many of the worst changes", "5")
    .action(
      async (from: string, to: string, options: Options) =>
        await withLedger(options, async (ledger) => {
          const { type, group } = options;
          if (type !== undefined && type !== "max" && type !== "min")
            return complain(`--type is max or min, not "${type}"`, "max is setup, min is hold.", exitCodes.usage);
          const diff = await diffStages(ledger, from, to, {
            type,
            group,
            limit: Math.max(0, Number(options.limit) || 0),
          });
          if (!diff.ok) return refused(diff);
          const { ok: _, ...rest } = diff;
          print(options, rest, () => diffLines(diff));
        }),
    );
}
