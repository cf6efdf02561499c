import { checkpointByKey, checkpointSnapshot } from "../../projections/checkpoints.js";
import { designSnapshot } from "../../projections/rollback-targets.js";
import { stageByCheckpoint } from "../../projections/timing-stages.js";
import { captureStage } from "../../schemas/commands/timing-commands.js";
import type { JsonObject } from "../../schemas/names.js";
import type { SealedFile, StageSeal } from "../../schemas/stage-seal.js";
import { type Design, emptyDesign, refuseTakenName, resolveStage } from "../domain/design.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import type { ByteSource } from "../opensta/byte-source.js";
import type { ReportNote } from "../opensta/report-records.js";
import { modelKey } from "../timing/model/kept-model.js";
import { StageEncoder } from "../timing/stage-encoder.js";
import type { ManifestFile } from "../timing/stage-manifest.js";
import { type FileTiming, summarize } from "../timing/stage-summary.js";
import { type CaptureRun, declareAbandoned, holdLease, leaseEnd } from "./capture-lease.js";
import { newCheckpointId, parse, runCheckpointCommand } from "./checkpoint-commands.js";
import { ChunkWriter, freeChunkStream } from "./chunk-stream.js";
import { pinTablesFirst } from "./coding-order.js";
import { newCommandKey } from "./command-key.js";
import { runDesignCommand } from "./design-commands.js";
import { FileObserver } from "./file-observer.js";
import type { Caller, Ledger } from "./ledger.js";
import { finishHeadMoves } from "./rollback.js";
import { fitting } from "./seal-fitting.js";
import { baseForm, type CommittedRow, committedRow, openStage } from "./stage-access.js";
import { finishForm, withoutBlocks } from "./stage-form.js";
import { type StageView, viewStage } from "./stage-view.js";

/** One file of a capture. */
export interface CaptureFile {
  /** Its name in the stage. */
  readonly name: string;
  /** Its text. */
  readonly source: ByteSource;
  /** What the user said of it. */
  readonly context?: JsonObject;
  /** The corner of a report that does not name its own. */
  readonly corner?: string;
  /** The compressed file that the text comes in; asked for once the text has been read. */
  readonly container?: () => NonNullable<SealedFile["container"]>;
}

export interface CaptureRequest {
  readonly design: string;
  readonly stage: string;
  readonly parent?: string | undefined;
  readonly context?: JsonObject;
  readonly unit?: string | undefined;
  readonly corner?: string | undefined;
  readonly strict?: boolean;
  readonly plain?: boolean;
}

export interface CaptureProgress {
  readonly file: string;
  readonly bytes: number;
  readonly paths: number;
}

export interface Captured {
  readonly ok: true;
  readonly stage: StageView;
  /** Cut records and the like, by file. */
  readonly warnings: readonly (ReportNote & { readonly file: string })[];
  /** False if the head had moved on meanwhile: the stage is a sibling then. */
  readonly movedHead: boolean;
}

/** Delta stages that a capture lets stand on one another before it writes a full one; `compact` allows more. */
const baseLevelsMax = 8;

/**
 * Captures files as a stage of a design: streamed into chunk events, sealed, then committed. What was acknowledged
 * stays; what was interrupted never shows.
 * @example await capture(ledger, { design: "lane", stage: "cts" }, [{ name: "max.rpt", source: openSource("max.rpt") }])
 */
