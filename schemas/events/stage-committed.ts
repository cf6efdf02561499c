import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { checkpointId, name, sha256 } from "../names.js";

/** The commit point of a capture: from here on the stage exists. It moves the head if its parent is the head. */
export const stageCommitted = defineEvent({
  type: "StageCommitted",
  version: 1,
  schema: z.strictObject({
    design: name,
    stage: name,
    checkpointId,
    /** Hash of the CheckpointCompleted event that sealed it. */
    sealHash: sha256,
    parent: checkpointId.nullable(),
  }),
});
