import { designSnapshot, unfinishedHeadMoves } from "../../projections/rollback-targets.js";
import { rollBack } from "../../schemas/commands/timing-commands.js";
import type { Refusal } from "../domain/refusal.js";
import { parse, runCheckpointCommand } from "./checkpoint-commands.js";
import { newCommandKey } from "./command-key.js";
import { runDesignCommand } from "./design-commands.js";
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
  const moved = await runDesignCommand(ledger, design, () => ({ type: "roll-back", design, to, reason, by }), {
    key,
    actor: by,
    step: "move",
  });
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
