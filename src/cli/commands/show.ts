import type { Command } from "commander";
import { showStage, type StageView } from "../../ledger/stage-view.js";
import { count, size, table, when } from "../output.js";
import { type CommonOptions, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function showCommand(): Command {
  return storeCommand("show", "one stage: its figures, its files, where it comes from", [
    "show lane@cts",
    "show lane@cts#2 --json",
  ])
    .argument("<stage>", "DESIGN@STAGE")
    .action(
      async (reference: string, options: CommonOptions) =>
        await withLedger(options, async (ledger) => {
          const shown = await showStage(ledger, reference);
          if (!shown.ok) return refused(shown);
          print(options, shown.stage, () => stageLines(shown.stage));
        }),
    );
}

/** A stage for people. */
export function stageLines(stage: StageView): string[] {
  const ratio = stage.rawBytes / Math.max(1, stage.storedBytes);
  return [
    `${stage.design}@${stage.reference}${stage.head ? "  head" : ""}${stage.incomplete ? "  INCOMPLETE" : ""}`,
    `event ${stage.event}, ${when(stage.at)}, by ${stage.actor}; after ${stage.parent ?? "nothing"}`,
    `${size(stage.rawBytes)} of text -> ${size(stage.storedBytes)} kept (${ratio.toFixed(1)} x), ${stage.base === null ? "stored whole" : `as changes against ${stage.base}`}`,
    ...(stage.unit === null ? ["time unit: unknown (--unit names it)"] : [`time unit: ${stage.unit}`]),
    "",
    ...table(
      [
        ["type", "corner", "WNS", "TNS", "violating", "endpoints", "unconstrained", "source"],
        ...stage.summary.map((each) => [
          each.type === "max" ? "setup" : "hold",
          each.corner ?? "-",
          each.wnsFigures[0]?.text ?? "-",
          each.tnsFigures[0]?.text ?? "-",
          known(each.violations),
          known(each.endpoints),
          known(each.unconstrained),
          [
            ...new Set(
              [each.wnsFigures[0]?.source, each.tnsFigures[0]?.source, each.source].filter((source) => source),
            ),
          ].join(", "),
        ]),
      ],
      [0, 1, 7],
    ),
    "",
    ...table(
      [
        ["file", "kind", "text", "kept", "paths"],
        ...stage.files.map((file) => [
          file.name,
          file.kind,
          size(file.rawBytes),
          size(file.storedBytes),
          file.paths === undefined ? "" : count(file.paths),
        ]),
      ],
      [0, 1],
    ),
  ];
}

function known(value: number | null): string {
  return value === null ? "-" : count(value);
}
