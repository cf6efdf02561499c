import type { Refusal } from "../domain/refusal.js";
import type { Ledger } from "../ledger/ledger.js";
import { openLedger } from "../open-ledger.js";
import { ledgerFolder } from "../system/ledger-folder.js";
import { visible } from "./output.js";
import { exitCodeOf, exitCodes } from "./exit-codes.js";

/** Options that every command takes. */
export interface CommonOptions {
  readonly store?: string;
  readonly json?: boolean;
  readonly actor?: string;
}

/** The URL of the ledger: --store, else CKPT_STORE, else an embedded file under CKPT_DIR (.ckpt). */
export function storeUrl(options: CommonOptions): string {
  return options.store ?? (process.env["CKPT_STORE"] || `sqlite:${ledgerFolder()}/ledger.db`);
}

/** Opens the ledger for one command and closes it after. */
export async function withLedger<T>(
  options: CommonOptions & { create?: boolean; inspect?: boolean },
  work: (ledger: Ledger) => Promise<T>,
): Promise<T> {
  const ledger = await openLedger(storeUrl(options), {
    create: options.create ?? false,
    inspect: options.inspect ?? false,
    ...(options.actor === undefined ? {} : { actor: options.actor }),
    onWait: ({ waitedMs, what }) =>
      say(`waiting for another process to let go of the ledger (${Math.round(waitedMs / 1000)} s, to ${what})`),
  });
  try {
    return await work(ledger);
  } finally {
    await ledger.close();
  }
}

/** Prints a result: the JSON twin, or the lines for people. */
export function print(options: CommonOptions, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(
    options.json
      ? `${JSON.stringify(value)}\n`
      : lines()
          .map((line) => `${visible(line)}\n`)
          .join(""),
  );
}

/** One line on stderr. */
export function say(line: string): void {
  process.stderr.write(`ckpt: ${line.split("\n").map(visible).join("\n")}\n`);
}

/** Tells a refusal and sets the exit code: what and where, what is still true, the cure. */
export function refused(refusal: Refusal): void {
  complain(refusal.message, refusal.cure, exitCodeOf(refusal.code));
}

/** What went wrong and what to do about it: on stderr, with --json on stdout too; and the exit code. */
export function complain(message: string, cure: string, exitCode: number = exitCodes.internal): void {
  complainInWords(message, cure, exitCode);
  tellInJson(message, cure, exitCode);
}

/** On stdout, if --json asks for it. */
export function tellInJson(message: string, cure: string, exitCode: number): void {
  if (answers.inJson) process.stdout.write(`${JSON.stringify({ error: { message, cure, exitCode } })}\n`);
}

/** The same for a command that has its own JSON for it. */
export function complainInWords(message: string, cure: string, exitCode: number): void {
  process.stderr.write(`ckpt: ${visible(message.replace(/[.]?$/, "."))}\n${cure ? `      ${visible(cure)}\n` : ""}`);
  process.exitCode = exitCode;
}

/** How this process answers. */
export const answers = { inJson: false };
