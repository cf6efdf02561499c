import { designSnapshot, unfinishedHeadMoves } from "../../projections/rollback-targets.js";
import { rollBack } from "../../schemas/commands/timing-commands.js";
import { decideDesign, emptyDesign, type DesignCommand } from "../domain/design.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import { appendChained, decisionsMax, newStream } from "./chained-append.js";
import { parse, runCheckpointCommand } from "./checkpoint-commands.js";
import { newCommandKey } from "./command-key.js";
import type { Caller, Ledger } from "./ledger.js";
import { committedRow, noDesign } from "./stage-access.js";
import { type StageView, viewStage } from "./stage-view.js";

export interface RolledBack {
  readonly ok: true;
  /** The stage that the head is at now. */
  readonly stage: StageView;
  /** Event number of HeadMoved. */
  readonly event: number;
}

/**
 * Moves a design's head to any of its stages. Nothing is erased; who and why are kept.
 * @example await rollback(ledger, { design: "lane", to: "buffers", reason: "hold broke" }, { actor: "ann" })
 */
export async function rollback(ledger: Ledger, input: unknown, caller: Caller = {}): Promise<RolledBack | Refusal> {
  const parsed = parse(rollBack, input);
  if (!parsed.ok) return parsed;
  const { design, to, reason } = parsed.value;
  const by = caller.actor ?? ledger.actor;
  const key = caller.key ?? newCommandKey(ledger.now());
  await ledger.readModels.refresh();
  if (!designSnapshot(ledger.readModels.tables, design)) return noDesign(design);
  const moved = await runDesignCommand(
    ledger,
    { type: "roll-back", design, to, reason, by },
    { key, actor: by, step: "move" },
  );
  if (!moved.ok) return moved;
  await finishHeadMoves(ledger, design);
  const head = designSnapshot(ledger.readModels.tables, design)!.design.head!;
  return { ok: true, stage: await viewStage(ledger, committedRow(ledger, head)), event: moved.number };
}

/** Tells the checkpoints' own streams of rollbacks whose process died before it could. */
export async function finishHeadMoves(ledger: Ledger, design: string): Promise<void> {
  await ledger.readModels.refresh();
  for (const move of unfinishedHeadMoves(ledger.readModels.tables, design)) {
    const request = { checkpointId: move.to, key: move.id, actor: move.by, step: "restored", causation: move.id };
    const told = await runCheckpointCommand(ledger, request, async () => ({
      type: "restore",
      reason: move.reason,
      headMoved: move.id,
    }));
    // Another process may have told it at the same moment: its event is the same.
    if (!told.ok && told.code !== "conflict")
      throw new Error(`rollback ${move.number} could not be finished: ${told.message}`);
  }
}

/** Decides on a design and appends, again from the start when another writer came first. */
export async function runDesignCommand(
  ledger: Ledger,
  command: DesignCommand,
  request: { readonly key: string; readonly actor: string; readonly step: string },
): Promise<{ readonly ok: true; readonly number: number } | Refusal> {
  for (let tries = 0; tries < decisionsMax; tries++) {
    await ledger.readModels.refresh();
    const before = designSnapshot(ledger.readModels.tables, command.design);
    const decided = decideDesign(command, before?.design ?? emptyDesign);
    if (!decided.ok) return decided;
    const result = await appendChained(ledger, {
      ...request,
      stream: `design-${command.design}`,
      tail: before ?? newStream,
      events: decided.events,
    });
    if (result.ok) {
      await ledger.readModels.refresh();
      return { ok: true, number: result.number! };
    }
    if (result.code !== "wrong-revision")
      throw new Error(`design ${command.design} could not be appended to: ${JSON.stringify(result)}`);
  }
  return refuse(
    "conflict",
    `design "${command.design}" is being changed by too many writers at once`,
    "Nothing was changed. Try again.",
  );
}
