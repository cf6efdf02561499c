import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { checkpointId, name } from "../names.js";

/** The best base was looked for, for all stages up to one: the next time only those after it are tried. */
export const designCompacted = defineEvent({
  type: "DesignCompacted",
  version: 1,
  schema: z.strictObject({
    design: name,
    /** The last stage in commit order for which it was done. */
    upTo: checkpointId,
    /** Stages that were written anew. */
    rewritten: z.int().min(0),
    /** Chunk data of all forms that the design's stages are read from, before and after. */
    bytesBefore: z.int().min(0),
    bytesAfter: z.int().min(0),
  }),
});
