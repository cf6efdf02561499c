import { chmodSync, closeSync, openSync, statSync } from "node:fs";

/** Makes an empty file that the users of another one may use as they use that one. Where it cannot, opening it will say why. */
export function makeForSameUsers(path: string, beside: string): void {
  try {
    closeSync(openSync(path, "a"));
    chmodSync(path, statSync(beside).mode & 0o777);
  } catch {
    // SQLite gives the files beside a database its own mode, so this one is all that counts.
  }
}
