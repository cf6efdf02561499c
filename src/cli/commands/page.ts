import { Command } from "commander";
import { NoSuchPageError, readPage } from "../../opensta/spool/spool-reader.js";
import { exitCodes } from "../exit-codes.js";
import { wholeNumber } from "../option-values.js";
import { writeOut } from "../output.js";
import { spoolFolder } from "../record-lines.js";
import { complain, say } from "../session.js";

interface Options {
  readonly limit: number;
  readonly wait: number;
  readonly json?: boolean;
}

export function pageCommand(): Command {
  return new Command("page")
    .description("a page of records that `parse --pages` or `sta stream --pages` has kept")
    .argument("<cursor>", "what --pages printed, or `next` or `previous` of another page")
    .option("--limit <n>", "records a page", wholeNumber(1, 100_000), 1000)
    .option(
      "--wait <seconds>",
      "how long to wait for a page that a running stream has not filled",
      wholeNumber(0, 3600),
      1,
    )
    .option("--json", "one object with the page and its neighbours; else one record a line, the neighbours on stderr")
    .addHelpText(
      "after",
      "\nExamples:\n  $ ckpt parse max.rpt --pages\n  $ ckpt page CURSOR --limit 100 --json\n  $ ckpt page CURSOR | head -5\n",
    )
    .action(async (cursor: string, { limit, wait, json }: Options) => {
      try {
        const page = await readPage(spoolFolder(), cursor, { limit, waitMs: wait * 1000 });
        if (json) return await writeOut(`${JSON.stringify(page)}\n`);
        await writeOut(page.records.map((record) => `${JSON.stringify(record)}\n`).join(""));
        const { first, records, total, state, next, previous } = page;
        say(`${first}..${first + records.length} of ${total ?? "more to come"} (${state})`);
        if (page.error !== undefined) say(`the stream ended early: ${page.error}`);
        if (previous !== null) say(`previous: ckpt page ${previous} --limit ${limit}`);
        if (next !== null) say(`next: ckpt page ${next} --limit ${limit}`);
      } catch (error) {
        if (!(error instanceof NoSuchPageError)) throw error;
        complain(error.message, error.cure, exitCodes.notFound);
      }
    });
}
