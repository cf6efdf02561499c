import { designNames, designSnapshot } from "../../projections/rollback-targets.js";
import { stagesOf } from "../../projections/timing-stages.js";
import { type Design, referenceOf } from "../domain/design.js";
import type { Refusal } from "../domain/refusal.js";
import { ChunkWriter } from "./chunk-stream.js";
import { newCommandKey } from "./command-key.js";
import { eraseForms } from "./compaction/erase-forms.js";
import { FormSpool } from "./compaction/form-spool.js";
import { CompactionPlan, type CompactProgress, eventBytesEach, type PlannedStage } from "./compaction/plan.js";
import { runDesignCommand } from "./design-commands.js";
import type { Caller, Ledger } from "./ledger.js";
import { type CommittedRow, noDesign } from "./stage-access.js";

export type { CompactProgress };

export interface CompactRequest {
  /** Default: all designs of the ledger. */
  readonly design?: string | undefined;
  /** Only tell what would be done: everything is encoded, nothing is written. */
  readonly dryRun?: boolean | undefined;
}

/** How a stage is stored. */
export interface FormFigures {
  /** Its own chunk data. */
  readonly bytes: number;
  /** Reference of the stage that it leans on; null if it is stored whole. */
  readonly base: string | null;
  readonly level: number;
}

export interface CompactedStage {
  readonly design: string;
  readonly stage: string;
  readonly checkpoint: string;
  readonly rewritten: boolean;
  readonly rawBytes: number;
  readonly before: FormFigures;
  readonly after: FormFigures;
}

export interface Compacted {
  readonly ok: true;
  readonly dryRun: boolean;
  readonly stages: readonly CompactedStage[];
  readonly totals: {
    readonly rewritten: number;
    readonly rawBytes: number;
    /** Chunk data of all forms that the stages are read from. */
    readonly bytesBefore: number;
    readonly bytesAfter: number;
    /** Chunk data of replaced forms that is gone. */
    readonly erasedBytes: number;
    /** … and that has to wait: a capture is under way, or a stage that was not committed leans on it. */
    readonly waitingBytes: number;
    readonly seconds: number;
  };
}

/**
 * Chooses each stage's base anew by what it costs, writes those stages anew that get smaller by it, and erases what no
 * stage needs any more. Whatever happens on the way, every stage stays readable; a second run right after changes nothing.
 * @example const done = await compact(ledger, { design: "lane" }); if (done.ok) console.log(done.totals.bytesAfter);
 */
export async function compact(
  ledger: Ledger,
  request: CompactRequest = {},
  caller: Pick<Caller, "actor"> = {},
  onProgress: (progress: CompactProgress) => void = () => undefined,
): Promise<Compacted | Refusal> {
  const start = performance.now();
  const { dryRun = false } = request;
  const actor = caller.actor ?? ledger.actor;
  await ledger.readModels.refresh();
  const { tables } = ledger.readModels;
  if (request.design !== undefined && !designSnapshot(tables, request.design)) return noDesign(request.design);
  const stages: CompactedStage[] = [];
  const totals = { rewritten: 0, rawBytes: 0, bytesBefore: 0, bytesAfter: 0, erasedBytes: 0, waitingBytes: 0 };
  for (const design of request.design === undefined ? designNames(tables) : [request.design]) {
    const done = await compactDesign(ledger, design, { dryRun, actor, onProgress });
    if ("ok" in done) return done;
    stages.push(...done.stages);
    for (const name of Object.keys(done.totals) as (keyof typeof totals)[]) totals[name] += done.totals[name];
  }
  return { ok: true, dryRun, stages, totals: { ...totals, seconds: (performance.now() - start) / 1000 } };
}

interface Run {
  readonly dryRun: boolean;
  readonly actor: string;
  readonly onProgress: (progress: CompactProgress) => void;
}

async function compactDesign(ledger: Ledger, design: string, { dryRun, actor, onProgress }: Run) {
  const key = newCommandKey(ledger.now());
  const { design: state } = designSnapshot(ledger.readModels.tables, design)!;
  const { compactedUpTo } = state;
  const stages = stagesOf(ledger.readModels.tables, design) as CommittedRow[];
  const spool = await FormSpool.open();
  try {
    const attempt = `c${key.slice(-12)}`;
    const plan = new CompactionPlan(ledger, spool, { design, stages, knownUpTo: compactedUpTo, attempt, onProgress });
    const planned = await plan.make();
    const { before, after } = plan.neededBytes();
    const moved = planned.filter(({ held }) => held !== null);
    const isWorthwhile = after + eventBytesEach * moved.length < before;
    const rewritten = isWorthwhile ? moved : [];
    const bytesAfter = isWorthwhile ? after : before;
    let erased = { erasedBytes: 0, waitingBytes: 0 };
    if (!dryRun) {
      for (const stage of rewritten) {
        const refused = await replaceForm(ledger, stage, { key, actor });
        if (refused) return refused;
      }
      const upTo = stages.at(-1)!.checkpointId;
      if (rewritten.length > 0 || upTo !== compactedUpTo) {
        const figures = { upTo, rewritten: rewritten.length, bytesBefore: before, bytesAfter };
        const finish = { type: "finish-compact", design, ...figures } as const;
        const said = await runDesignCommand(ledger, design, () => finish, { key, actor, step: "finish" });
        if (!said.ok) return said;
      }
      erased = await eraseForms(ledger, design, { key, actor });
    }
    const rawBytes = stages.reduce((sum, { seal }) => sum + seal.rawBytes, 0);
    return {
      stages: planned.map((stage) => figuresOf(state, stage, rewritten.includes(stage))),
      totals: { rewritten: rewritten.length, rawBytes, bytesBefore: before, bytesAfter, ...erased },
    };
  } finally {
    await spool.close();
  }
}

/** Writes the stage's new form into its chunk stream; from the event on, the stage is read from there. */
async function replaceForm(
  ledger: Ledger,
  { row, stream, held }: PlannedStage,
  { key, actor }: { readonly key: string; readonly actor: string },
): Promise<Refusal | null> {
  const { design, checkpointId, seal } = row;
  const { form, files, payload } = held!;
  const writer = new ChunkWriter(ledger, stream, key);
  for await (const piece of payload.pieces()) await writer.write(piece);
  const chunks = (await writer.finish())!;
  const command = {
    type: "recompact-stage",
    design,
    checkpointId,
    replaces: seal.chunks.stream,
    form: { ...form, chunks },
    storedBytes: seal.files && files.map(({ storedBytes }) => storedBytes),
  } as const;
  const request = { key, actor, step: `recompact ${checkpointId}` };
  const said = await runDesignCommand(ledger, design, () => command, request);
  if (said.ok) return null;
  // No event names the chunks, so nobody reads them.
  await ledger.store.deleteStream(stream);
  return { ...said, cure: "Another compact was at work. Every stage can be read; run `ckpt compact` again." };
}

function figuresOf(design: Design, stage: PlannedStage, rewritten: boolean): CompactedStage {
  const { design: name, checkpointId, seal } = stage.row;
  const reference = (id: string | null) => id && referenceOf(design, id);
  const before = { bytes: seal.chunks.bytes, base: reference(seal.base), level: seal.level };
  return {
    design: name,
    stage: referenceOf(design, checkpointId),
    checkpoint: checkpointId,
    rewritten,
    rawBytes: seal.rawBytes,
    before,
    after: rewritten ? { bytes: stage.bytes, base: reference(stage.base), level: stage.level } : before,
  };
}
