import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { checkpointId, name } from "../names.js";

/** The commit point of a rollback: the head stands elsewhere now, nothing is erased. */
export const headMoved = defineEvent({
  type: "HeadMoved",
  version: 1,
  schema: z.strictObject({
    design: name,
    from: checkpointId,
    to: checkpointId,
    reason: z.string().min(1).max(10_000),
    by: z.string().min(1).max(200),
  }),
});
