import { z } from "zod";
import { hierarchyLevel, sessionSubject } from "../events/checkpoint-created.js";
import { checkpointId, foreignId, jsonObject } from "../names.js";

// What callers may ask of a checkpoint: version 1 of each. A caller that sends more fields is told which.

export const createCheckpoint = z.strictObject({
  taskId: foreignId,
  taskTitle: z.string().max(1000).optional(),
  workerId: foreignId.optional(),
  parentCheckpointId: checkpointId.optional(),
  stepNumber: z.int().min(1).default(1),
  totalSteps: z.int().min(1).optional(),
  stepDescription: z.string().max(10_000).default(""),
  processId: foreignId.optional(),
  level: hierarchyLevel.optional(),
  tags: z.array(z.string().min(1).max(100)).max(100).optional(),
  data: jsonObject.optional(),
  metadata: jsonObject.optional(),
  /** Given: a session checkpoint, complete at birth. */
  session: sessionSubject.optional(),
});

export const lifecycleState = z.enum(["created", "active", "completed", "failed", "restored"]);
export type LifecycleState = z.infer<typeof lifecycleState>;

export const updateCheckpoint = z.strictObject({
  stepNumber: z.int().min(1).optional(),
  totalSteps: z.int().min(1).optional(),
  stepDescription: z.string().max(10_000).optional(),
  /** Merged by top-level key. */
  data: jsonObject.optional(),
  metadata: jsonObject.optional(),
  /** Take data and metadata as they are, instead of merging. */
  replace: z.boolean().optional(),
  /** An update that carries a state is the command of that state. */
  state: z.enum(["active", "completed", "failed", "restored"]).optional(),
  /** With state "failed". */
  error: z.lazy(() => failCheckpoint.shape.error).optional(),
});

export const completeCheckpoint = z.strictObject({
  /** Final data, merged by top-level key. */
  data: jsonObject.optional(),
});

export const failCheckpoint = z.strictObject({
  error: z.strictObject({
    code: z.string().min(1).max(100).default("failed"),
    message: z.string().max(10_000),
    details: jsonObject.optional(),
  }),
});

export const restoreCheckpoint = z.strictObject({ reason: z.string().max(10_000).optional() });
