import type { CheckpointEvent } from "../schemas/events/event-registry.js";
import {
  type Checkpoint,
  evolveCheckpoint,
  type LifecycleState,
  untilSaidOtherwise,
} from "../src/domain/checkpoint.js";
import type { Projection } from "./projection.js";
import type { StatementCache } from "./statement-cache.js";

/** Every checkpoint as it stands: by id, task, worker and state. */
export const checkpoints: Projection = {
  name: "checkpoints",
  version: 2,
  ordered: "stream",
  tables: ["rm_checkpoints"],
  schema: [
    `CREATE TABLE rm_checkpoints (
       checkpoint_id TEXT PRIMARY KEY, kind TEXT NOT NULL, task_id TEXT NOT NULL, worker_id TEXT, state TEXT NOT NULL,
       command_key TEXT NOT NULL, design TEXT, number INTEGER NOT NULL, revision INTEGER NOT NULL, hash TEXT NOT NULL,
       checkpoint TEXT NOT NULL
     )`,
  ],
  queryIndices: [
    `CREATE INDEX rm_checkpoints_task ON rm_checkpoints (task_id, number)`,
    `CREATE INDEX rm_checkpoints_worker ON rm_checkpoints (worker_id, number) WHERE worker_id IS NOT NULL`,
    `CREATE INDEX rm_checkpoints_state ON rm_checkpoints (state, number)`,
    `CREATE INDEX rm_checkpoints_key ON rm_checkpoints (command_key)`,
    `CREATE INDEX rm_checkpoints_design ON rm_checkpoints (design, state) WHERE design IS NOT NULL`,
  ],
  apply(tables, events) {
    // A batch touches few checkpoints many times: each is folded in memory and written once.
    const remembered = rememberedBy(tables);
    const touched = new Map<string, { readonly before: CheckpointSnapshot | null; after: CheckpointSnapshot }>();
    for (const projected of events) {
      const { stored, event } = projected;
      if (!isCheckpointEvent(event)) continue;
      const { stream } = stored;
      const known = touched.get(stream);
      const before =
        known?.after ??
        (event.type === "CheckpointCreated" ? null : (remembered.get(stream) ?? snapshotOf(tables, stream)));
      const after: CheckpointSnapshot = {
        checkpoint: evolveCheckpoint(before?.checkpoint ?? null, event, projected.at),
        number: before?.number ?? stored.number!,
        revision: stored.revision,
        hash: projected.hash,
      };
      if (known) known.after = after;
      else touched.set(stream, { before, after });
    }
    for (const [stream, { before, after }] of touched) {
      if (before) update(tables, before, after);
      else insert(tables, after);
      if (remembered.size >= rememberedMax) remembered.clear();
      remembered.set(stream, after);
    }
  },
};

/** Checkpoints kept folded between batches. */
const rememberedMax = 4096;

const memories = new WeakMap<object, Map<string, CheckpointSnapshot>>();

function rememberedBy({ epoch }: StatementCache): Map<string, CheckpointSnapshot> {
  let memory = memories.get(epoch);
  if (!memory) memories.set(epoch, (memory = new Map<string, CheckpointSnapshot>()));
  return memory;
}

