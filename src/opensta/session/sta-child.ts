import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { atExit } from "../at-exit.js";
import { FrameReader } from "./frame-reader.js";
import { loopReply, loopRequest, type LoopReply } from "./session-loop.js";

export interface StaChildOptions {
  readonly executable: string;
  /** The script with the loop. */
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
}

/** How a child ended. */
export interface ChildEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Tells the end of the child from the reply of the loop. */
export function isChildEnd(reply: LoopReply | ChildEnd): reply is ChildEnd {
  return "exitCode" in reply;
}

export interface ExecuteOptions {
  /** Text of standard output that is kept; what is beyond is counted and let go. */
  readonly textBytesMax: number;
  readonly resultCharactersMax: number;
  readonly fifo?: string;
  /** The FIFO's writing end is open. */
  readonly onFifoOpen?: () => void;
}

/** What a command under way has come to so far. */
export class Execution {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  /** Bytes that it printed to standard output. */
  textBytes = 0;

  constructor(
    readonly reply: Promise<LoopReply | ChildEnd>,
    private readonly textBytesMax: number,
  ) {}

  take(bytes: Buffer): void {
    this.textBytes += bytes.length;
    const room = this.textBytesMax - this.#keptBytes;
    if (room <= 0) return;
    const kept = bytes.subarray(0, room);
    this.#kept.push(Buffer.from(kept));
    this.#keptBytes += kept.length;
  }

  get text(): string {
    return Buffer.concat(this.#kept).toString();
  }
}

/** One running tool: takes a command at a time. Its standard error joins its output, in the order it was written. */
export class StaChild {
  /** Settles when the child has ended; never rejects. */
  readonly ended: Promise<ChildEnd>;
  readonly #frames: FrameReader;
  #execution: Execution | null = null;
  #onFrame: ((words: string) => void) | null = null;
  /** Ends the wait of the command under way when the child ends; a race of promises would keep every command alive. */
  #onEnd: ((end: ChildEnd) => void) | null = null;
  /** What it printed before the first command: the reason, where it cannot even start. */
  readonly #beginning = new Execution(new Promise(() => undefined), 4000);
  #end: ChildEnd | null = null;
  readonly #forget: () => void;

  private constructor(
    private readonly process: ChildProcess,
    private readonly input: Writable,
  ) {
    this.#frames = new FrameReader(
      (bytes) => (this.#execution ?? this.#beginning).take(bytes),
      (words) => this.#onFrame?.(words),
    );
    process.stdout!.on("data", (bytes: Buffer) => this.#frames.push(bytes));
    // One that searches would not notice for minutes that nobody is there any more.
    this.#forget = atExit(() => process.kill("SIGKILL"));
    // A child that ended has closed its input: that is told by its end.
    input.on("error", () => undefined);
    const closed = once(process, "close");
    // A program that the child left behind may hold its output open for ever: what it prints is nobody's.
    process.once("exit", () => setTimeout(() => process.stdout!.destroy(), leftBehindMs).unref());
    this.ended = closed.then(
      ([exitCode, signal]: unknown[]) => {
        this.#frames.finish();
        return this.#over({ exitCode, signal } as ChildEnd);
      },
      () => this.#over({ exitCode: 127, signal: null }),
    );
  }

  static start({ executable, script, args, env, cwd }: StaChildOptions): StaChild {
    // The shell makes standard error the same pipe as standard output, and is gone then: the number is the tool's own.
    const words = ["-no_splash", "-no_init", ...args, "-exit", script];
    const child = spawn("/bin/sh", ["-c", 'exec "$0" "$@" 2>&1', executable, ...words], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
      cwd,
    });
    return new StaChild(child, child.stdin);
  }

  get pid(): number {
    return this.process.pid ?? -1;
  }

  get end(): ChildEnd | null {
    return this.#end;
  }

  /** What it printed outside of any command. */
  get beginning(): string {
    return this.#beginning.text;
  }

  /** Sends a command; its reply is the frame that ends it, or the child's end. */
  execute(command: string, options: ExecuteOptions): Execution {
    const mark = randomBytes(16).toString("hex");
    const replied = new Promise<LoopReply | ChildEnd>((resolve) => {
      if (this.#end) return resolve(this.#end);
      this.#onEnd = resolve;
      this.#onFrame = (words) => {
        const reply = loopReply(words);
        if (!reply) return options.onFifoOpen?.();
        this.#onFrame = null;
        this.#onEnd = null;
        resolve(reply);
      };
    });
    const execution = new Execution(replied, options.textBytesMax);
    this.#execution = execution;
    this.#frames.expect(mark);
    this.input.write(
      loopRequest({ mark, command, resultCharactersMax: options.resultCharactersMax, fifo: options.fifo }),
    );
    return execution;
  }

  #over(end: ChildEnd): ChildEnd {
    this.#end = end;
    this.#forget();
    this.#onEnd?.(end);
    return end;
  }

  /** Ends the child: asks, and insists if it does not heed. */
  async kill(killAfterMs: number): Promise<ChildEnd> {
    if (this.#end) return this.#end;
    this.process.kill("SIGTERM");
    return await this.#insist(killAfterMs);
  }

  /** Lets the child end by itself at the end of its input. */
  async finish(killAfterMs: number): Promise<ChildEnd> {
    this.input.end();
    return await this.#insist(killAfterMs);
  }

  async #insist(afterMs: number): Promise<ChildEnd> {
    const timer = setTimeout(() => this.process.kill("SIGKILL"), afterMs);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}

/** How long the output of a child that has ended is read on. */
const leftBehindMs = 500;
