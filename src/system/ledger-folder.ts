/** Where what belongs to ledgers is kept on this machine: CKPT_DIR, else `.ckpt` in the working directory. */
export function ledgerFolder(): string {
  return process.env["CKPT_DIR"] || ".ckpt";
}