export async function capture(
  ledger: Ledger,
  request: CaptureRequest,
  files: readonly CaptureFile[],
  caller: Caller = {},
  onProgress?: (progress: CaptureProgress) => void,
): Promise<Captured | Refusal> {
  const parsed = parse(captureStage, request);
  if (!parsed.ok) return parsed;
  const { design, stage, strict, plain, unit } = parsed.value;
  const twice = files.find((file, index) => files.findIndex((other) => other.name === file.name) !== index);
  if (twice)
    return refuse(
      "invalid",
      `two files would be called ${twice.name} in the stage`,
      "Nothing was written. Use --root so that their folders tell them apart.",
    );
  if (files.length === 0)
    return refuse("invalid", "a capture needs at least one file", "Name report files, or - for standard input.");

  const key = caller.key ?? newCommandKey(ledger.now());
  const actor = caller.actor ?? ledger.actor;
  await finishHeadMoves(ledger, design);
  await declareAbandoned(ledger, design, actor);
  const known = caller.key === undefined ? null : checkpointByKey(ledger.readModels.tables, key);
  const retried = known && (await answerRetry(ledger, known.checkpoint.checkpointId, key, actor));
  if (retried) return retried;

  const state = designSnapshot(ledger.readModels.tables, design)?.design ?? emptyDesign;
  const parent =
    parsed.value.parent === undefined ? state.head : resolveStage(state, parsed.value.parent)?.checkpointId;
  if (parent === undefined)
    return refuse(
      "not-found",
      `design "${design}" has no stage "${parsed.value.parent}"`,
      `\`ckpt log ${design}\` lists its stages.`,
    );
  const taken = refuseTakenName(state, { design, stage, parent });
  if (taken) return await whenTaken(ledger, taken, state, stage);

  const checkpointId =
    known?.checkpoint.checkpointId ?? newCheckpointId({ taskId: design, step: state.stages.size + 1, key });
  const run = { checkpointId, key, actor };
  if (!known) {
    const birth = await runCheckpointCommand(ledger, { ...run, step: "create" }, async () => ({
      type: "create",
      data: {
        checkpointId,
        kind: "timing",
        key,
        taskId: design,
        taskTitle: `${design}@${stage}`,
        stepNumber: state.stages.size + 1,
        stepDescription: stage,
        timing: { design, stage, parent, context: parsed.value.context, leaseUntil: leaseEnd(ledger) },
      },
    }));
    if (!birth.ok) return birth;
  }
  const begun = await runCheckpointCommand(ledger, { ...run, step: "activate" }, async () => ({ type: "activate" }));
  if (!begun.ok && begun.code !== "conflict") return begun;

  const writer = new ChunkWriter(ledger, await freeChunkStream(ledger, checkpointId), key);
  const lease = holdLease(ledger, run);
  const warnings: (ReportNote & { file: string })[] = [];
  let encoder: StageEncoder | null = null;
  try {
    let sealed: Pick<StageSeal, "rawBytes" | "chunks">;
    try {
      // After the capture has said that it begins: from then on no form is erased that it could choose.
      await ledger.readModels.refresh();
      const base = parent === null ? null : chooseBase(ledger, parent);
      encoder = new StageEncoder(writer, base && (await openStage(ledger, base)), plain);
      const results = new Map<string, Awaited<ReturnType<typeof readFile>>>();
      for (const file of await pinTablesFirst(files)) {
        const result = await readFile(encoder, file, file.corner ?? parsed.value.corner ?? null, (progress) => {
          caller.signal?.throwIfAborted();
          onProgress?.(progress);
        });
        warnings.push(...result.cut.map((note) => ({ ...note, file: file.name })));
        if (strict && result.cut.length > 0) throw new IncompleteInput(file.name, result.cut[0]!);
        results.set(file.name, result);
      }
      const inOrder = files.map(({ name }) => results.get(name)!);
      const encoded = await Promise.all(inOrder.map(async ({ file }) => await file));
      caller.signal?.throwIfAborted();
      const timings: FileTiming[] = inOrder.map(({ timing }) => timing);
      const form = await finishForm(writer, encoded, base && baseForm(base));
      const listed = encoded.map(withoutBlocks);
      const written = {
        ...form,
        rawBytes: listed.reduce((sum, file) => sum + file.rawBytes, 0),
        incomplete: listed.some((file) => file.incomplete),
        files: listed,
        fileCount: listed.length,
        summary: summarize(timings),
        unit: unit ?? null,
      };
      const chunks = (await writer.finish())!;
      const done = await runCheckpointCommand(ledger, { ...run, step: "seal" }, async () => ({
        type: "complete",
        seal: fitting({ ...written, chunks }),
      }));
      if (!done.ok) return done;
      sealed = { ...written, chunks };
    } catch (error) {
      return await failed(ledger, run, writer, error);
    } finally {
      lease.end();
    }
    const answer = await commit(ledger, checkpointId, key, actor);
    if (!answer.ok) return answer;
    await keepModel(ledger, encoder, sealed);
    return { ...answer, warnings };
  } finally {
    await encoder?.close();
  }
}

/** Reads one file through to its end, observed on the way; it may still be encoded while the next one is read. */
async function readFile(
  encoder: StageEncoder,
  file: CaptureFile,
  corner: string | null,
  onProgress: (progress: CaptureProgress) => void,
): Promise<{ file: Promise<ManifestFile>; timing: FileTiming; cut: readonly ReportNote[] }> {
  const observer = new FileObserver(file.name, corner);
  let bytes = 0;
  const { encoded } = await encoder.encode(file.name, file.source, (block) => {
    observer.push(block);
    bytes += block.length;
    onProgress({ file: file.name, bytes, paths: observer.paths });
  });
  const { kind, timing } = observer.finish();
  const container = file.container?.();
  const { name, context } = file;
  const described = {
    kind,
    ...(observer.paths > 0 ? { paths: observer.paths } : {}),
    ...(observer.cut.length > 0 ? { incomplete: true } : {}),
    ...(context && Object.keys(context).length > 0 ? { context } : {}),
    ...(container ? { container } : {}),
  };
  const whole = encoded.then((done) => ({ name, ...done, ...described }));
  // Told when the stage is put together, also where another file fails first.
  whole.catch(() => undefined);
  return { file: whole, timing, cut: observer.cut };
}

