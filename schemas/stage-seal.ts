import { z } from "zod";
import { checkpointId, jsonObject, sha256 } from "./names.js";
import { chunkStream, payloadReference } from "./payload-reference.js";
import { timingSummary } from "./timing-summary.js";

/** What a captured file is; docs/reports.md has the table. */
export const fileKind = z.enum([
  "paths",
  "endpoints",
  "figures",
  "checks",
  "clocks",
  "power",
  "annotation",
  "arcs",
  "pin-values",
  "netlist",
  "summaries",
  "pins",
  "sdc",
  "setup",
  "text",
]);
export type FileKind = z.infer<typeof fileKind>;

export const sealedFile = z.strictObject({
  name: z.string().min(1).max(4096),
  /** Size of the text (after .gz / .zst). */
  rawBytes: z.int().min(0),
  /** This file's share of the chunk data. */
  storedBytes: z.int().min(0),
  sha256,
  kind: fileKind,
  /** Whole path records, if there are any. */
  paths: z.int().optional(),
  /** True if the file ends inside a record or holds a cut one. */
  incomplete: z.boolean().optional(),
  /** What the user said of this file: --corner, --unit, --meta. */
  context: jsonObject.optional(),
  /** The compressed file that the text came in. */
  container: z.strictObject({ name: z.string(), bytes: z.int(), sha256 }).optional(),
});
export type SealedFile = z.infer<typeof sealedFile>;

/** How a stage is stored. A stage may be written anew in another form; what it holds stays the same. */
export const stageForm = z.strictObject({
  chunks: payloadReference,
  /** The manifest's place in the chunk stream's bytes. */
  manifest: z.strictObject({ at: z.int().min(0), bytes: z.int().min(1) }),
  /** The stage that the blocks lean on; null for a full stage. */
  base: checkpointId.nullable(),
  /**
   * The chunk stream of the base's form that the blocks lean on; null for a full stage. Left out in events that are older
   * than the field: the form that the base had when they were written.
   */
  baseStream: chunkStream.nullable().optional(),
  /** 0 for a full stage, else the base's plus one. */
  level: z.int().min(0).max(16),
  /** Chunk bytes of this stage and of all it stands on. */
  chainBytes: z.int().min(0),
});
export type StageForm = z.infer<typeof stageForm>;

/** What the sealing event of a timing checkpoint carries: all that read models need, 64 KiB at most. */
export const stageSeal = stageForm.extend({
  rawBytes: z.int().min(0),
  incomplete: z.boolean(),
  /** null when the list would not fit: it is in the manifest then. */
  files: z.array(sealedFile).nullable(),
  fileCount: z.int().min(0),
  summary: z.array(timingSummary),
  unit: z.string().nullable(),
});
export type StageSeal = z.infer<typeof stageSeal>;

/** The most that a seal may take in its event, as JSON text. */
export const sealBytesMax = 65_536;
