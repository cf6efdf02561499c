import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { checkpointId, foreignId, jsonObject, name, timestamp, uuid } from "../names.js";
import { payloadReference } from "../payload-reference.js";

/** What a capture is about: the design, the name it will take, and where the head was when it began. */
export const timingSubject = z.strictObject({
  design: name,
  stage: name,
  parent: checkpointId.nullable(),
  /** The tool, its version, git revision, --meta k=v …: who measured, and how. */
  context: jsonObject,
  /** Until when the capture counts as alive without a word. */
  leaseUntil: timestamp,
});

export const sessionSubject = z.strictObject({
  name: z.string().min(1).max(200),
  sessionId: foreignId,
  branches: z.array(z.string().max(400)).max(1000).optional(),
  createdBy: z.string().max(200).optional(),
  feature: z.string().max(200).optional(),
  priority: z.enum(["low", "normal", "high", "critical"]).optional(),
  author: z.string().max(200).optional(),
  description: z.string().max(10_000).optional(),
  workflowId: foreignId.optional(),
  stepId: foreignId.optional(),
  retentionExpiresAt: timestamp.optional(),
  restoredFrom: checkpointId.optional(),
});

export const hierarchyLevel = z.enum(["PIPELINE", "STAGE", "STEP", "SUBSTEP"]);

export const checkpointCreated = defineEvent({
  type: "CheckpointCreated",
  version: 1,
  schema: z.strictObject({
    checkpointId,
    kind: z.enum(["timing", "task", "session"]),
    /** The command key that made it; a retry with the same key meets the same checkpoint. */
    key: uuid,
    taskId: foreignId,
    taskTitle: z.string().max(1000),
    workerId: foreignId.optional(),
    parentCheckpointId: checkpointId.optional(),
    stepNumber: z.int().min(1),
    totalSteps: z.int().min(1).optional(),
    stepDescription: z.string().max(10_000),
    processId: foreignId.optional(),
    level: hierarchyLevel.optional(),
    tags: z.array(z.string().min(1).max(100)).max(100).optional(),
    payload: payloadReference.optional(),
    timing: timingSubject.optional(),
    session: sessionSubject.optional(),
  }),
});