/** Text of a stage below which its model is not kept: reading it again takes no time. */
const keptTextMin = 4 << 20;

/** Keeps the model for the next stage; where it cannot be kept, the next capture reads this one's blocks. */
async function keepModel(
  ledger: Ledger,
  encoder: StageEncoder,
  { rawBytes, chunks }: Pick<StageSeal, "rawBytes" | "chunks">,
): Promise<void> {
  const place = !ledger.keepsModels || rawBytes < keptTextMin ? null : ledger.cache.place(modelKey(chunks.stream));
  if (place) await encoder.keepModel(place).catch(() => undefined);
}

class IncompleteInput extends Error {
  constructor(
    readonly file: string,
    readonly note: ReportNote,
  ) {
    super(`${file} holds a cut record at byte ${note.byteOffset} (line ${note.line})`);
  }
}

/** Seals nothing: says in the checkpoint's stream that the capture failed, and what had streamed. */
async function failed(ledger: Ledger, run: CaptureRun, writer: ChunkWriter, error: unknown): Promise<Refusal> {
  const message = error instanceof Error ? error.message : String(error);
  const chunks = await writer.finish().catch(() => null);
  await runCheckpointCommand(ledger, { ...run, step: "fail" }, async () => ({
    type: "fail",
    error: { code: error instanceof IncompleteInput ? "incomplete-input" : "capture-failed", message },
    ...(chunks ? { chunks: [chunks] } : {}),
  })).catch(() => undefined);
  if (error instanceof IncompleteInput)
    return refuse(
      "incomplete-input",
      message,
      "The stage was not committed. Capture the whole file, or leave out --strict to keep what is there.",
    );
  throw error;
}

/** The commit point: from here on the stage exists. */
async function commit(ledger: Ledger, checkpointId: string, key: string, actor: string): Promise<Captured | Refusal> {
  await ledger.readModels.refresh();
  const row = stageByCheckpoint(ledger.readModels.tables, checkpointId);
  const parent = checkpointSnapshot(ledger.readModels.tables, checkpointId)!.checkpoint.timing!.parent;
  const { design, stage, sealHash, seal } = row!;
  const { baseStream = null } = seal!;
  const command = {
    type: "commit-stage",
    design,
    stage,
    checkpointId,
    sealHash: sealHash!,
    parent,
    baseStream,
  } as const;
  const committed = await runDesignCommand(ledger, design, () => command, { key, actor, step: "commit" });
  if (!committed.ok) {
    const next = committed.code === "exists-already" ? "Choose another name and capture again." : "Capture again.";
    return { ...committed, cure: `The stage was not committed; what was read is kept with its checkpoint. ${next}` };
  }
  const view = await viewStage(ledger, committedRow(ledger, checkpointId));
  return { ok: true, stage: view, warnings: [], movedHead: view.head };
}

/** A second try with the same key: the first answer, or the missing commit; null if it has to be captured again. */
async function answerRetry(
  ledger: Ledger,
  checkpointId: string,
  key: string,
  actor: string,
): Promise<Captured | Refusal | null> {
  const row = stageByCheckpoint(ledger.readModels.tables, checkpointId);
  if (row?.committed) {
    const view = await viewStage(ledger, committedRow(ledger, checkpointId));
    return { ok: true, stage: view, warnings: [], movedHead: view.head };
  }
  return row?.seal ? await commit(ledger, checkpointId, key, actor) : null;
}

/**
 * The stage that the new one's blocks lean on: its parent, unless restoring would take too long. That takes as long as
 * reading the text of all levels, whatever their stored bytes are: a small delta costs no less time than a large one.
 * Whether another stage is nearer shows in the text alone, which is read once, while it is stored: `compact` looks later.
 */
function chooseBase(ledger: Ledger, parent: string): CommittedRow | null {
  const row = committedRow(ledger, parent);
  return row.seal.level < baseLevelsMax ? row : null;
}

async function whenTaken(ledger: Ledger, taken: Refusal, state: Design, stage: string): Promise<Refusal> {
  const other = resolveStage(state, stage);
  const row = other && committedRow(ledger, other.checkpointId);
  if (!row) return taken;
  const when = row.committed.at.slice(0, 16).replace("T", " ");
  return { ...taken, message: `${taken.message} (event ${row.committed.number}, ${when}, by ${row.actor})` };
}
