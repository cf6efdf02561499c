import type { Command } from "commander";
import { compact, type Compacted, type CompactProgress, type FormFigures } from "../../ledger/compact.js";
import { size, table } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { type CommonOptions, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly dryRun?: boolean;
}

export function compactCommand(): Command {
  return storeCommand("compact", "store stages in fewer bytes: choose their bases anew, erase what nobody needs", [
    "compact",
    "compact lane --dry-run",
    "compact lane --json",
  ])
    .argument("[design]", "default: all designs")
    .option("--dry-run", "only tell what would be done")
    .option("--actor <name>", "who compacts; default: the user")
    .action(
      async (design: string | undefined, options: Options) =>
        await withLedger(options, async (ledger) => {
          const progress = new ProgressLine();
          const { dryRun, actor } = options;
          const result = await compact(ledger, { design, dryRun }, { actor }, (each) =>
            progress.show(() => progressText(each)),
          );
          progress.end();
          if (!result.ok) return refused(result);
          print(options, result, () => compactedLines(result));
        }),
    );
}

function progressText({ design, stage, at, of, base, bytes, rawBytes }: CompactProgress): string {
  const against = base === null ? "whole" : `against ${base}`;
  return `compact ${design}@${stage}  ${at} of ${of}  ${against}  ${size(bytes)} of ${size(rawBytes)}`;
}

function compactedLines({ stages, totals, dryRun }: Compacted): string[] {
  const { rewritten, rawBytes, bytesBefore, bytesAfter, erasedBytes, waitingBytes, seconds } = totals;
  const header = ["stage", "text", "before", "after", "ratio", "base before", "after", "level before", "after"];
  const rows = stages.map(({ design, stage, rawBytes: raw, before, after, rewritten: isNew }) => [
    `${design}@${stage}`,
    size(raw),
    size(before.bytes),
    isNew ? size(after.bytes) : "",
    ratio(raw, after.bytes),
    baseText(before),
    isNew ? baseText(after) : "",
    String(before.level),
    isNew ? String(after.level) : "",
  ]);
  const what = `${dryRun ? "would write" : "wrote"} ${rewritten} of ${stages.length} stages anew`;
  const sizes = `${size(bytesBefore)} -> ${size(bytesAfter)} for ${size(rawBytes)} of text (${ratio(rawBytes, bytesAfter)})`;
  return [
    ...table([header, ...rows], [0, 5, 6]),
    "",
    `${what}: ${sizes}, ${seconds.toFixed(1)} s`,
    ...(erasedBytes > 0 ? [`erased ${size(erasedBytes)} that no stage needs`] : []),
    ...(waitingBytes > 0
      ? [`${size(waitingBytes)} of replaced forms wait for a capture to end, or are leaned on`]
      : []),
  ];
}

const baseText = ({ base }: FormFigures): string => base ?? "whole";

const ratio = (raw: number, bytes: number): string => `${(raw / Math.max(1, bytes)).toFixed(1)} x`;
