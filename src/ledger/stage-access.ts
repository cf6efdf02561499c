import { designSnapshot } from "../../projections/rollback-targets.js";
import { stageByCheckpoint, type TimingStageRow } from "../../projections/timing-stages.js";
import { resolveStage } from "../domain/design.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import { decodeManifest, type StageManifest } from "../timing/stage-manifest.js";
import { StageReader } from "../timing/stage-reader.js";
import { ChunkReader } from "./chunk-stream.js";
import { modelKey, type ModelPlace } from "../timing/model/kept-model.js";
import type { Ledger } from "./ledger.js";

/** A stage that is sealed and committed: all that reading it needs. */
export type CommittedRow = TimingStageRow & {
  readonly seal: NonNullable<TimingStageRow["seal"]>;
  readonly committed: NonNullable<TimingStageRow["committed"]>;
};

/** `design@stage`, with `#n` for the n-th of that name. */
export function splitReference(reference: string): { readonly design: string; readonly stage: string } | Refusal {
  const at = reference.indexOf("@");
  if (at > 0 && at < reference.length - 1) return { design: reference.slice(0, at), stage: reference.slice(at + 1) };
  return refuse(
    "invalid",
    `"${reference}" names no stage`,
    "Write it as DESIGN@STAGE, e.g. lane@cts, or lane@cts#2 for the second of that name.",
  );
}

/** Finds a committed stage by `design@stage`. */
export async function findStage(
  ledger: Ledger,
  reference: string,
): Promise<{ readonly ok: true; readonly row: CommittedRow } | Refusal> {
  const parts = splitReference(reference);
  if ("ok" in parts) return parts;
  await ledger.readModels.refresh();
  const { tables } = ledger.readModels;
  const snapshot = designSnapshot(tables, parts.design);
  if (!snapshot) return noDesign(parts.design);
  const stage = resolveStage(snapshot.design, parts.stage);
  if (!stage)
    return refuse(
      "not-found",
      `design "${parts.design}" has no stage "${parts.stage}"`,
      `\`ckpt log ${parts.design}\` lists its stages.`,
    );
  return { ok: true, row: committedRow(ledger, stage.checkpointId) };
}

/** The row of a committed stage. */
export function committedRow(ledger: Ledger, checkpointId: string): CommittedRow {
  const row = stageByCheckpoint(ledger.readModels.tables, checkpointId);
  if (!row?.seal || !row.committed)
    throw new Error(`${checkpointId} is no committed stage in the read models; \`ckpt rebuild\` makes them again`);
  return row as CommittedRow;
}

export function noDesign(design: string): Refusal {
  return refuse("not-found", `there is no design "${design}" in this ledger`, "`ckpt log` lists the designs.");
}

/** Opens a stage for reading, with the stages it leans on. */
export async function openStage(ledger: Ledger, row: CommittedRow): Promise<StageReader> {
  const chain: CommittedRow[] = [row];
  for (let base = row.seal.base; base !== null; base = chain.at(-1)!.seal.base) chain.push(committedRow(ledger, base));
  let reader: StageReader | null = null;
  for (const each of chain.toReversed()) {
    const chunks = new ChunkReader(ledger, each.seal.chunks);
    reader = new StageReader(
      await readManifest(chunks, each),
      chunks,
      reader,
      modelPlace(ledger, each.seal.chunks.root),
    );
  }
  return reader!;
}

/** The files of a stage: from its seal, or from the manifest where they were too many for it. */
export async function filesOf(ledger: Ledger, row: CommittedRow) {
  if (row.seal.files) return row.seal.files;
  const manifest = await readManifest(new ChunkReader(ledger, row.seal.chunks), row);
  return manifest.files.map(({ blocks: _, ...file }) => file);
}

async function readManifest(chunks: ChunkReader, { seal }: CommittedRow): Promise<StageManifest> {
  return await decodeManifest(await chunks.read(seal.manifest.at, seal.manifest.bytes));
}

export function modelPlace(_ledger: Ledger, root: string): ModelPlace | null {
  return process.env.XCACHE ? { folder: process.env.XCACHE, bytesMax: 4 * 2 ** 30, key: modelKey(root) } : null;
}
