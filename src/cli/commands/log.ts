import type { Command } from "commander";
import { type DesignHistory, historyOf, listDesigns, type StageEntry } from "../../ledger/history.js";
import { shownFigure } from "../../timing/shown-figure.js";
import { count, size, table, when } from "../output.js";
import { type CommonOptions, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function logCommand(): Command {
  return storeCommand("log", "the stages and rollbacks of a design, or the designs of the ledger", [
    "log",
    "log lane",
    "log lane --json",
  ])
    .argument("[design]")
    .action(
      async (design: string | undefined, options: CommonOptions) =>
        await withLedger(options, async (ledger) => {
          if (design === undefined) {
            const designs = await listDesigns(ledger);
            return print(options, designs, () =>
              table(
                [["design", "stages", "head"], ...designs.map((each) => [each.design, count(each.stages), each.head])],
                [0, 2],
              ),
            );
          }
          const history = await historyOf(ledger, design);
          if (!history.ok) return refused(history);
          print(options, history.stages, () => historyLines(history));
        }),
    );
}

/** A design's history for people: stages with their figures, then the rollbacks. */
export function historyLines(history: DesignHistory): string[] {
  const header = ["event", "stage", "", "at", "by", "setup WNS", "TNS", "hold WNS", "TNS", "size", "kept"];
  const rows = history.stages.map((stage) => [
    String(stage.event),
    stage.reference,
    stage.head ? "head" : "",
    when(stage.at),
    stage.actor,
    ...figures(stage, "max"),
    ...figures(stage, "min"),
    size(stage.rawBytes),
    size(stage.storedBytes),
  ]);
  const moves = history.moves.map(
    (move) =>
      `${String(move.event).padStart(5)}  rolled back ${move.from} -> ${move.to}  ${when(move.at)}  by ${move.by}: ${move.reason}`,
  );
  return [history.design, ...table([header, ...rows], [1, 2, 3, 4]), ...moves];
}

function figures(stage: StageEntry, type: "max" | "min"): [string, string] {
  const worst = stage.summary.filter((each) => each.type === type).toSorted((a, b) => (a.wns ?? 0) - (b.wns ?? 0))[0];
  return [shownFigure(worst?.wnsFigures ?? []), shownFigure(worst?.tnsFigures ?? [])];
}
