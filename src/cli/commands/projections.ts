import type { Command } from "commander";
import type { ParkedEvent } from "../../../projections/parked-events.js";
import { lagOf, type ReadModelLag } from "../../ledger/lag.js";
import { count, table } from "../output.js";
import { type CommonOptions, print, say, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

/** Parked events that are printed for people; --json has all. */
const shownMax = 20;

export function projectionsCommand(): Command {
  return storeCommand("projections", "how far each read model is behind the log, and the events it could not take", [
    "projections",
    "projections --json",
    "projections --retry",
  ])
    .option("--retry", "first try the parked events again")
    .action(
      async (options: CommonOptions & { retry?: boolean }) =>
        await withLedger(options, async (ledger) => {
          if (options.retry) {
            const { applied, parked } = await ledger.readModels.retryParked();
            say(`parked events taken: ${count(applied)}, still parked: ${count(parked)}`);
          }
          const lag = await lagOf(ledger);
          const parked = ledger.readModels.parked();
          print(options, { ...lag, parked }, () => [
            `the log ends at event ${count(lag.number)}`,
            ...table([["read model", "event", "behind", "for", "parked", ""], ...lag.readModels.map(lagRow)], [0, 5]),
            ...parked.slice(0, shownMax).map(parkedLine),
            ...(parked.length > shownMax ? [`and ${count(parked.length - shownMax)} more: --json has all`] : []),
          ]);
        }),
    );
}

function lagRow({ name, number, lagEvents, lagSeconds, parked, stopped }: ReadModelLag): string[] {
  return [name, count(number), count(lagEvents), `${lagSeconds.toFixed(1)} s`, count(parked), stopped ? "stopped" : ""];
}

function parkedLine({ number, type, stream, projection, attempts, reason }: ParkedEvent): string {
  const tried = attempts === 1 ? "tried once" : attempts > 1 ? `tried ${count(attempts)} times` : "not tried";
  return `event ${count(number)} (${type}, ${stream}) is parked in ${projection}, ${tried}: ${reason}`;
}
