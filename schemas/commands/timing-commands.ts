import { z } from "zod";
import { jsonObject, name } from "../names.js";

/** What a capture is told besides its files. */
export const captureStage = z.strictObject({
  design: name,
  stage: name,
  /** A stage reference on this design (`cts`, `cts#2`); default: the head when the capture begins. */
  parent: z.string().max(120).optional(),
  context: jsonObject.default({}),
  /** The time unit of all files, where they do not say (`1ns`). */
  unit: z.string().max(20).optional(),
  /** The corner of the reports that do not name theirs. */
  corner: z.string().max(200).optional(),
  /** Refuse files that end inside a record. */
  strict: z.boolean().default(false),
  /** Store all files by general compression alone, without the model of reports and pin tables. */
  plain: z.boolean().default(false),
});

export const rollBack = z.strictObject({
  design: name,
  /** A stage reference: `cts`, or `cts#2` for the second of that name. */
  to: z.string().min(1).max(120),
  reason: z.string().min(1, "say why: the log keeps it").max(10_000),
});
