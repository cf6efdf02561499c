import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { ByteSource } from "../byte-source.js";
import { CommandFifo } from "./command-fifo.js";
import { commandResult, type CommandResult } from "./command-result.js";
import type { CommandUnderWay } from "./command-under-way.js";
import type { LoopReply } from "./session-loop.js";
import type { CommandOptions } from "./session-options.js";
import { type ChildEnd, type Execution, isChildEnd } from "./sta-child.js";
import type { EndOfCommand } from "./transcript.js";
import type { Tool, Turn } from "./tool.js";

/** What a streamed command printed past its FIFO (errors of a reader, its own redirection) and the longest result. */
const besideBytesMax = 64 << 10;

/**
 * Runs one command and gives what it prints as it is pulled. Nothing is run before the first pull; leaving the loop
 * ends the command.
 */
export async function* streamCommand(
  tool: Tool,
  command: string,
  options: CommandOptions,
): ByteSource & AsyncGenerator<Uint8Array> {
  const turn = await tool.turn(command, { signal: options.signal, captures: true });
  const stream = await StreamedCommand.begin(tool, turn, command, options);
  try {
    yield* stream.bytes();
    const { output } = await stream.result();
    // What it printed beside the FIFO comes last: a reader then sees the tool's complaints too.
    if (output !== "") yield Buffer.from(output);
  } finally {
    await stream.end();
  }
}

class StreamedCommand {
  readonly #underWay: CommandUnderWay;
  #bytes = 0;
  #ending: Promise<void> | null = null;
  #reply: LoopReply | ChildEnd | null = null;

  private constructor(
    private readonly tool: Tool,
    private readonly turn: Turn,
    private readonly command: string,
    private readonly fifo: CommandFifo,
    private readonly execution: Execution,
    private readonly fifoOpen: Promise<void>,
    private readonly finish: EndOfCommand,
    options: CommandOptions,
  ) {
    this.#underWay = tool.watch(turn.child, command, options, {
      bytes: () => this.#bytes + execution.textBytes,
      held: () => !fifo.reading,
      // Whoever reads meets its error too.
      onAbort: () => void this.end().catch(() => undefined),
    });
    void execution.reply.then((reply) => {
      this.#reply = reply;
      fifo.commandEnded();
    });
  }

  static async begin(tool: Tool, turn: Turn, command: string, options: CommandOptions): Promise<StreamedCommand> {
    let fifo: CommandFifo | null = null;
    try {
      const finish = tool.transcript.begin(command);
      fifo = await CommandFifo.make(join(tool.folder, `${randomBytes(8).toString("hex")}.fifo`));
      const opened = Promise.withResolvers<void>();
      const execution = turn.child.execute(command, {
        textBytesMax: besideBytesMax,
        resultCharactersMax: besideBytesMax,
        fifo: fifo.path,
        onFifoOpen: opened.resolve,
      });
      return new StreamedCommand(tool, turn, command, fifo, execution, opened.promise, finish, options);
    } catch (error) {
      await fifo?.close();
      turn.end();
      throw error;
    }
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    await Promise.race([this.fifoOpen, this.execution.reply]);
    for await (const piece of this.fifo.bytes()) {
      this.#bytes += piece.length;
      yield piece;
    }
  }

  /** How the command came out, once its bytes have ended; throws if it failed, died or was cancelled. */
  async result(): Promise<CommandResult> {
    const reply = await this.execution.reply;
    if (isChildEnd(reply)) throw this.tool.lost(this.command, reply, this.#underWay.endedBy, this.execution.text);
    if (this.#underWay.endedBy) throw this.#underWay.endedBy;
    const answer = commandResult(this.command, this.execution.text, reply);
    if (answer.error) throw answer.error;
    return answer;
  }

  /** Ends the command if it has not ended, and gives the turn back. It is safe to call it twice. */
  async end(): Promise<void> {
    this.#ending ??= this.#end();
    await this.#ending;
  }

  async #end(): Promise<void> {
    const left = this.#reply === null;
    try {
      await this.fifo.close();
      const reply = await this.#lastReply();
      this.#underWay.end();
      await this.#note(reply, left);
    } finally {
      this.turn.end();
    }
  }

  /** A command that prints ends soon now. One that searches in silence does not notice: it gets a while, no more. */
  async #lastReply(): Promise<LoopReply | ChildEnd> {
    const timer = setTimeout(() => this.#underWay.killChild(), this.tool.limits.cancelWaitMs);
    const reply = await this.execution.reply;
    clearTimeout(timer);
    return reply;
  }

  async #note(reply: LoopReply | ChildEnd, left: boolean): Promise<void> {
    if (isChildEnd(reply)) {
      this.tool.noteLoss(left || this.#underWay.endedBy !== null);
      return this.finish("lost", this.#bytes);
    }
    const failed = commandResult(this.command, this.execution.text, reply).error;
    this.finish(left ? "cancelled" : failed ? "error" : "ok", this.#bytes);
    if (!left && !failed) await this.tool.noteFigures(this.turn.child, this.command);
  }
}
