import { StoreError } from "../event-store.js";

/** SQLSTATEs and system codes after which the same statement may well succeed: the connection or the server went away. */
const transient =
  /^(08...|57P0[123]|40001|40P01|53300|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOENT|EHOSTUNREACH|ENETUNREACH)$/;

/** What pg tells without a code when a connection ends, or is not there in time. */
const transientMessage =
  /^(Connection terminated|Query read timeout|timeout expired|timeout exceeded|Client was closed)/;

/** Whether trying again can mend it. The outcome of what was under way is unknown: only what is idempotent is repeated. */
export function isTransient(error: unknown): boolean {
  return transient.test(codeOf(error)) || transientMessage.test(messageOf(error));
}

/** Whether two appends brought the same id, or the same revision, at once; of an error that `toStoreError` made. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof StoreError && codeOf(error.cause) === "23505";
}

/** What a cure follows from: by SQLSTATE, the first that fits. */
const meanings: readonly [codes: RegExp, code: StoreError["code"], what: string, cure: string][] = [
  [
    /^(ECONNREFUSED|ENOENT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EACCES)$/,
    "store-unavailable",
    "the server cannot be reached",
    "Start it, or look at host and port of the URL.",
  ],
  [/^28/, "store-unavailable", "the server lets this user not in", "Look at user and password of the URL."],
  [/^3D000$/, "store-unavailable", "there is no such database", "Make it with `createdb`, or name another in the URL."],
  [
    /^42501$/,
    "store-unavailable",
    "this user may not do that",
    "Grant the user CREATE on the database (to make a ledger), and all on the ledger's schema.",
  ],
  [
    /^(3F000|42P01|42883)$/,
    "store-unavailable",
    "the ledger's tables are not there any more",
    "Somebody dropped them. Restore the database from a backup, or make a new ledger with `ckpt init`.",
  ],
  [
    /^25006$/,
    "store-unavailable",
    "the server is read-only: a standby, or told to be",
    "Name the primary server in the URL.",
  ],
  [
    /^53100$/,
    "store-full",
    "the server's disk is full",
    "What was acknowledged before is whole. Free some disk space on the server and try again.",
  ],
  [
    /^53/,
    "store-busy",
    "the server is out of connections or memory",
    "Let other clients end, or raise the server's limits.",
  ],
  [
    /^(55P03|57014)$/,
    "store-busy",
    "the server took too long, or another transaction holds a lock",
    "Look into pg_stat_activity for a transaction that does not end, and try again.",
  ],
  [
    /^(XX00[012]|58...)$/,
    "store-damaged",
    "the server's files are damaged",
    "Restore the database from a backup; `ckpt verify` says what is still sound.",
  ],
];

/** The server's or the connection's error as the port's own, with a cure; anything else comes back as it is. */
export function toStoreError(error: unknown, shown: string): unknown {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const meaning = meanings.find(([codes]) => codes.test(code));
  const options = { cause: error };
  if (meaning) return new StoreError(meaning[1], `${shown}: ${meaning[2]} (${messageOf(error)})`, meaning[3], options);
  if (isTransient(error))
    return new StoreError(
      "store-unavailable",
      `${shown}: the connection was lost (${messageOf(error)})`,
      "Try again with the same command key: what was written already is not written twice.",
      options,
    );
  if (!/^[0-9A-Z]{5}$/.test(code)) return error;
  return new StoreError(
    "store-unavailable",
    `${shown}: ${messageOf(error)} (SQLSTATE ${code})`,
    "Look into the server's log.",
    options,
  );
}

/** SQLSTATE, or the system's code; several addresses that were tried come as one error. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
