import type { z } from "zod";
import type { EventDefinition } from "./event-definition.js";
import { UnknownEventError, writtenByNewer } from "./unknown-event-error.js";

/**
 * Data of an older version as the definition's own, a version at a time. The log keeps the bytes as they were written,
 * and hashes are over those.
 * @throws UnknownEventError for a version that is newer than the definition's, or none at all.
 * @example upcast(checkpointProgressed, 1, { stepNumber: 2 })
 */
export function upcast(definition: EventDefinition<string, z.ZodType>, version: number, data: unknown): unknown {
  const { type, version: newest, upcasts = [] } = definition;
  if (version === newest) return data;
  if (!Number.isInteger(version) || version < 1)
    throw new UnknownEventError(type, [`${JSON.stringify(version)} is no version`]);
  if (version > newest) throw writtenByNewer(type, `version ${version} is not known (this ckpt reads up to ${newest})`);
  return upcasts.slice(version - 1).reduce((older: unknown, up) => up(older as never), data);
}
