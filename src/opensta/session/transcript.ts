import { StaError } from "../sta-error.js";
import { changesState } from "./read-only-commands.js";

/** How a command came out: `lost` when the child ended under it. */
export type CommandOutcome = "running" | "ok" | "error" | "cancelled" | "lost";

export interface TranscriptEntry {
  /** Its rank among all commands of the session, from 0. */
  readonly index: number;
  readonly command: string;
  readonly changesState: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly outcome: CommandOutcome;
  /** Bytes that it printed. */
  readonly bytes: number;
}

/** Writes down how a command ended. */
export type EndOfCommand = (outcome: Exclude<CommandOutcome, "running">, bytes: number) => void;

/** Read-only entries that are kept; older ones go. */
const readOnlyEntriesMax = 10_000;

/** Changes that a session remembers: all of them are needed to build the design again. */
const changesMax = 100_000;

/** All commands of a session, in order: what was done, and what has to be done again after a crash. */
export class Transcript {
  readonly #changes: TranscriptEntry[] = [];
  readonly #queries: TranscriptEntry[] = [];
  #count = 0;

  /**
   * Writes a command down before it runs; the answer tells its end. `changes` overrules what its text says.
   * @throws StaError `queue-full` if the session holds as many changes as it can replay.
   */
  begin(command: string, changes: boolean = changesState(command)): EndOfCommand {
    if (changes && this.#changes.length >= changesMax)
      throw new StaError(
        "queue-full",
        `the session has ${changesMax.toLocaleString("en-US")} changes to replay already`,
        "Put the commands into a script and `source` it: a script is one command.",
        { command },
      );
    const list = changes ? this.#changes : this.#queries;
    const started = performance.now();
    const entry: TranscriptEntry = {
      index: this.#count++,
      command,
      changesState: changes,
      startedAt: new Date().toISOString(),
      durationMs: 0,
      outcome: "running",
      bytes: 0,
    };
    list.push(entry);
    if (!changes && list.length > readOnlyEntriesMax) list.shift();
    return (outcome, bytes) => {
      const at = list.lastIndexOf(entry);
      if (at >= 0) list[at] = { ...entry, outcome, bytes, durationMs: Math.round(performance.now() - started) };
    };
  }

  /** Every command that is kept, in the order it was given. */
  get entries(): readonly TranscriptEntry[] {
    return [...this.#changes, ...this.#queries].sort((one, other) => one.index - other.index);
  }

  /** What a new child has to run. A command under which the child died never took effect in what the session answers. */
  get replayable(): readonly TranscriptEntry[] {
    return this.#changes.filter(({ outcome }) => outcome !== "lost" && outcome !== "running");
  }
}
