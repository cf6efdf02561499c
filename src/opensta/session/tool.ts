import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PrivateFolder } from "../private-folder.js";
import { StaError, staMissing } from "../sta-error.js";
import { CommandQueue } from "./command-queue.js";
import { commandResult, lostError } from "./command-result.js";
import { CommandUnderWay, type CommandWatch } from "./command-under-way.js";
import { Heartbeat } from "./heartbeat.js";
import { asksForTiming } from "./read-only-commands.js";
import { replayChanges, type KnownFigures } from "./replay-changes.js";
import { loopScript } from "./session-loop.js";
import { type CommandOptions, type SessionLimits, sessionLimits, type SessionOptions } from "./session-options.js";
import { type ChildEnd, isChildEnd, StaChild } from "./sta-child.js";
import { parseTclList, tclWord } from "../tcl-list.js";
import { figuresQuery, readFigures, type TimingFigures } from "./timing-figures.js";
import { toolVersion, type ToolVersion, versionQuery } from "./tool-version.js";
import { Transcript } from "./transcript.js";

/**
 * `ready`: it answers. `lost`: the tool has ended; recover() builds its design again. `diverged`: what was built again
 * is not what was lost, so nothing is captured from it. `closed`: for good.
 */
export type SessionState = "ready" | "lost" | "diverged" | "closed";

export interface TurnOptions {
  readonly signal?: AbortSignal | undefined;
  /** What it gives is kept by somebody: not of a design that has diverged. */
  readonly captures?: boolean;
}

/** A turn at the tool: one command at a time has it. */
export interface Turn {
  readonly child: StaChild;
  readonly end: () => void;
}

/** One tool across its restarts: its child, the turns at it, and what has to be repeated in a new one. */
export class Tool {
  readonly transcript = new Transcript();
  readonly heartbeat: Heartbeat;
  readonly limits: SessionLimits;
  version!: ToolVersion;
  readonly #queue: CommandQueue;
  #child: StaChild | null = null;
  #closed = false;
  #difference: string | null = null;
  #recoveryDue = false;
  #recoveries = 0;
  #known: KnownFigures | null = null;

  private constructor(
    private readonly options: SessionOptions,
    /** FIFOs live in it. */
    private readonly privateFolder: PrivateFolder,
  ) {
    this.limits = sessionLimits(options);
    this.heartbeat = new Heartbeat(this.limits.beatMs);
    this.#queue = new CommandQueue(this.limits.waitingMax);
  }

