import type { Command } from "commander";
import { refuse } from "../../domain/refusal.js";
import { findStage, openStage } from "../../ledger/stage-access.js";
import { writeOut } from "../output.js";
import { type CommonOptions, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function catCommand(): Command {
  return storeCommand("cat", "print a captured file, byte for byte", [
    "cat lane@cts max.rpt",
    "cat lane@cts out.sdc > out.sdc",
  ])
    .argument("<stage>", "DESIGN@STAGE")
    .argument("<file>", "a file's name in the stage; `ckpt show` lists them")
    .action(
      async (reference: string, file: string, options: CommonOptions) =>
        await withLedger(options, async (ledger) => {
          const found = await findStage(ledger, reference);
          if (!found.ok) return refused(found);
          const reader = await openStage(ledger, found.row);
          if (!reader.file(file))
            return refused(
              refuse("not-found", `${reference} has no file "${file}"`, `\`ckpt show ${reference}\` lists its files.`),
            );
          for await (const bytes of reader.stream(file)) await writeOut(bytes);
        }),
    );
}
