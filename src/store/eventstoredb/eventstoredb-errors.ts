import { ErrorType, isCommandError } from "@eventstore/db-client";
import { StoreError } from "../event-store.js";
import { NoAnswerError } from "./call-limits.js";

/**
 * What an error of the client means for the call:
 * - `answer`: the server has decided; the call's own code knows what to tell.
 * - `refused`: it will not work, however often it is tried.
 * - `again`: it may work later over the same connection; whether an append was written is not known.
 * - `moved`: another node leads now, and the client goes there with its next call.
 * - `broken`: the connection is of no use any more; whether an append was written is not known.
 */
export type ErrorKind = "answer" | "refused" | "again" | "moved" | "broken";

const kinds: Partial<Record<string, ErrorKind>> = {
  [ErrorType.WRONG_EXPECTED_VERSION]: "answer",
  [ErrorType.STREAM_NOT_FOUND]: "answer",
  [ErrorType.STREAM_DELETED]: "answer",
  [ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED]: "answer",
  [ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS]: "answer",
  [ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST]: "answer",
  [ErrorType.ACCESS_DENIED]: "refused",
  [ErrorType.INVALID_ARGUMENT]: "refused",
  [ErrorType.UNSUPPORTED]: "refused",
  [ErrorType.MAXIMUM_SUBSCRIBERS_REACHED]: "refused",
  [ErrorType.TIMEOUT]: "again",
  [ErrorType.DEADLINE_EXCEEDED]: "again",
  [ErrorType.NOT_LEADER]: "moved",
};

/** Errors that are no CommandError (raw gRPC errors, a failed discovery) are connections that are broken. */
export function errorKind(error: unknown): ErrorKind {
  if (error instanceof StoreError) return "refused";
  return (error instanceof Error && isCommandError(error) && kinds[error.type]) || "broken";
}

/** The port's own error for a call that cannot be made to work. */
export function toStoreError(error: unknown, what: string, place: string): StoreError {
  if (error instanceof StoreError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && isCommandError(error)) {
    if (error.type === ErrorType.ACCESS_DENIED) {
      const cure = "Give a user with the right to read and write in the URL, esdb://user:password@host:2113, over TLS.";
      return new StoreError("store-unavailable", `${place} refused to ${what}: access denied`, cure, { cause: error });
    }
    if (error.type === ErrorType.STREAM_DELETED) {
      const cure = "Restore the server's data from a backup: what a tombstone has deleted does not come back.";
      return new StoreError("store-damaged", `cannot ${what}: a stream was deleted for ever`, cure, { cause: error });
    }
  }
  const waited = error instanceof NoAnswerError ? "" : ` (${reason || "no reason given"})`;
  return new StoreError(
    "store-unavailable",
    `cannot ${what}: ${place} gave no answer in time${waited}; what was to be written may be there or not`,
    "See that the server is up and reachable, then try again with the same key: nothing is then written twice.",
    { cause: error },
  );
}

export function isType(error: unknown, type: ErrorType): boolean {
  return error instanceof Error && isCommandError(error) && error.type === type;
}