  static async open(options: SessionOptions): Promise<Tool> {
    const tool = new Tool(options, await PrivateFolder.make());
    try {
      await writeFile(tool.#script, loopScript, { mode: 0o600 });
      await tool.#start();
      return tool;
    } catch (error) {
      await tool.close();
      throw error;
    }
  }

  get folder(): string {
    return this.privateFolder.path;
  }

  get state(): SessionState {
    if (this.#closed) return "closed";
    if (this.#child === null || this.#child.end) return "lost";
    return this.#difference === null ? "ready" : "diverged";
  }

  get pid(): number | null {
    return this.#child && !this.#child.end ? this.#child.pid : null;
  }

  get knownFigures(): TimingFigures | null {
    return this.#known?.changes === this.transcript.replayable.length ? this.#known.figures : null;
  }

  /**
   * Waits for a turn at a living tool, built again first where that is due.
   * @throws StaError `queue-full`, `cancelled`, `closed`, `not-running`, `diverged`.
   */
  async turn(command: string, { signal, captures = false }: TurnOptions): Promise<Turn> {
    this.#refuseIfClosed(command);
    const end = await this.#queue.turn(command, signal);
    try {
      this.#refuseIfClosed(command);
      if (this.state === "lost") {
        if (!this.#recoveryDue && !this.limits.autoRecover) throw notRunning(command);
        await this.#restart();
      }
      if (captures) this.#refuseIfDiverged(command);
      return { child: this.#child!, end };
    } catch (error) {
      end();
      throw error;
    }
  }

  /** Watches over a command, with its own limits or the session's. */
  watch(
    child: StaChild,
    command: string,
    options: CommandOptions,
    view: Pick<CommandWatch, "bytes" | "held" | "onAbort">,
  ): CommandUnderWay {
    return new CommandUnderWay({ child, command, options, heartbeat: this.heartbeat, limits: this.limits, ...view });
  }

  /** The child has ended under a command: why, for whoever gave it. */
  lost(command: string, end: ChildEnd, endedBy: StaError | null, output: string): StaError {
    this.noteLoss(endedBy !== null);
    if (this.#closed) return closedError(command);
    return endedBy ?? lostError(command, this.#executable, end, output);
  }

  /** What we ended ourselves is built again without being asked. */
  noteLoss(byUs: boolean): void {
    this.#recoveryDue ||= byUs;
    this.heartbeat.rest("dead");
  }

  /** After a timing query: what the figures of this state are, for a recovery to compare with. */
  async noteFigures(child: StaChild, command: string): Promise<void> {
    // A diverged design must not become what the next recovery is compared with.
    if (!this.limits.keepFigures || this.#difference !== null) return;
    if (!asksForTiming(command) || this.knownFigures) return;
    // A child that dies under this question is met by the next command; this one has its answer.
    const figures = await this.#figures(child).catch(() => null);
    if (figures) this.#known = { changes: this.transcript.replayable.length, figures };
  }

  /** Asks Tcl; the transcript does not show it. */
  async isComplete(text: string): Promise<boolean> {
    const { child, end } = await this.turn("info complete", {});
    try {
      return (await this.#internal(child, `info complete ${tclWord(text)}`)).result === "1";
    } finally {
      end();
    }
  }

  /** Starts the tool anew and repeats all changes. Answers what differs from before, or null. */
  async recover(): Promise<string | null> {
    this.#refuseIfClosed("recover");
    const end = await this.#queue.turn("recover");
    try {
      await this.#restart();
      return this.#difference;
    } finally {
      end();
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.refuseAll(closedError);
    if (this.#child && !this.#child.end)
      await (this.#queue.busy
        ? this.#child.kill(this.limits.killAfterMs)
        : this.#child.finish(this.limits.killAfterMs));
    this.heartbeat.complete();
    await this.privateFolder.remove();
  }

  get #executable(): string {
    return this.options.executable ?? "sta";
  }

  get #script(): string {
    return join(this.folder, "checkpoint-session.tcl");
  }

  async #restart(): Promise<void> {
    if (this.#recoveries >= this.limits.recoveriesMax)
      throw new StaError(
        "not-running",
        `the tool was built again ${this.#recoveries} times already`,
        "Look at the transcript for the command under which it dies; recoveriesMax sets how often it is tried.",
      );
    this.#recoveries++;
    if (this.#child) await this.#child.kill(this.limits.killAfterMs);
    const child = await this.#start();
    this.#difference = await replayChanges({
      changes: this.transcript.replayable,
      known: this.#known,
      run: async (command) => await this.#internal(child, command),
      figures: async () => await this.#figures(child),
    });
    this.#recoveryDue = false;
  }

  async #start(): Promise<StaChild> {
    this.#refuseIfClosed("start");
    const { args = [], env = {}, cwd } = this.options;
    const child = StaChild.start({ executable: this.#executable, script: this.#script, args, env, cwd });
    this.#child = child;
    void child.ended.then(() => {
      if (this.#child === child) this.heartbeat.rest("dead");
    });
    const reply = await child.execute(versionQuery, { textBytesMax: 4000, resultCharactersMax: 4000 }).reply;
    if (isChildEnd(reply)) {
      if (reply.exitCode === 127) throw staMissing(this.#executable);
      throw new StaError(
        "sta-failed",
        `${this.#executable} did not start: ${child.beginning.trim().split("\n").at(-1) || (reply.signal ?? `exit code ${reply.exitCode}`)}`,
        "Is it OpenSTA or OpenROAD, and do its arguments fit it? Start it by hand to see more.",
        { output: child.beginning },
      );
    }
    this.version = toolVersion(parseTclList(reply.result));
    this.heartbeat.rest("idle");
    return child;
  }

  /** Runs a command of our own, which the transcript does not show. */
  async #internal(child: StaChild, command: string): Promise<{ readonly ok: boolean; readonly result: string }> {
    const execution = child.execute(command, { textBytesMax: 1 << 20, resultCharactersMax: 1 << 20 });
    const underWay = this.watch(child, command, {}, { bytes: () => execution.textBytes, held: () => false });
    const reply = await execution.reply;
    underWay.end();
    if (isChildEnd(reply)) throw this.lost(command, reply, underWay.endedBy, execution.text);
    const { error, result } = commandResult(command, execution.text, reply);
    return { ok: error === undefined, result };
  }

  async #figures(child: StaChild): Promise<TimingFigures | null> {
    const { ok, result } = await this.#internal(child, figuresQuery);
    return ok ? readFigures(result) : null;
  }

  #refuseIfDiverged(command: string): void {
    if (this.#difference !== null)
      throw new StaError(
        "diverged",
        `the recovered design is not the one that was lost: ${this.#difference}`,
        "Nothing is captured from it. run() still answers, to see why; open another session to go on.",
        { command },
      );
  }

  #refuseIfClosed(command: string): void {
    if (this.#closed) throw closedError(command);
  }
}

function notRunning(command: string): StaError {
  return new StaError(
    "not-running",
    "the tool of this session has ended",
    "Call recover(): it starts the tool anew and repeats every change. autoRecover does so by itself.",
    { command },
  );
}

function closedError(command: string): StaError {
  return new StaError("closed", "the session is closed", "Open another one.", { command });
}
