import { Command } from "commander";
import { copyLedger } from "../../ledger/copy.js";
import { exitCodes } from "../exit-codes.js";
import { notEmpty } from "../option-values.js";
import { count } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { complainInWords, print, refused, withLedger } from "../session.js";

interface CopyCommandOptions {
  readonly from: string;
  readonly to: string;
  readonly json?: boolean;
}

export function copyCommand(): Command {
  return new Command("copy")
    .description(
      "copy a ledger into another store, with ids, order, hashes, timestamps and event numbers; run it again to go on",
    )
    .requiredOption("--from <url>", "the ledger to copy", notEmpty)
    .requiredOption("--to <url>", "an empty store, or one that holds a beginning of this ledger", notEmpty)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt copy --from sqlite:.ckpt/ledger.db --to postgres://ann@db/chips?ledger=lane\n  $ ckpt copy --from postgres://ann@db/chips --to sqlite:backup.db --json\n",
    )
    .action(async (options: CopyCommandOptions) => await copy(options));
}

async function copy(options: CopyCommandOptions): Promise<void> {
  const copied = await withLedger(
    { store: options.from },
    async (from) =>
      await withLedger({ store: options.to, create: true, inspect: true }, async (to) => {
        const progress = new ProgressLine();
        const onProgress = (number: number) => progress.show(() => `copy  event ${count(number)}`);
        const result = await copyLedger(from, to, { onProgress });
        progress.end();
        return result;
      }),
  );
  if (!copied.ok) return refused(copied);
  const { before, events, chunks, from, to, same } = copied;
  if (same || options.json)
    print(options, copied, () => [
      `copied ${count(events)} events and ${count(chunks)} chunks${before > 0 ? `, after ${count(before)} events that were there` : ""}`,
      `from: verified, head ${from.head}`,
      `to:   verified, head ${to.head}`,
      ...(from.head === to.head ? [] : ["The source has grown meanwhile: run it again."]),
    ]);
  if (same) return;
  const broken = !from.ok ? from : !to.ok ? to : null;
  complainInWords(
    `${broken === from ? "the source" : "the target"} does not verify: ${broken?.reason ?? ""}`,
    "`ckpt verify` names the event. A copy can be no sounder than its source.",
    exitCodes.corrupted,
  );
}
