import { z } from "zod";
import { defineEvent } from "../event-definition.js";

/** Out of the way, still there. */
export const checkpointArchived = defineEvent({
  type: "CheckpointArchived",
  version: 1,
  schema: z.strictObject({ reason: z.string().max(10_000).optional() }),
});
