import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ByteSource } from "./byte-source.js";

export interface StaOptions {
  /** The Tcl script to run. */
  readonly script: string;
  /** The tool; default `sta` from the PATH. */
  readonly executable?: string;
  /** Environment besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the tool. */
  readonly signal?: AbortSignal;
}

/** The tool is not there, or it ended badly. */
export class StaError extends Error {
  constructor(
    readonly code: "sta-missing" | "sta-failed",
    message: string,
    readonly cure: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "StaError";
  }
}

/** How much of the tool's stderr is kept for a message. */
const stderrBytesMax = 4000;

/** How long the tool may take to end after SIGTERM. */
const killAfterMs = 2000;

/**
 * Runs OpenSTA on a script and gives its standard output as it comes; the tool is held by its full pipe while nobody
 * reads. Leaving the loop early ends the tool.
 * @throws StaError while reading, if the tool is not there or ends with an error.
 */
export async function* runSta(options: StaOptions): ByteSource & AsyncGenerator<Uint8Array> {
  const { script, executable = "sta", env = {}, signal } = options;
  const child = spawn(executable, ["-no_splash", "-no_init", "-exit", script], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...(signal ? { signal } : {}),
  });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  closed.catch(() => undefined);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr = (stderr + text).slice(-stderrBytesMax)));
  try {
    yield* child.stdout as AsyncIterable<Uint8Array>;
    const [code, killed] = await closed;
    if (code !== 0)
      throw new StaError(
        "sta-failed",
        `${executable} ${script} ended with ${killed ?? `exit code ${code}`}${stderr ? `: ${stderr.trim().split("\n").at(-1)}` : ""}`,
        "What it had printed is kept. Run the script by hand to see more.",
      );
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") throw missing(executable, cause);
    throw cause;
  } finally {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      await closed.catch(() => undefined);
      clearTimeout(timer);
    }
  }
}

function missing(executable: string, cause: unknown): StaError {
  return new StaError(
    "sta-missing",
    `there is no ${executable} on this machine`,
    "Install OpenSTA (Debian: apt-get install opensta), or name it with --sta-executable.",
    { cause },
  );
}
