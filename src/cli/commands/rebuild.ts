import type { Command } from "commander";
import { count } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { type CommonOptions, print, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function rebuildCommand(): Command {
  return storeCommand("rebuild", "drop the read models and build them again from the events", ["rebuild"]).action(
    async (options: CommonOptions) =>
      await withLedger(options, async (ledger) => {
        const progress = new ProgressLine();
        const start = performance.now();
        await ledger.readModels.rebuild((number) => progress.show(() => `rebuild  ${count(number)} events`));
        progress.end();
        const seconds = (performance.now() - start) / 1000;
        const readModels = ledger.readModels.status();
        print(options, { readModels, seconds }, () => [
          `rebuilt ${readModels.map((each) => each.name).join(", ")} up to event ${count(Math.max(...readModels.map((each) => each.number)))} in ${seconds.toFixed(2)} s`,
          ...readModels
            .filter(({ parked }) => parked > 0)
            .map(({ name, parked }) => `parked by ${name}: ${count(parked)}; \`ckpt projections\` says why`),
        ]);
      }),
  );
}
