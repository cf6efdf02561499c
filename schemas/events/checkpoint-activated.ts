import { z } from "zod";
import { defineEvent } from "../event-definition.js";

/** Work on the checkpoint has begun. */
export const checkpointActivated = defineEvent({
  type: "CheckpointActivated",
  version: 1,
  schema: z.strictObject({}),
});
