import { z } from "zod";
import { defineEvent } from "../event-definition.js";
import { checkpointId, name } from "../names.js";
import { chunkStream } from "../payload-reference.js";
import { stageForm } from "../stage-seal.js";

/**
 * The stage is read in another form from here on: other chunks, and maybe another base. What it holds is the same, byte
 * for byte. It stands on the design's stream, so that no form can be erased while another comes to lean on it.
 */
export const stageRecompacted = defineEvent({
  type: "StageRecompacted",
  version: 1,
  schema: z.strictObject({
    design: name,
    checkpointId,
    /** The chunk stream of the form that it takes the place of. */
    replaces: chunkStream,
    form: stageForm.required({ baseStream: true }),
    /** Each file's share of the chunk data, in the order of the seal's files; null where the seal does not list them. */
    storedBytes: z.array(z.int().min(0)).nullable(),
  }),
});
