import { z } from "zod";

/** Names of designs and stages, as ARCHITECTURE.md "Commit points" has them. */
export const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const name = z
  .string()
  .regex(namePattern, "a name begins with a letter or digit, then letters, digits, '.', '_' or '-', 100 at most");

/** Ids that other systems give (tasks, workers, processes): printable, without spaces or slashes at the ends. */
export const foreignId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}]+$/u, "control characters are not allowed");

export const checkpointId = z
  .string()
  .max(400)
  .regex(/^cp_[^\p{C}]+_\d+_\d+(-[0-9a-z]+)?$/u, "expected cp_{task}_{step}_{milliseconds}-{suffix}");

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256 in lower-case hex");

export const timestamp = z.iso.datetime();

export const uuid = z.uuid().toLowerCase();

/** Whatever JSON holds, with finite numbers. */
export const jsonObject = z.record(z.string(), z.json());
export type JsonObject = z.infer<typeof jsonObject>;
