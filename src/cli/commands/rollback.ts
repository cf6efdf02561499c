import type { Command } from "commander";
import { rollback } from "../../ledger/rollback.js";
import { uuid } from "../option-values.js";
import { type CommonOptions, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly to: string;
  readonly reason: string;
  readonly key?: string;
}

export function rollbackCommand(): Command {
  return storeCommand("rollback", "move a design's head to an earlier stage; nothing is erased", [
    'rollback lane --to buffers --reason "hold broke" --actor ann',
    'rollback lane --to cts#2 --reason "the second try was better"',
  ])
    .argument("<design>")
    .requiredOption("--to <stage>", "the stage, or stage#n for the n-th of that name")
    .requiredOption("--reason <text>", "why: the log keeps it")
    .option("--actor <name>", "who decides; default: the user")
    .option("--key <uuid>", "the command key: a retry with the same key does nothing twice", uuid)
    .action(
      async (design: string, options: Options) =>
        await withLedger(options, async (ledger) => {
          const { reason, actor, key } = options;
          const to = options.to.startsWith(`${design}@`) ? options.to.slice(design.length + 1) : options.to;
          const result = await rollback(ledger, { design, to, reason }, { actor, key });
          if (!result.ok) return refused(result);
          const { stage, event } = result;
          print(options, { ...stage, event }, () => [
            `rolled back to ${stage.reference} (head moved, nothing erased; event ${event}, by ${actor ?? ledger.actor}, "${reason}")`,
          ]);
        }),
    );
}
