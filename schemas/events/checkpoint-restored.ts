import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { uuid } from "../names.js";

/** Work stands here again. */
export const checkpointRestored = defineEvent({
  type: "CheckpointRestored",
  version: 1,
  schema: z.strictObject({
    reason: z.string().max(10_000).optional(),
    /** The HeadMoved event that this follows, for a rollback. */
    headMoved: uuid.optional(),
  }),
});
