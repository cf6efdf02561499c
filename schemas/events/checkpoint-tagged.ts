import { z } from "zod";
import { defineEvent } from "../event-definition.js";

/** Its tags are these now. */
export const checkpointTagged = defineEvent({
  type: "CheckpointTagged",
  version: 1,
  schema: z.strictObject({ tags: z.array(z.string().min(1).max(100)).max(100) }),
});
