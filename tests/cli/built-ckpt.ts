import { execFile } from "node:child_process";
import { join } from "node:path";

export const bin = join(import.meta.dirname, "..", "..", "dist", "src", "cli", "ckpt.js");

export interface CkptRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const pollMs = 20;

/** Runs the built ckpt as users do, with a ledger in the folder. */
export async function ckpt(folder: string, ...args: string[]): Promise<CkptRun> {
  return await ckptWithInput({ folder, input: null }, ...args);
}

export interface CkptSurroundings {
  readonly folder: string;
  readonly input: string | null;
  readonly cwd?: string;
  /** When it is sent SIGINT. */
  readonly interruptAfterMs?: number;
  /** A signal that it is sent once something is so. */
  readonly signalled?: { readonly signal: NodeJS.Signals; readonly once: () => boolean };
}

/** The same with a text on standard input, and the folder as working directory where asked. */
export async function ckptWithInput(
  { folder, input, cwd, interruptAfterMs, signalled }: CkptSurroundings,
  ...args: string[]
): Promise<CkptRun> {
  const env = {
    ...process.env,
    CKPT_STORE: `sqlite:${join(folder, "ledger.db")}`,
    CKPT_DIR: join(folder, ".ckpt"),
    NO_COLOR: "1",
  };
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...args], { env, cwd, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
    if (interruptAfterMs !== undefined) setTimeout(() => child.kill("SIGINT"), interruptAfterMs);
    const poll = setInterval(() => {
      if (!signalled?.once()) return;
      child.kill(signalled.signal);
      clearInterval(poll);
    }, pollMs);
    child.once("exit", () => clearInterval(poll));
    if (input !== null) child.stdin!.end(input);
  });
}
