/** What one session may use, and where it runs. */
export interface SessionOptions {
  /** The tool; default `sta` from the PATH. `openroad` works too. */
  readonly executable?: string;
  /** Further arguments of the tool, such as `-threads`, `4`. */
  readonly args?: readonly string[];
  /** Environment besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where relative file names of the commands begin. */
  readonly cwd?: string;
  /** Commands that may wait for their turn; default 100. */
  readonly waitingMax?: number;
  /** Text that `run` keeps of one command, and the longest result; default 10 MiB. */
  readonly outputBytesMax?: number;
  /** A command that for so long neither works, nor prints, nor waits for its reader is ended; default 60 s. */
  readonly stuckMs?: number;
  /** The longest that a command may take in all; default: no limit, since a search may last for hours. */
  readonly wallMs?: number;
  /**
   * How long a cancelled command may take to end before the tool is ended; default 10 s. One that searches in silence
   * does not notice that nobody reads; one that prints formats the rest for nobody, at some 50 MB/s.
   */
  readonly cancelWaitMs?: number;
  /** How long the tool may take to end after SIGTERM before SIGKILL; default 2 s. */
  readonly killAfterMs?: number;
  /** How often the tool is looked at while a command is under way; default 250 ms. */
  readonly beatMs?: number;
  /** After a crash, build the design again before the next command, as recover() does; default false. */
  readonly autoRecover?: boolean;
  /** How often a session builds its design again, in all; default 10. */
  readonly recoveriesMax?: number;
  /**
   * After the first timing query of each state, ask for WNS and TNS too, so that a recovery has something to compare
   * with; default true. It costs one more search of the other path type.
   */
  readonly keepFigures?: boolean;
}

export type SessionLimits = Required<
  Pick<
    SessionOptions,
    | "waitingMax"
    | "outputBytesMax"
    | "stuckMs"
    | "wallMs"
    | "cancelWaitMs"
    | "killAfterMs"
    | "beatMs"
    | "autoRecover"
    | "recoveriesMax"
    | "keepFigures"
  >
>;

/** The options with what stands for those that are not given. */
export function sessionLimits(options: SessionOptions): SessionLimits {
  return {
    waitingMax: 100,
    outputBytesMax: 10 << 20,
    stuckMs: 60_000,
    wallMs: Number.POSITIVE_INFINITY,
    cancelWaitMs: 10_000,
    killAfterMs: 2000,
    beatMs: 250,
    autoRecover: false,
    recoveriesMax: 10,
    keepFigures: true,
    ...options,
  };
}

/** What one command may be given. */
export interface CommandOptions {
  /** Cancels it: before its turn nothing is run, after that it is ended. */
  readonly signal?: AbortSignal | undefined;
  /** In place of the session's. */
  readonly stuckMs?: number | undefined;
  readonly wallMs?: number | undefined;
}
