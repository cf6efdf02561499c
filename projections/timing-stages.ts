import type { StageSeal } from "../schemas/stage-seal.js";
import { eventBytes, type ProjectedEvent, type Projection } from "./projection.js";
import type { StatementCache } from "./statement-cache.js";

/** Every timing capture: its subject, its seal once it is sealed (in the form that it has now), its place among the stages once it is committed. */
export const timingStages: Projection = {
  name: "timing-stages",
  version: 2,
  ordered: "stream",
  tables: ["rm_stages"],
  schema: [
    `CREATE TABLE rm_stages (
       checkpoint_id TEXT PRIMARY KEY, design TEXT NOT NULL, stage TEXT NOT NULL, actor TEXT NOT NULL,
       began_at TEXT NOT NULL, stored_bytes INTEGER NOT NULL, context TEXT NOT NULL,
       seal TEXT, seal_hash TEXT, sealed_at TEXT,
       ordinal INTEGER, parent TEXT, number INTEGER, committed_at TEXT
     )`,
    `CREATE INDEX rm_stages_name ON rm_stages (design, stage) WHERE number IS NOT NULL`,
  ],
  queryIndices: [`CREATE INDEX rm_stages_design ON rm_stages (design, number) WHERE number IS NOT NULL`],
  apply(tables, events) {
    for (const event of events) applyOne(tables, event);
  },
};

function applyOne(tables: StatementCache, projected: ProjectedEvent): void {
  const { stored, event } = projected;
  switch (event.type) {
    case "CheckpointCreated":
      if (event.data.timing)
        tables.run(
          `INSERT INTO rm_stages (checkpoint_id, design, stage, actor, began_at, stored_bytes, context) VALUES (?, ?, ?, ?, ?, ?, ?)`,
          event.data.checkpointId,
          event.data.timing.design,
          event.data.timing.stage,
          projected.metadata.actor,
          projected.at,
          eventBytes(stored),
          JSON.stringify(event.data.timing.context),
        );
      return;
    case "CheckpointActivated":
      addBytes(tables, checkpointOf(stored.stream), eventBytes(stored));
      return;
    case "CheckpointCompleted":
      if (event.data.seal)
        tables.change(
          `the capture ${checkpointOf(stored.stream)}`,
          `UPDATE rm_stages SET seal = ?, seal_hash = ?, sealed_at = ?, stored_bytes = stored_bytes + ? WHERE checkpoint_id = ?`,
          JSON.stringify(event.data.seal),
          projected.hash,
          projected.at,
          eventBytes(stored) + event.data.seal.chunks.storedBytes,
          checkpointOf(stored.stream),
        );
      return;
    case "StageCommitted": {
      const { design, stage, checkpointId, parent } = event.data;
      tables.change(
        `the seal of ${checkpointId}`,
        `UPDATE rm_stages SET number = ?, committed_at = ?, parent = ?, stored_bytes = stored_bytes + ?,
           ordinal = 1 + (SELECT count(*) FROM rm_stages WHERE design = ? AND stage = ? AND number IS NOT NULL)
         WHERE checkpoint_id = ? AND seal IS NOT NULL`,
        stored.number,
        projected.at,
        parent,
        eventBytes(stored),
        design,
        stage,
        checkpointId,
      );
      return;
    }
    case "StageRecompacted": {
      const { checkpointId, form, storedBytes } = event.data;
      const before = stageByCheckpoint(tables, checkpointId)?.seal;
      if (!before) throw new Error(`the seal of ${checkpointId} is not in this read model`);
      const files = before.files?.map((file, at) => ({ ...file, storedBytes: storedBytes![at]! })) ?? null;
      const seal: StageSeal = { ...before, ...form, files };
      tables.run(`UPDATE rm_stages SET seal = ? WHERE checkpoint_id = ?`, JSON.stringify(seal), checkpointId);
      addBytes(tables, checkpointId, eventBytes(stored) + form.chunks.storedBytes);
      return;
    }
    case "ChunksErased":
      addBytes(tables, event.data.checkpointId, eventBytes(stored) - event.data.chunks.storedBytes);
      return;
    default:
      // Leases, tags and rollbacks say nothing new of a stage's content.
      return;
  }
}

/** A capture as the read model has it; `committed` is null until StageCommitted. */
export interface TimingStageRow {
  readonly checkpointId: string;
  readonly design: string;
  readonly stage: string;
  readonly actor: string;
  readonly beganAt: string;
  /** Bytes of the events that hold the stage, a replaced form's too until it is erased. */
  readonly storedBytes: number;
  /** Bytes of this read model's row. */
  readonly derivedBytes: number;
  readonly context: Record<string, unknown>;
  readonly seal: StageSeal | null;
  readonly sealHash: string | null;
  readonly committed: {
    readonly ordinal: number;
    readonly parent: string | null;
    /** Event number of StageCommitted. */
    readonly number: number;
    readonly at: string;
  } | null;
}

export function stageByCheckpoint(tables: StatementCache, checkpointId: string): TimingStageRow | null {
  return toStage(tables.get<StageRow>(`SELECT * FROM rm_stages WHERE checkpoint_id = ?`, checkpointId));
}

/** A design's committed stages in commit order. */
export function stagesOf(tables: StatementCache, design: string): TimingStageRow[] {
  const sql = `SELECT * FROM rm_stages WHERE design = ? AND number IS NOT NULL ORDER BY number`;
  return tables.all<StageRow>(sql, design).map((row) => toStage(row)!);
}

interface StageRow {
  readonly checkpoint_id: string;
  readonly design: string;
  readonly stage: string;
  readonly actor: string;
  readonly began_at: string;
  readonly stored_bytes: number;
  readonly context: string;
  readonly seal: string | null;
  readonly seal_hash: string | null;
  readonly ordinal: number | null;
  readonly parent: string | null;
  readonly number: number | null;
  readonly committed_at: string | null;
}

function toStage(row: StageRow | undefined): TimingStageRow | null {
  if (!row) return null;
  return {
    checkpointId: row.checkpoint_id,
    design: row.design,
    stage: row.stage,
    actor: row.actor,
    beganAt: row.began_at,
    storedBytes: row.stored_bytes,
    derivedBytes: Object.values(row).reduce((sum, cell) => sum + String(cell ?? "").length, 0),
    context: JSON.parse(row.context) as Record<string, unknown>,
    seal: row.seal === null ? null : (JSON.parse(row.seal) as StageSeal),
    sealHash: row.seal_hash,
    committed:
      row.number === null
        ? null
        : { ordinal: row.ordinal!, parent: row.parent, number: row.number, at: row.committed_at! },
  };
}

function addBytes(tables: StatementCache, checkpointId: string, bytes: number): void {
  tables.run(`UPDATE rm_stages SET stored_bytes = stored_bytes + ? WHERE checkpoint_id = ?`, bytes, checkpointId);
}

function checkpointOf(stream: string): string {
  return stream.slice("checkpoint-".length);
}
