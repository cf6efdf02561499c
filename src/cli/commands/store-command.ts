import { Command } from "commander";
import { notEmpty } from "../option-values.js";

/** A command that works on a ledger: with the options that all of them share, and examples under its help. */
export function storeCommand(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .option(
      "--store <url>",
      "the ledger: sqlite:PATH, memory:, postgres://…?ledger=NAME or esdb://…?ledger=NAME (default: CKPT_STORE, else sqlite:.ckpt/ledger.db)",
      notEmpty,
    )
    .option("--json", "print JSON")
    .addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ckpt ${example}\n`).join("")}`);
}
