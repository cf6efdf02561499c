import type { z } from "zod";
import { describeIssues } from "../describe-issues.js";
import type { DomainEvent, EventDefinition } from "../event-definition.js";
import { UnknownEventError, writtenByNewer } from "../unknown-event-error.js";
import { upcast } from "../upcast.js";
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

/** Types of the events that the ledger knows. */
export const eventTypes = Object.keys(definitions) as readonly EventType[];

export type EventType = keyof typeof definitions;
export type LedgerEvent = { [Type in EventType]: DomainEvent<(typeof definitions)[Type]> }[EventType];
export type CheckpointEvent = Extract<LedgerEvent, { type: `Checkpoint${string}` }>;
export type DesignEvent = Exclude<LedgerEvent, CheckpointEvent | { type: "LedgerCreated" }>;

/** The version that events of this type are written with. */
export function eventVersion(type: EventType): number {
  return definitions[type].version;
}

/**
 * An event of any version as the newest one, its data taken on trust: it was checked before it was written.
 * @throws UnknownEventError for a type or a version that a newer ckpt has written.
 * @example readEvent("CheckpointTagged", 1, { tags: ["golden"] })
 */
export function readEvent(type: string, version: number, data: unknown): LedgerEvent {
  const definition = definitionOf(type);
  // Its own text of the type, which is found equal at a glance.
  return { type: definition.type, data: upcast(definition, version, data) } as LedgerEvent;
}

/**
 * Checks an event's data, brought up to the newest version, against its schema.
 * @throws UnknownEventError naming each bad field, as `data.stepNumber: …`.
 * @example parseEvent("CheckpointTagged", 1, { tags: ["golden"] })
 */
export function parseEvent(type: string, version: number, data: unknown): LedgerEvent {
  const definition = definitionOf(type);
  const parsed = definition.schema.safeParse(upcast(definition, version, data));
  if (!parsed.success) throw new UnknownEventError(type, describeIssues(parsed.error, "data"));
  return { type, data: parsed.data } as LedgerEvent;
}

const byType = new Map<string, EventDefinition<EventType, z.ZodType>>(Object.entries(definitions));

function definitionOf(type: string): EventDefinition<EventType, z.ZodType> {
  const definition = byType.get(type);
  if (!definition) throw writtenByNewer(type, "this type is not known");
  return definition;
}
