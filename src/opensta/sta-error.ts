/** What went wrong with the tool, for programs; docs/sta-session.md has the table. */
export type StaErrorCode =
  /** There is no such executable. */
  | "sta-missing"
  /** The tool ended with a signal or an exit code. */
  | "sta-failed"
  /** A script that the tool ran holds a command that failed. */
  | "script-error"
  /** A command of a session failed in Tcl. */
  | "command-failed"
  /** What was asked cannot be said to this version, or not in that form. */
  | "invalid-request"
  | "output-too-large"
  | "queue-full"
  | "stuck"
  | "timed-out"
  | "cancelled"
  /** No child is running: call recover(), or open another session. */
  | "not-running"
  /** The recovered design times otherwise than the one that was lost. */
  | "diverged"
  | "closed";

/** Where it went wrong, as far as it is known. */
export interface StaErrorPlace {
  /** The script or command file that the tool named. */
  readonly file?: string | null;
  readonly line?: number | null;
  /** The command under way. */
  readonly command?: string;
  /** What had been printed until then, cut to its last part. */
  readonly output?: string;
  /** The tool's own number of the message. */
  readonly toolCode?: string | null;
}

/** The tool is not there, it ended badly, or a command failed. `cure` says what to do. */
export class StaError extends Error {
  readonly file: string | null;
  readonly line: number | null;
  readonly command: string | null;
  readonly output: string;
  readonly toolCode: string | null;

  constructor(
    readonly code: StaErrorCode,
    message: string,
    readonly cure: string,
    options: ErrorOptions & StaErrorPlace = {},
  ) {
    super(message, options);
    this.name = "StaError";
    this.file = options.file ?? null;
    this.line = options.line ?? null;
    this.command = options.command ?? null;
    this.output = options.output ?? "";
    this.toolCode = options.toolCode ?? null;
  }
}

/** The tool is not on this machine, or not to be run. */
export function staMissing(executable: string, cause?: unknown): StaError {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === "EACCES")
    return new StaError("sta-missing", `${executable} may not be run`, "Name the tool with --sta-executable.", {
      cause,
    });
  return new StaError(
    "sta-missing",
    `there is no ${executable} on this machine`,
    "Install OpenSTA (Debian: apt-get install opensta), or name it with --sta-executable.",
    { cause },
  );
}
