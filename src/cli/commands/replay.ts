import type { Command } from "commander";
import { type DesignHistory, historyOf, listDesigns } from "../../ledger/history.js";
import { replayUntil } from "../../ledger/replay.js";
import { lastEventNumber } from "../../ledger/event-view.js";
import { exitCodes } from "../exit-codes.js";
import { eventNumber } from "../option-values.js";
import { type CommonOptions, complain, print, refused, withLedger } from "../session.js";
import { historyLines } from "./log.js";
import { storeCommand } from "./store-command.js";

export function replayCommand(): Command {
  return storeCommand("replay", "the ledger as it stood right after an event", [
    "replay --until 31",
    "replay lane --until 31 --json",
  ])
    .argument("[design]", "one design; default: all")
    .requiredOption("--until <event>", "an event number, as log and watch print it", eventNumber)
    .action(
      async (design: string | undefined, options: CommonOptions & { until: number }) =>
        await withLedger(options, async (ledger) => {
          const { until } = options;
          const last = await lastEventNumber(ledger);
          if (until > last)
            return complain(
              `there is no event ${until}: the log ends at event ${last}`,
              "`ckpt log` and `ckpt watch --once` print event numbers.",
              exitCodes.notFound,
            );
          const then = await replayUntil(ledger, until);
          const names = design === undefined ? (await listDesigns(then)).map((each) => each.design) : [design];
          const histories: DesignHistory[] = [];
          for (const name of names) {
            const history = await historyOf(then, name);
            if (!history.ok) return refused(history);
            histories.push(history);
          }
          await then.close();
          print(options, { until, designs: histories.map(({ ok: _, ...history }) => history) }, () =>
            histories.length === 0 ? [`after event ${until} there was no stage yet`] : histories.flatMap(historyLines),
          );
        }),
    );
}
