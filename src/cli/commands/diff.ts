import type { Command } from "commander";
import { diffStages } from "../../ledger/diff.js";
import { diffLines } from "../diff-lines.js";
import { pathType, wholeNumber } from "../option-values.js";
import { type CommonOptions, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly type?: "max" | "min";
  readonly group?: string;
  readonly limit: number;
  readonly all?: boolean;
  readonly crossed?: boolean;
}

export function diffCommand(): Command {
  return storeCommand("diff", "what changed between two stages: figures, endpoints, constraints", [
    "diff lane@period lane@propagated",
    "diff lane@buffers lane@exceptions --type min --limit 3 --json",
    "diff lane@buffers lane@exceptions --crossed",
  ])
    .argument("<from>", "DESIGN@STAGE")
    .argument("<to>", "DESIGN@STAGE")
    .option("--type <type>", "only max (setup) or min (hold)", pathType)
    .option("--group <name>", "only the endpoints of this path group")
    .option("--limit <n>", "how many of the worst changes, with their parts", wholeNumber(0, 100_000), 5)
    .option("--all", "list every endpoint that is worse, better, new or gone")
    .option("--crossed", "list the endpoints that began to violate or were mended")
    .action(
      async (from: string, to: string, options: Options) =>
        await withLedger(options, async (ledger) => {
          const { type, group, limit, all, crossed } = options;
          const list = all ? "all" : crossed ? "crossed" : "none";
          const diff = await diffStages(ledger, from, to, { type, group, limit, list });
          if (!diff.ok) return refused(diff);
          const { ok: _, ...rest } = diff;
          print(options, rest, () => diffLines(diff));
        }),
    );
}
