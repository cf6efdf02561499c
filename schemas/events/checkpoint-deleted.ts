import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { payloadReference } from "../payload-reference.js";

/** The tombstone: what was erased, by digest, and why. */
export const checkpointDeleted = defineEvent({
  type: "CheckpointDeleted",
  version: 1,
  schema: z.strictObject({
    reason: z.string().max(10_000).optional(),
    erased: z.array(payloadReference),
  }),
});
