import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { checkpointId, name } from "../names.js";
import { payloadReference } from "../payload-reference.js";

/** A form that was replaced, and that no other form leans on, is erased: its chunks are gone, or about to be. */
export const chunksErased = defineEvent({
  type: "ChunksErased",
  version: 1,
  schema: z.strictObject({ design: name, checkpointId, chunks: payloadReference }),
});
