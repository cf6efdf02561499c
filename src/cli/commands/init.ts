import type { Command } from "commander";
import { ledgerHead } from "../../../projections/tree-head.js";
import { shownUrl } from "../../store/shown-url.js";
import { type CommonOptions, print, storeUrl, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function initCommand(): Command {
  return storeCommand("init", "make a new ledger; an existing one stays as it is", [
    "init",
    "init --store sqlite:/data/ledger.db",
    "init --store postgres://ann@db/chips?ledger=lane",
  ]).action(
    async (options: CommonOptions) =>
      await withLedger({ ...options, create: true }, async (ledger) => {
        await ledger.readModels.refresh();
        const head = ledgerHead(ledger.readModels.tables);
        const store = shownUrl(storeUrl(options));
        print(options, { store, ledgerHead: head }, () => [`ledger at ${store}, head ${head}`]);
      }),
  );
}
