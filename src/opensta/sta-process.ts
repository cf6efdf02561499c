import { spawn } from "node:child_process";
import { once } from "node:events";
import { atExit } from "./at-exit.js";
import type { ByteSource } from "./byte-source.js";
import { wrapScript, type ScriptRun } from "./script-run.js";
import { StaError, staMissing } from "./sta-error.js";
import { Tool } from "./session/tool.js";
import type { ToolVersion } from "./session/tool-version.js";

export interface StaOptions {
  /** The Tcl script to run. */
  readonly script: string;
  /** The tool; default `sta` from the PATH. */
  readonly executable?: string;
  /** Further arguments of the tool, such as `-threads`, `4`. */
  readonly args?: readonly string[];
  /** Environment besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the tool. */
  readonly signal?: AbortSignal;
}

/** How much of the tool's stderr is kept for a message. */
const stderrBytesMax = 4000;

/** How long the tool may take to end after SIGTERM. */
const killAfterMs = 2000;

/**
 * Runs OpenSTA on a script and gives its standard output as it comes; the tool is held by its full pipe while nobody
 * reads. Leaving the loop early ends the tool.
 * @throws StaError while reading, behind all that was printed: `sta-missing`; `script-error` if a command of the script
 * failed, with the first file and line (2.x runs on behind an error, 3.x stops there); `sta-failed` if the tool died.
 * @example for await (const record of parseReport(runSta({ script: "run.tcl" }))) use(record);
 */
export async function* runSta(options: StaOptions): ByteSource & AsyncGenerator<Uint8Array> {
  const run = await wrapScript(options.script);
  try {
    yield* toolOutput(options, run);
    await run.check();
  } finally {
    await run.remove();
  }
}

/**
 * Which tool it is, and which version.
 * @throws StaError `sta-missing`, `sta-failed`.
 * @example (await staVersion()).version // "2.0.17"
 */
export async function staVersion(options: Pick<StaOptions, "executable" | "args" | "env"> = {}): Promise<ToolVersion> {
  const tool = await Tool.open(options);
  await tool.close();
  return tool.version;
}

async function* toolOutput(options: StaOptions, run: ScriptRun): AsyncGenerator<Uint8Array> {
  const { script, executable = "sta", args = [], env = {}, signal } = options;
  const child = spawn(executable, ["-no_splash", "-no_init", ...args, "-exit", run.path], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
    ...(signal ? { signal } : {}),
  });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  closed.catch(() => undefined);
  const forget = atExit(() => child.kill("SIGKILL"));
  let stderr = "";
  child.stderr.on("data", (bytes: Buffer) => {
    run.errors.push(bytes);
    stderr = (stderr + bytes.toString()).slice(-stderrBytesMax);
  });
  try {
    for await (const bytes of child.stdout as AsyncIterable<Uint8Array>) {
      run.output.push(bytes);
      yield bytes;
    }
    const [code, killed] = await closed;
    run.output.finish();
    run.errors.finish();
    if (code === 0) return;
    const last = stderr.trim().split("\n").at(-1);
    throw new StaError(
      "sta-failed",
      `${executable} ${script} ended with ${killed ?? `exit code ${code}`}${last ? `: ${last}` : ""}`,
      "What it had printed is kept. Run the script by hand to see more.",
      { command: script, output: stderr },
    );
  } catch (cause) {
    if (["ENOENT", "EACCES"].includes((cause as NodeJS.ErrnoException).code ?? "")) throw staMissing(executable, cause);
    if ((signal?.reason as Error | undefined)?.name === "TimeoutError")
      throw new StaError("timed-out", `${executable} ${script} took longer than it may`, "Allow it more time.", {
        cause,
      });
    if ((cause as NodeJS.ErrnoException).code === "ABORT_ERR")
      throw new StaError("cancelled", `${executable} ${script} was cancelled`, "What it had printed is kept.", {
        cause,
      });
    throw cause;
  } finally {
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
      await closed.catch(() => undefined);
      clearTimeout(timer);
    }
    forget();
  }
}
