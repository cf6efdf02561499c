/** An event whose type, version or data the ledger does not know; it names the field. */
export class UnknownEventError extends Error {
  constructor(
    readonly type: string,
    readonly problems: readonly string[],
    /** What the user can do about it, one sentence. */
    readonly cure = "`ckpt verify` says whether the event was changed since it was written.",
  ) {
    super(`event ${type}: ${problems.join("; ")}`);
    this.name = "UnknownEventError";
  }
}

/** What is not known because this ckpt is too old for it. */
export function writtenByNewer(type: string, problem: string): UnknownEventError {
  return new UnknownEventError(type, [`${problem}: it was written by a newer ckpt`], "Use a newer ckpt.");
}
