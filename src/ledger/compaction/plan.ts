import { formsOf, type NamedForm, type StageFormRow } from "../../../projections/stage-forms.js";
import type { ManifestFile } from "../../timing/stage-manifest.js";
import type { StageReader } from "../../timing/stage-reader.js";
import { chunkStreamName } from "../chunk-stream.js";
import type { Ledger } from "../ledger.js";
import { type CommittedRow, filesOf, openForm, type ReadableForm, storedForm } from "../stage-access.js";
import { baseCandidates, type PossibleBase } from "./base-candidates.js";
import { encodeForm } from "./encode-form.js";
import type { FormSpool, SpooledForm } from "./form-spool.js";

/** What a stage has to win to be written anew: a twentieth of its bytes, and what the events of it take. */
const worthwhileShare = 0.05;
export const eventBytesEach = 2048;

/** A form that is held in the spool, and all that its event says. */
export interface HeldForm {
  readonly form: Omit<NamedForm, "chunks">;
  readonly files: readonly ManifestFile[];
  readonly payload: SpooledForm;
}

/** A stage as it is going to be stored. */
export interface PlannedStage extends PossibleBase {
  readonly row: CommittedRow;
  readonly stream: string;
  readonly base: string | null;
  readonly baseStream: string | null;
  readonly chainBytes: number;
  readonly bytes: number;
  /** The new form; null if the stage stays as it is. */
  readonly held: HeldForm | null;
}

/** How far the search has come. */
export interface CompactProgress {
  readonly design: string;
  readonly stage: string;
  /** The stage's place among those of the design, from 1, and how many they are. */
  readonly at: number;
  readonly of: number;
  /** The base that is tried; null: none. */
  readonly base: string | null;
  /** Text encoded in this attempt, in bytes, and the stage's whole text. */
  readonly bytes: number;
  readonly rawBytes: number;
}

/**
 * Chooses for each stage of a design, in commit order, the base against which it takes least; the ledger stays as it is.
 * Stages that were looked at before are taken up again only where the form that they lean on changes.
 */
export class CompactionPlan {
  readonly #forms: ReadonlyMap<string, StageFormRow>;
  readonly #planned = new Map<string, PlannedStage>();

  constructor(
    private readonly ledger: Ledger,
    private readonly spool: FormSpool,
    private readonly options: {
      readonly design: string;
      /** In commit order. */
      readonly stages: readonly CommittedRow[];
      /** The last stage that was looked at before. */
      readonly knownUpTo: string | null;
      /** Ends the names of new chunk streams; never used before. */
      readonly attempt: string;
      readonly onProgress: (progress: CompactProgress) => void;
    },
  ) {
    const forms = formsOf(ledger.readModels.tables, options.design);
    this.#forms = new Map(forms.map((each) => [each.form.chunks.stream, each]));
  }

