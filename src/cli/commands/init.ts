import type { Command } from "commander";
import { ledgerHead } from "../../../projections/tree-head.js";
import { type CommonOptions, print, storeUrl, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function initCommand(): Command {
  return storeCommand("init", "make a new ledger; an existing one stays as it is", [
    "init",
    "init --store sqlite:/data/ledger.db",
  ]).action(
    async (options: CommonOptions) =>
      await withLedger({ ...options, create: true }, async (ledger) => {
        await ledger.readModels.refresh();
        const head = ledgerHead(ledger.readModels.tables);
        print(options, { store: storeUrl(options), ledgerHead: head }, () => [
          `ledger at ${storeUrl(options)}, head ${head}`,
        ]);
      }),
  );
}
