import { designNames, designSnapshot, headMovesOf } from "../../projections/rollback-targets.js";
import { stagesOf } from "../../projections/timing-stages.js";
import { checkpointSnapshot } from "../../projections/checkpoints.js";
import type { TimingSummary } from "../../schemas/timing-summary.js";
import { referenceOf } from "../domain/design.js";
import type { Refusal } from "../domain/refusal.js";
import type { Ledger } from "./ledger.js";
import { noDesign } from "./stage-access.js";

/** A stage in a design's history. */
export interface StageEntry {
  readonly design: string;
  readonly stage: string;
  readonly reference: string;
  readonly parent: string | null;
  readonly at: string;
  /** Event number of StageCommitted. */
  readonly event: number;
  readonly actor: string;
  readonly head: boolean;
  readonly state: string;
  readonly incomplete: boolean;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly summary: readonly TimingSummary[];
}

/** A rollback in a design's history. */
export interface MoveEntry {
  readonly event: number;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: string;
}

export interface DesignHistory {
  readonly ok: true;
  readonly design: string;
  readonly stages: readonly StageEntry[];
  readonly moves: readonly MoveEntry[];
}

/** A design's stages and head moves, each in the order of their events. */
export async function historyOf(ledger: Ledger, name: string): Promise<DesignHistory | Refusal> {
  await ledger.readModels.refresh();
  const { tables } = ledger.readModels;
  const snapshot = designSnapshot(tables, name);
  if (!snapshot) return noDesign(name);
  const { design } = snapshot;
  const reference = (checkpointId: string) => referenceOf(design, checkpointId);
  return {
    ok: true,
    design: name,
    stages: stagesOf(tables, name).map((row) => ({
      design: name,
      stage: row.stage,
      reference: reference(row.checkpointId),
      parent: row.committed!.parent && reference(row.committed!.parent),
      at: row.committed!.at,
      event: row.committed!.number,
      actor: row.actor,
      head: row.checkpointId === design.head,
      state: checkpointSnapshot(tables, row.checkpointId)?.checkpoint.state ?? "unknown",
      incomplete: row.seal!.incomplete,
      rawBytes: row.seal!.rawBytes,
      storedBytes: row.storedBytes,
      summary: row.seal!.summary,
    })),
    moves: headMovesOf(tables, name).map((move) => ({
      event: move.number,
      at: move.at,
      from: reference(move.from),
      to: reference(move.to),
      reason: move.reason,
      by: move.by,
    })),
  };
}

/** The designs of the ledger, each with its head and how many stages it has. */
export async function listDesigns(ledger: Ledger): Promise<{ design: string; head: string; stages: number }[]> {
  await ledger.readModels.refresh();
  const { tables } = ledger.readModels;
  return designNames(tables).map((name) => {
    const { design } = designSnapshot(tables, name)!;
    return {
      design: name,
      head: design.head === null ? "" : referenceOf(design, design.head),
      stages: design.stages.size,
    };
  });
}