  /** Every stage as it is going to be stored, in commit order. */
  async make(): Promise<PlannedStage[]> {
    const { stages, knownUpTo } = this.options;
    const known = stages.findIndex(({ checkpointId }) => checkpointId === knownUpTo);
    for (const [at, row] of stages.entries())
      this.#planned.set(row.checkpointId, await this.#plan(row, at, at <= known));
    return [...this.#planned.values()];
  }

  /** Chunk bytes of all forms that are needed to read every sealed stage, as the forms are now and as they would be. */
  neededBytes(): { readonly before: number; readonly after: number } {
    const current = [...this.#forms.values()].filter(({ state }) => state === "current");
    const streams = current.map(({ form }) => form.chunks.stream);
    const moved = current.map(
      ({ checkpointId, form }) => this.#planned.get(checkpointId)?.stream ?? form.chunks.stream,
    );
    return { before: this.#chainBytes(streams), after: this.#chainBytes(moved) };
  }

  async #plan(row: CommittedRow, at: number, isKnown: boolean): Promise<PlannedStage> {
    const present = await this.#present(row);
    const base = present.base === null ? undefined : this.#planned.get(present.base);
    const mustMove = base !== undefined && base.stream !== present.baseStream;
    if (isKnown && !mustMove) return present;
    const source = await this.#open(present.stream);
    const before = [...this.#planned.values()];
    const candidates = baseCandidates(present, before, { mustMove, again: !isKnown && isPlain(source) });
    const bytesMax = mustMove ? Infinity : Math.floor(present.bytes * (1 - worthwhileShare)) - eventBytesEach;
    const held = await this.#cheapest(source, present, isKnown ? candidates.slice(0, 1) : candidates, { at, bytesMax });
    return held ? this.#moved(present, held) : present;
  }

  async #cheapest(
    source: StageReader,
    { row, rawBytes }: PlannedStage,
    candidates: readonly (string | null)[],
    { at, bytesMax }: { readonly at: number; readonly bytesMax: number },
  ): Promise<HeldForm | null> {
    const { design, stages, onProgress } = this.options;
    let best: Awaited<ReturnType<typeof encodeForm>> = null;
    for (const candidate of candidates) {
      const form = candidate === null ? null : this.#planned.get(candidate)!;
      const base = form && { form, reader: await this.#open(form.stream) };
      const progress = {
        design,
        stage: row.stage,
        at: at + 1,
        of: stages.length,
        base: form?.row.stage ?? null,
        rawBytes,
      };
      let bytes = 0;
      const onBytes = (taken: number) => onProgress({ ...progress, bytes: (bytes += taken) });
      best = (await encodeForm({ source, base, bytesMax: best ? best.bytes - 1 : bytesMax, onBytes })) ?? best;
    }
    return best && { form: best.form, files: best.files, payload: await this.spool.add(best.parts) };
  }

  async #present(row: CommittedRow): Promise<PlannedStage> {
    const { checkpointId, seal } = row;
    const { stream, bytes } = seal.chunks;
    const { form } = this.#forms.get(stream)!;
    const below = chainOf(form.baseStream, (each) => this.#forms.get(each)!.form.baseStream);
    return {
      row,
      checkpointId,
      parent: row.committed.parent,
      rawBytes: seal.rawBytes,
      files: await filesOf(this.ledger, row),
      stream,
      base: form.base,
      baseStream: form.baseStream,
      level: form.level,
      chainBytes: form.chainBytes,
      bytes,
      textBefore: below.reduce((sum, each) => sum + this.#forms.get(each)!.rawBytes, 0),
      held: null,
    };
  }

  #moved(present: PlannedStage, held: HeldForm): PlannedStage {
    const { base, baseStream, level, chainBytes } = held.form;
    const below = base === null ? null : this.#planned.get(base)!;
    return {
      ...present,
      stream: chunkStreamName(present.checkpointId, this.options.attempt),
      base,
      baseStream,
      level,
      chainBytes,
      bytes: held.payload.bytes,
      textBefore: below ? below.textBefore + below.rawBytes : 0,
      held,
    };
  }

  async #open(stream: string): Promise<StageReader> {
    const held = this.#heldByStream();
    return await openForm(stream, (each): ReadableForm => {
      const own = held.get(each);
      return own ? { ...own.form, payload: own.payload, model: null } : storedForm(this.ledger, each);
    });
  }

  #heldByStream(): Map<string, HeldForm> {
    const stages = [...this.#planned.values()];
    return new Map(stages.flatMap(({ stream, held }) => (held ? [[stream, held] as const] : [])));
  }

  #chainBytes(streams: readonly string[]): number {
    const planned = new Map([...this.#planned.values()].map((stage) => [stage.stream, stage]));
    const baseOf = (stream: string) => (planned.get(stream) ?? this.#forms.get(stream)!.form).baseStream;
    const needed = new Set(streams.flatMap((stream) => chainOf(stream, baseOf)));
    const bytesOf = (stream: string) => planned.get(stream)?.bytes ?? this.#forms.get(stream)!.form.chunks.bytes;
    return [...needed].reduce((sum, stream) => sum + bytesOf(stream), 0);
  }
}

/** A form's stream and all that it stands on. */
export function chainOf(stream: string | null, baseOf: (stream: string) => string | null): string[] {
  const chain: string[] = [];
  for (let at = stream; at !== null; at = baseOf(at)) chain.push(at);
  return chain;
}

/** Kinds of files that a model codes, mostly. */
const modelledKinds: ReadonlySet<string> = new Set(["paths", "endpoints", "pins"]);

/** Whether a file that a model could have coded was stored by general compression. */
function isPlain({ manifest }: StageReader): boolean {
  return manifest.files.some(
    ({ kind, rawBytes, blocks }) =>
      modelledKinds.has(kind) && rawBytes > 0 && blocks.every(({ coding }) => coding === "zstd"),
  );
}
