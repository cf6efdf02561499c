import type { Design } from "../src/domain/design.js";
import type { ProjectedEvent, Projection } from "./projection.js";
import { replacedStreams } from "./stage-forms.js";
import type { StatementCache } from "./statement-cache.js";

/** Every design: its head, the stages that a rollback can go to, and the moves that were made. */
export const rollbackTargets: Projection = {
  name: "rollback-targets",
  version: 2,
  ordered: "stream",
  tables: ["rm_designs", "rm_rollback_targets", "rm_head_moves"],
  schema: [
    `CREATE TABLE rm_designs (
       design TEXT PRIMARY KEY, head TEXT, revision INTEGER NOT NULL, hash TEXT NOT NULL, compacted_up_to TEXT
     ) WITHOUT ROWID`,
    `CREATE TABLE rm_rollback_targets (
       number INTEGER PRIMARY KEY, design TEXT NOT NULL, checkpoint_id TEXT NOT NULL, stage TEXT NOT NULL,
       ordinal INTEGER NOT NULL, parent TEXT
     )`,
    `CREATE INDEX rm_rollback_targets_design ON rm_rollback_targets (design, number)`,
    `CREATE TABLE rm_head_moves (
       number INTEGER PRIMARY KEY, id TEXT NOT NULL, design TEXT NOT NULL, at TEXT NOT NULL, move_from TEXT NOT NULL,
       move_to TEXT NOT NULL, reason TEXT NOT NULL, moved_by TEXT NOT NULL, restored INTEGER NOT NULL
     )`,
  ],
  queryIndices: [
    `CREATE INDEX rm_head_moves_design ON rm_head_moves (design, number)`,
    `CREATE INDEX rm_head_moves_open ON rm_head_moves (design) WHERE restored = 0`,
  ],
  apply(tables, events) {
    for (const event of events) applyOne(tables, event);
  },
};

function applyOne(tables: StatementCache, projected: ProjectedEvent): void {
  const { stored, event } = projected;
  switch (event.type) {
    case "StageCommitted": {
      const { design, stage, checkpointId, parent } = event.data;
      const head =
        tables.get<{ head: string | null }>(`SELECT head FROM rm_designs WHERE design = ?`, design)?.head ?? null;
      tables.run(
        `INSERT INTO rm_rollback_targets VALUES (?, ?, ?, ?,
           1 + (SELECT count(*) FROM rm_rollback_targets WHERE design = ? AND stage = ?), ?)`,
        stored.number,
        design,
        checkpointId,
        stage,
        design,
        stage,
        parent,
      );
      setHead(tables, design, parent === head ? checkpointId : head, stored.revision, projected.hash);
      return;
    }
    case "HeadMoved": {
      const { design, from, to, reason, by } = event.data;
      tables.run(
        `INSERT INTO rm_head_moves VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)`,
        stored.number,
        stored.id,
        design,
        projected.at,
        from,
        to,
        reason,
        by,
      );
      setHead(tables, design, to, stored.revision, projected.hash);
      return;
    }
    case "StageRecompacted":
    case "ChunksErased":
      setTail(tables, event.data.design, stored.revision, projected.hash);
      return;
    case "DesignCompacted":
      tables.run(`UPDATE rm_designs SET compacted_up_to = ? WHERE design = ?`, event.data.upTo, event.data.design);
      setTail(tables, event.data.design, stored.revision, projected.hash);
      return;
    case "CheckpointRestored":
      if (event.data.headMoved !== undefined)
        tables.change(
          `the rollback ${event.data.headMoved}`,
          `UPDATE rm_head_moves SET restored = 1 WHERE id = ?`,
          event.data.headMoved,
        );
      return;
    default:
      return;
  }
}

/** A design's state at a revision of its stream, with the hash to chain the next event to. */
export interface DesignSnapshot {
  readonly design: Design;
  readonly revision: number;
  readonly hash: string;
}

export function designSnapshot(tables: StatementCache, name: string): DesignSnapshot | null {
  const row = tables.get<{ head: string | null; revision: number; hash: string; compactedUpTo: string | null }>(
    `SELECT head, revision, hash, compacted_up_to AS compactedUpTo FROM rm_designs WHERE design = ?`,
    name,
  );
  if (!row) return null;
  const targets = tables.all<{ checkpointId: string; stage: string; ordinal: number; parent: string | null }>(
    `SELECT checkpoint_id AS checkpointId, stage, ordinal, parent FROM rm_rollback_targets WHERE design = ? ORDER BY number`,
    name,
  );
  const stages = new Map(targets.map((target) => [target.checkpointId, target]));
  const { head, compactedUpTo, revision, hash } = row;
  return { design: { stages, head, compactedUpTo, replaced: replacedStreams(tables, name) }, revision, hash };
}

export interface HeadMove {
  readonly number: number;
  /** The HeadMoved event's id. */
  readonly id: string;
  readonly design: string;
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: string;
  /** Whether the checkpoint's own stream has been told. */
  readonly restored: boolean;
}

/** A design's rollbacks in order. */
export function headMovesOf(tables: StatementCache, design: string): HeadMove[] {
  return tables.all<HeadMoveRow>(`SELECT * FROM rm_head_moves WHERE design = ? ORDER BY number`, design).map(toMove);
}

/** Rollbacks whose CheckpointRestored is still missing: their process died in between. */
export function unfinishedHeadMoves(tables: StatementCache, design: string): HeadMove[] {
  const sql = `SELECT * FROM rm_head_moves WHERE design = ? AND restored = 0 ORDER BY number`;
  return tables.all<HeadMoveRow>(sql, design).map(toMove);
}

/** Names of all designs that have a stage. */
export function designNames(tables: StatementCache): string[] {
  return tables.all<{ design: string }>(`SELECT design FROM rm_designs ORDER BY design`).map((row) => row.design);
}

interface HeadMoveRow {
  readonly number: number;
  readonly id: string;
  readonly design: string;
  readonly at: string;
  readonly move_from: string;
  readonly move_to: string;
  readonly reason: string;
  readonly moved_by: string;
  readonly restored: number;
}

function toMove(row: HeadMoveRow): HeadMove {
  const { move_from: from, move_to: to, moved_by: by, restored, ...rest } = row;
  return { ...rest, from, to, by, restored: restored === 1 };
}

function setHead(tables: StatementCache, design: string, head: string | null, revision: number, hash: string): void {
  tables.run(
    `INSERT INTO rm_designs VALUES (?, ?, ?, ?, NULL)
     ON CONFLICT (design) DO UPDATE SET head = excluded.head, revision = excluded.revision, hash = excluded.hash`,
    design,
    head,
    revision,
    hash,
  );
}

/** The stream has grown by an event that leaves the head where it is. */
function setTail(tables: StatementCache, design: string, revision: number, hash: string): void {
  tables.run(`UPDATE rm_designs SET revision = ?, hash = ? WHERE design = ?`, revision, hash, design);
}
