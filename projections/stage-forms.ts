import type { StageForm } from "../schemas/stage-seal.js";
import type { ProjectedEvent, Projection } from "./projection.js";
import type { StatementCache } from "./statement-cache.js";

/** Every form in which a timing stage is or was stored, by its chunk stream; which form leans on which. */
export const stageForms: Projection = {
  name: "stage-forms",
  version: 1,
  ordered: "stream",
  tables: ["rm_stage_forms"],
  schema: [
    `CREATE TABLE rm_stage_forms (
       stream TEXT PRIMARY KEY, checkpoint_id TEXT NOT NULL, state TEXT NOT NULL, raw_bytes INTEGER NOT NULL,
       form TEXT NOT NULL
     )`,
    `CREATE INDEX rm_stage_forms_checkpoint ON rm_stage_forms (checkpoint_id, state)`,
  ],
  queryIndices: [],
  apply(tables, events) {
    for (const event of events) applyOne(tables, event);
  },
};

/** Whether the stage is read from it, another form took its place, or its chunks are gone too. */
export type FormState = "current" | "replaced" | "erased";

/** A form that names its base's form. */
export type NamedForm = StageForm & { readonly baseStream: string | null };

export interface StageFormRow {
  readonly checkpointId: string;
  readonly state: FormState;
  /** The stage's text. */
  readonly rawBytes: number;
  readonly form: NamedForm;
}

function applyOne(tables: StatementCache, { stored, event }: ProjectedEvent): void {
  switch (event.type) {
    case "CheckpointCompleted": {
      const { seal } = event.data;
      if (!seal) return;
      const { chunks, manifest, base, level, chainBytes, rawBytes } = seal;
      const baseStream = seal.baseStream ?? (base === null ? null : currentStream(tables, base));
      const form = { chunks, manifest, base, baseStream, level, chainBytes };
      insert(tables, stored.stream.slice("checkpoint-".length), rawBytes, form);
      return;
    }
    case "StageRecompacted": {
      const { checkpointId, replaces, form } = event.data;
      const before = stageForm(tables, replaces);
      if (!before) throw new Error(`the form in ${replaces} is not in this read model`);
      setState(tables, replaces, "replaced");
      insert(tables, checkpointId, before.rawBytes, form);
      return;
    }
    case "ChunksErased":
      setState(tables, event.data.chunks.stream, "erased");
      return;
    default:
      return;
  }
}

function insert(tables: StatementCache, checkpointId: string, rawBytes: number, form: NamedForm): void {
  const sql = `INSERT INTO rm_stage_forms VALUES (?, ?, 'current', ?, ?)`;
  tables.run(sql, form.chunks.stream, checkpointId, rawBytes, JSON.stringify(form));
}

function setState(tables: StatementCache, stream: string, state: FormState): void {
  tables.run(`UPDATE rm_stage_forms SET state = ? WHERE stream = ?`, state, stream);
}

function currentStream(tables: StatementCache, checkpointId: string): string | null {
  const sql = `SELECT stream FROM rm_stage_forms WHERE checkpoint_id = ? AND state = 'current'`;
  return tables.get<{ stream: string }>(sql, checkpointId)?.stream ?? null;
}

/** The form that lies in a chunk stream. */
export function stageForm(tables: StatementCache, stream: string): StageFormRow | null {
  const row = tables.get<FormRow>(`SELECT ${columns} FROM rm_stage_forms AS f WHERE stream = ?`, stream);
  return row ? toForm(row) : null;
}

/** All forms of a design's sealed stages, erased ones too, in no order. */
export function formsOf(tables: StatementCache, design: string): StageFormRow[] {
  const sql = `SELECT ${columns} FROM rm_stage_forms AS f JOIN rm_stages AS s USING (checkpoint_id) WHERE s.design = ?`;
  return tables.all<FormRow>(sql, design).map(toForm);
}

/** The chunk streams of a design's stages that others took the place of. */
export function replacedStreams(tables: StatementCache, design: string): Map<string, "kept" | "erased"> {
  const rows = tables.all<{ stream: string; state: FormState }>(
    `SELECT f.stream, f.state FROM rm_rollback_targets AS t JOIN rm_stage_forms AS f USING (checkpoint_id)
     WHERE t.design = ? AND f.state <> 'current'`,
    design,
  );
  return new Map(rows.map(({ stream, state }) => [stream, state === "erased" ? "erased" : "kept"]));
}

const columns = "f.checkpoint_id AS checkpointId, f.state, f.raw_bytes AS rawBytes, f.form";

interface FormRow extends Omit<StageFormRow, "form"> {
  readonly form: string;
}

function toForm(row: FormRow): StageFormRow {
  return { ...row, form: JSON.parse(row.form) as NamedForm };
}
