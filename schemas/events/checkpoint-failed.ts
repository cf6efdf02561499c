import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { jsonObject } from "../names.js";
import { payloadReference } from "../payload-reference.js";

/** It did not work out; what a capture had streamed stays readable under `chunks`. */
export const checkpointFailed = defineEvent({
  type: "CheckpointFailed",
  version: 1,
  schema: z.strictObject({
    error: z.strictObject({
      code: z.string().min(1).max(100),
      message: z.string().max(10_000),
      details: jsonObject.optional(),
    }),
    /** Said by a later writer, of a capture whose lease had run out. */
    abandoned: z.boolean().optional(),
    chunks: z.array(payloadReference).max(100).optional(),
  }),
});
