/** Why a command was refused: an expected answer, not an exception. Edges map `code` to a status or an exit code. */
export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  /** What, and where. */
  readonly message: string;
  /** What is still true, and what to do next. */
  readonly cure: string;
  /** What would have been allowed, for a refused transition. */
  readonly allowed?: readonly string[];
}

export type RefusalCode =
  | "not-found"
  | "exists-already"
  | "transition-refused"
  | "invalid"
  | "conflict"
  | "corrupted"
  | "too-large"
  | "incomplete-input"
  | "tool-failed"
  | "unsupported";

/** What `decide` answers: the events that happened, or why not. */
export type Decision<Event> = { readonly ok: true; readonly events: readonly Event[] } | Refusal;

/** Builds a refusal; the extra field is for refused transitions. */
export function refuse(code: RefusalCode, message: string, cure: string, allowed?: readonly string[]): Refusal {
  return allowed ? { ok: false, code, message, cure, allowed } : { ok: false, code, message, cure };
}
