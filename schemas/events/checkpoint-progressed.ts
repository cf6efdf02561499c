import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { timestamp } from "../names.js";
import { payloadReference } from "../payload-reference.js";

/** A step forward; or, from a capture, the word that it is alive. The payload is the whole state after the merge. */
export const checkpointProgressed = defineEvent({
  type: "CheckpointProgressed",
  version: 1,
  schema: z.strictObject({
    stepNumber: z.int().min(1).optional(),
    totalSteps: z.int().min(1).optional(),
    stepDescription: z.string().max(10_000).optional(),
    payload: payloadReference.optional(),
    leaseUntil: timestamp.optional(),
  }),
});
