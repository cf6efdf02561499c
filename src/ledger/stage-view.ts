import { designSnapshot } from "../../projections/rollback-targets.js";
import { ledgerHead } from "../../projections/tree-head.js";
import type { SealedFile } from "../../schemas/stage-seal.js";
import type { TimingSummary } from "../../schemas/timing-summary.js";
import { emptyDesign, referenceOf } from "../domain/design.js";
import type { Refusal } from "../domain/refusal.js";
import type { Ledger } from "./ledger.js";
import { type CommittedRow, filesOf, findStage } from "./stage-access.js";

/** A stage as `ckpt capture --json` and `ckpt show --json` print it. */
export interface StageView {
  readonly design: string;
  readonly stage: string;
  /** What names this very stage: its name, with `#n` where the name came again. */
  readonly reference: string;
  readonly checkpoint: string;
  /** Event number of StageCommitted. */
  readonly event: number;
  readonly at: string;
  readonly actor: string;
  /** Reference of the stage it descends from. */
  readonly parent: string | null;
  /** Reference of the stage its blocks lean on; null if it is stored whole. */
  readonly base: string | null;
  readonly level: number;
  /** Whether it is the design's head now. */
  readonly head: boolean;
  readonly rawBytes: number;
  readonly storedBytes: number;
  readonly derivedBytes: number;
  readonly incomplete: boolean;
  readonly unit: string | null;
  readonly context: Readonly<Record<string, unknown>>;
  /** The log's tree head, `<size>-<hex>`. */
  readonly ledgerHead: string;
  readonly files: readonly SealedFile[];
  readonly summary: readonly TimingSummary[];
}

/** One stage in full, by `design@stage`. */
export async function showStage(ledger: Ledger, reference: string): Promise<{ ok: true; stage: StageView } | Refusal> {
  const found = await findStage(ledger, reference);
  return found.ok ? { ok: true, stage: await viewStage(ledger, found.row) } : found;
}

export async function viewStage(ledger: Ledger, row: CommittedRow): Promise<StageView> {
  const { tables } = ledger.readModels;
  const { seal, committed } = row;
  const design = designSnapshot(tables, row.design)?.design ?? emptyDesign;
  return {
    design: row.design,
    stage: row.stage,
    reference: referenceOf(design, row.checkpointId),
    checkpoint: row.checkpointId,
    event: committed.number,
    at: committed.at,
    actor: row.actor,
    parent: committed.parent && referenceOf(design, committed.parent),
    base: seal.base && referenceOf(design, seal.base),
    level: seal.level,
    head: design.head === row.checkpointId,
    rawBytes: seal.rawBytes,
    storedBytes: row.storedBytes,
    derivedBytes: row.derivedBytes,
    incomplete: seal.incomplete,
    unit: seal.unit,
    context: row.context,
    ledgerHead: ledgerHead(tables),
    files: await filesOf(ledger, row),
    summary: seal.summary,
  };
}
