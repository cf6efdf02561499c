import type { RefusalCode } from "../domain/refusal.js";

/** What the process ends with; docs/cli.md has the table. */
export const exitCodes = {
  ok: 0,
  /** A fault of ours, or one that nothing below describes. */
  internal: 1,
  /** The command line is wrong. */
  usage: 2,
  notFound: 3,
  /** It exists already, or the state does not allow it. */
  conflict: 4,
  invalidInput: 5,
  /** The ledger does not verify, or what is stored is damaged. */
  corrupted: 6,
  /** The store cannot be used: missing, busy, full, no ledger. */
  store: 7,
  /** OpenSTA failed. */
  tool: 8,
} as const;

export function exitCodeOf(code: RefusalCode): number {
  switch (code) {
    case "not-found":
      return exitCodes.notFound;
    case "exists-already":
    case "transition-refused":
    case "conflict":
      return exitCodes.conflict;
    case "invalid":
    case "too-large":
    case "incomplete-input":
    case "unsupported":
      return exitCodes.invalidInput;
    case "corrupted":
      return exitCodes.corrupted;
    case "tool-failed":
      return exitCodes.tool;
    default:
      return code satisfies never;
  }
}

/** Options that do not go together, found out only when all are known. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly cure: string,
  ) {
    super(message);
    this.name = "UsageError";
  }
}