function insert(tables: StatementCache, { checkpoint, number, revision, hash }: CheckpointSnapshot): void {
  tables.run(
    `INSERT INTO rm_checkpoints VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    checkpoint.checkpointId,
    checkpoint.kind,
    checkpoint.taskId,
    checkpoint.workerId ?? null,
    listedState(checkpoint),
    checkpoint.key,
    checkpoint.timing?.design ?? null,
    number,
    revision,
    hash,
    toText(checkpoint),
  );
}

function update(tables: StatementCache, before: CheckpointSnapshot, after: CheckpointSnapshot): void {
  const { checkpoint, revision, hash } = after;
  const id = checkpoint.checkpointId;
  tables.run(
    `UPDATE rm_checkpoints SET revision = ?, hash = ?, checkpoint = ? WHERE checkpoint_id = ?`,
    revision,
    hash,
    toText(checkpoint),
    id,
  );
  // SQLite writes an index whenever its column is named, changed or not.
  const state = listedState(checkpoint);
  if (state !== listedState(before.checkpoint))
    tables.run(`UPDATE rm_checkpoints SET state = ? WHERE checkpoint_id = ?`, state, id);
}

function listedState({ deleted, state }: Checkpoint): string {
  return deleted ? "deleted" : state;
}

/** A checkpoint's state at a revision of its stream, with the hash to chain the next event to. */
export interface CheckpointSnapshot {
  readonly checkpoint: Checkpoint;
  /** Event number of its creation. */
  readonly number: number;
  readonly revision: number;
  readonly hash: string;
}

export function checkpointSnapshot(tables: StatementCache, checkpointId: string): CheckpointSnapshot | null {
  return toSnapshot(tables.get(`SELECT ${columns} FROM rm_checkpoints WHERE checkpoint_id = ?`, checkpointId));
}

function snapshotOf(tables: StatementCache, stream: string): CheckpointSnapshot | null {
  return checkpointSnapshot(tables, stream.slice("checkpoint-".length));
}

/** The checkpoint that a command key made, if it made one. */
export function checkpointByKey(tables: StatementCache, key: string): CheckpointSnapshot | null {
  return toSnapshot(tables.get(`SELECT ${columns} FROM rm_checkpoints WHERE command_key = ?`, key));
}

export interface CheckpointQuery {
  readonly taskId?: string | undefined;
  readonly workerId?: string | undefined;
  readonly state?: LifecycleState | undefined;
  /** Only checkpoints created after this event number: the cursor. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** In order of creation; deleted ones are left out. */
export function findCheckpoints(tables: StatementCache, query: CheckpointQuery): CheckpointSnapshot[] {
  const conditions = ["number > ?"];
  const values: (string | number)[] = [query.after ?? 0];
  for (const [column, value] of [
    ["task_id", query.taskId],
    ["worker_id", query.workerId],
    ["state", query.state],
  ] as const)
    if (value !== undefined) {
      conditions.push(`${column} = ?`);
      values.push(value);
    }
  if (query.state === undefined) conditions.push("state <> 'deleted'");
  const sql = `SELECT ${columns} FROM rm_checkpoints WHERE ${conditions.join(" AND ")} ORDER BY number LIMIT ?`;
  return tables.all<SnapshotRow>(sql, ...values, query.limit).map((row) => toSnapshot(row)!);
}

/** How many checkpoints there are, by kind and state. */
export function countCheckpoints(tables: StatementCache): { kind: string; state: string; count: number }[] {
  return tables.all(
    `SELECT kind, state, count(*) AS count FROM rm_checkpoints GROUP BY kind, state ORDER BY kind, state`,
  );
}

/** Captures of a design that are neither sealed nor failed. */
export function openCaptures(tables: StatementCache, design: string): CheckpointSnapshot[] {
  const sql = `SELECT ${columns} FROM rm_checkpoints WHERE design = ? AND state IN ('created', 'active') ORDER BY number`;
  return tables.all<SnapshotRow>(sql, design).map((row) => toSnapshot(row)!);
}

const columns = "number, revision, hash, checkpoint";

interface SnapshotRow {
  readonly number: number;
  readonly revision: number;
  readonly hash: string;
  readonly checkpoint: string;
}

function toSnapshot(row: SnapshotRow | undefined): CheckpointSnapshot | null {
  return row ? { ...row, checkpoint: fromText(row.checkpoint) } : null;
}

/** Without what goes without saying, which is half of a checkpoint. */
function toText(checkpoint: Checkpoint): string {
  const all = checkpoint as unknown as Record<string, unknown>;
  const said: Record<string, unknown> = {};
  for (const name of Object.keys(all)) if (all[name] !== unsaid[name]) said[name] = all[name];
  return JSON.stringify(said);
}

function fromText(text: string): Checkpoint {
  const said = JSON.parse(text) as Checkpoint;
  return { ...said, ...untilSaidOtherwise, ...said };
}

const unsaid: Readonly<Record<string, unknown>> = untilSaidOtherwise;

function isCheckpointEvent(event: { readonly type: string }): event is CheckpointEvent {
  return event.type.startsWith("Checkpoint");
}
