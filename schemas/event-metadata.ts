import { z } from "zod";
import { sha256, timestamp, uuid } from "./names.js";

/**
 * The metadata of a chained event, in the order in which it is written and hashed (docs/integrity.md): the bytes of the
 * stored JSON count, so the order is part of the format.
 */
export const eventMetadata = z.strictObject({
  /** Version of the data's schema. */
  version: z.int().min(1),
  at: timestamp,
  actor: z.string().min(1).max(200),
  /** The command key; all events of one command share it. */
  correlation: uuid,
  /** Id of the event that this one follows from. */
  causation: uuid.optional(),
  /** SHA-256 of the data bytes. */
  payload: sha256,
  /** Hash of the event before it in the stream; null for the first. */
  prev: sha256.nullable(),
  /** Its own hash, over all but this field. */
  hash: sha256,
});
export type EventMetadata = z.infer<typeof eventMetadata>;

/**
 * When an event was written, and in which version of its data: read where they stand, as parsing all of the metadata
 * takes ten times as long.
 * @throws SyntaxError if they do not stand there, and the text is no JSON.
 */
export function metadataHead(text: string): Pick<EventMetadata, "version" | "at"> {
  const comma = text.indexOf(",", versionMember.length);
  const end = text.indexOf('"', comma + atMember.length);
  const version = Number(text.slice(versionMember.length, comma));
  if (
    comma > versionMember.length &&
    text.startsWith(versionMember) &&
    text.startsWith(atMember, comma) &&
    Number.isInteger(version) &&
    end > 0
  )
    return { version, at: text.slice(comma + atMember.length, end) };
  return JSON.parse(text) as EventMetadata;
}

const versionMember = '{"version":';
const atMember = ',"at":"';
