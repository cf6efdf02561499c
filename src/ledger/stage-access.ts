import type { CachePlace } from "../cache/cache-store.js";
import { designSnapshot } from "../../projections/rollback-targets.js";
import { type NamedForm, stageForm } from "../../projections/stage-forms.js";
import { stageByCheckpoint, type TimingStageRow } from "../../projections/timing-stages.js";
import { resolveStage } from "../domain/design.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import { decodeManifest, type StageManifest } from "../timing/stage-manifest.js";
import { type PayloadReader, StageReader } from "../timing/stage-reader.js";
import { ChunkReader } from "./chunk-stream.js";
import { modelKey } from "../timing/model/kept-model.js";
import type { Ledger } from "./ledger.js";
import { type BaseForm, withoutBlocks } from "./stage-form.js";

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

/** Opens a stage for reading, in the form that it has now, with the forms it leans on. */
export async function openStage(ledger: Ledger, row: CommittedRow): Promise<StageReader> {
  return await openForm(row.seal.chunks.stream, (stream) => storedForm(ledger, stream));
}

/** Where a form's bytes lie, and which form they lean on. */
export interface ReadableForm extends Pick<NamedForm, "manifest" | "baseStream"> {
  readonly payload: PayloadReader;
  /** Where the model may be kept as this form left it. */
  readonly model: CachePlace | null;
}

/** Opens the form of a chunk stream; `find` knows it and those it leans on. */
export async function openForm(stream: string, find: (stream: string) => ReadableForm): Promise<StageReader> {
  const chain: ReadableForm[] = [];
  for (let at: string | null = stream; at !== null; at = chain.at(-1)!.baseStream) chain.push(find(at));
  let reader: StageReader | null = null;
  for (const { manifest, payload, model } of chain.toReversed())
    reader = new StageReader(await readManifest(payload, manifest), payload, reader, model);
  return reader!;
}

/** A form that lies in the ledger. */
export function storedForm(ledger: Ledger, stream: string): ReadableForm {
  const found = stageForm(ledger.readModels.tables, stream);
  if (!found) throw new Error(`${stream} is no form in the read models; \`ckpt rebuild\` makes them again`);
  const payload = new ChunkReader(ledger, found.form.chunks);
  return { ...found.form, payload, model: ledger.cache.place(modelKey(stream)) };
}

/** A stage as another leans on it. */
export function baseForm({ checkpointId, seal }: CommittedRow): BaseForm {
  return { checkpointId, stream: seal.chunks.stream, level: seal.level, chainBytes: seal.chainBytes };
}

/** The files of a stage: from its seal, or from the manifest where they were too many for it. */
export async function filesOf(ledger: Ledger, row: CommittedRow) {
  if (row.seal.files) return row.seal.files;
  const manifest = await readManifest(new ChunkReader(ledger, row.seal.chunks), row.seal.manifest);
  return manifest.files.map(withoutBlocks);
}

async function readManifest(payload: PayloadReader, { at, bytes }: NamedForm["manifest"]): Promise<StageManifest> {
  return await decodeManifest(await payload.read(at, bytes));
}
