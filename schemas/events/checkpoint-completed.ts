import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { payloadReference } from "../payload-reference.js";
import { stageSeal } from "../stage-seal.js";

/** Done; a timing checkpoint is sealed by it. */
export const checkpointCompleted = defineEvent({
  type: "CheckpointCompleted",
  version: 1,
  schema: z.strictObject({ payload: payloadReference.optional(), seal: stageSeal.optional() }),
});
