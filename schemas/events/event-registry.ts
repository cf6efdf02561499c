import type { z } from "zod";
import { describeIssues } from "../describe-issues.js";
import type { DomainEvent } from "../event-definition.js";
import { checkpointActivated } from "./checkpoint-activated.js";
import { checkpointArchived } from "./checkpoint-archived.js";
import { checkpointCompleted } from "./checkpoint-completed.js";
import { checkpointCreated } from "./checkpoint-created.js";
import { checkpointDeleted } from "./checkpoint-deleted.js";
import { checkpointFailed } from "./checkpoint-failed.js";
import { checkpointProgressed } from "./checkpoint-progressed.js";
import { checkpointRestored } from "./checkpoint-restored.js";
import { checkpointTagged } from "./checkpoint-tagged.js";
import { chunksErased } from "./chunks-erased.js";
import { designCompacted } from "./design-compacted.js";
import { headMoved } from "./head-moved.js";
import { ledgerCreated } from "./ledger-created.js";
import { stageCommitted } from "./stage-committed.js";
import { stageRecompacted } from "./stage-recompacted.js";

/** Every event that the ledger knows. */
const definitions = {
  LedgerCreated: ledgerCreated,
  CheckpointCreated: checkpointCreated,
  CheckpointActivated: checkpointActivated,
  CheckpointProgressed: checkpointProgressed,
  CheckpointCompleted: checkpointCompleted,
  CheckpointFailed: checkpointFailed,
  CheckpointRestored: checkpointRestored,
  CheckpointTagged: checkpointTagged,
  CheckpointArchived: checkpointArchived,
  CheckpointDeleted: checkpointDeleted,
  StageCommitted: stageCommitted,
  HeadMoved: headMoved,
  StageRecompacted: stageRecompacted,
  ChunksErased: chunksErased,
  DesignCompacted: designCompacted,
} as const;

export type EventType = keyof typeof definitions;
export const eventTypes: readonly string[] = Object.keys(definitions);
export type LedgerEvent = { [Type in EventType]: DomainEvent<(typeof definitions)[Type]> }[EventType];
export type CheckpointEvent = Extract<LedgerEvent, { type: `Checkpoint${string}` }>;
export type DesignEvent = Exclude<LedgerEvent, CheckpointEvent | { type: "LedgerCreated" }>;

/** An event whose type, version or data the ledger does not know; it names the field. */
export class UnknownEventError extends Error {
  constructor(
    readonly type: string,
    readonly problems: readonly string[],
  ) {
    super(`event ${type}: ${problems.join("; ")}`);
    this.name = "UnknownEventError";
  }
}

/** The version that events of this type are written with. */
export function eventVersion(type: EventType): number {
  return definitions[type].version;
}

/**
 * Checks an event's data against the schema of its type and version.
 * @throws UnknownEventError naming each bad field, as `data.stepNumber: …`.
 * @example parseEvent("CheckpointTagged", 1, { tags: ["golden"] })
 */
export function parseEvent(type: string, version: number, data: unknown): LedgerEvent {
  const definition = Object.hasOwn(definitions, type) ? definitions[type as EventType] : undefined;
  if (!definition) throw new UnknownEventError(type, ["this type is not known; a newer version may have written it"]);
  if (definition.version !== version)
    throw new UnknownEventError(type, [`version ${version} is not known (this is ${definition.version})`]);
  const parsed = (definition.schema as z.ZodType).safeParse(data);
  if (!parsed.success) throw new UnknownEventError(type, describeIssues(parsed.error, "data"));
  return { type, data: parsed.data } as LedgerEvent;
}
