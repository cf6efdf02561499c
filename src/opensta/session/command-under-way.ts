import { StaError } from "../sta-error.js";
import type { Activity, Heartbeat } from "./heartbeat.js";
import type { StaChild } from "./sta-child.js";
import type { CommandOptions, SessionLimits } from "./session-options.js";

/** The limits of a command that a session runs. */
export interface CommandWatch {
  readonly command: string;
  readonly child: StaChild;
  readonly heartbeat: Heartbeat;
  readonly limits: Pick<SessionLimits, "stuckMs" | "wallMs" | "killAfterMs">;
  readonly options: CommandOptions;
  readonly bytes: () => number;
  /** Whether nobody reads what it prints. */
  readonly held: () => boolean;
  /** What an abort does; default: the tool is ended, for nothing else ends a command that prints to no FIFO. */
  readonly onAbort?: () => void;
}

/** Watches over one command: ends the tool when it is stuck, takes too long, or is cancelled, and remembers why. */
export class CommandUnderWay {
  /** Why it was ended, if we ended it. */
  endedBy: StaError | null = null;
  readonly #stopWatching: () => void;
  readonly #timer: NodeJS.Timeout | null;
  readonly #abort = () => {
    this.endedBy ??= this.#error(
      "cancelled",
      "the command was cancelled",
      "The next command is run as if it had not been given.",
    );
    if (this.watch.onAbort) this.watch.onAbort();
    else this.killChild();
  };

  constructor(private readonly watch: CommandWatch) {
    const { child, heartbeat, limits, options, bytes, held } = watch;
    const stuckMs = options.stuckMs ?? limits.stuckMs;
    const wallMs = options.wallMs ?? limits.wallMs;
    this.#stopWatching = heartbeat.watch({
      pid: child.pid,
      bytes,
      held,
      onBeat: (activity) => {
        if (activity.quietMs >= stuckMs) this.#stuck(activity);
      },
    });
    this.#timer = Number.isFinite(wallMs) ? setTimeout(() => this.#timedOut(wallMs), wallMs) : null;
    if (options.signal?.aborted) this.#abort();
    else options.signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** Ends the tool under the command, which nothing else would end. */
  killChild(): void {
    void this.watch.child.kill(this.watch.limits.killAfterMs);
  }

  end(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.watch.options.signal?.removeEventListener("abort", this.#abort);
    this.#stopWatching();
  }

  #stuck({ quietMs, cpuMs }: Activity): void {
    if (this.endedBy) return;
    this.endedBy = this.#error(
      "stuck",
      `the tool has neither worked nor printed for ${seconds(quietMs)} (${seconds(cpuMs)} of CPU time before)`,
      "It was ended. Is it stopped, or waiting for a file or a licence? stuckMs (--stuck) sets how long this is borne.",
    );
    this.killChild();
  }

  #timedOut(wallMs: number): void {
    if (this.endedBy) return;
    this.endedBy = this.#error(
      "timed-out",
      `the command has not ended within ${seconds(wallMs)}`,
      "It was ended. Ask for less (fewer paths, one group), or raise wallMs (--timeout).",
    );
    this.killChild();
  }

  #error(code: "stuck" | "timed-out" | "cancelled", message: string, cure: string): StaError {
    return new StaError(code, message, cure, { command: this.watch.command });
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
