import { Worker } from "node:worker_threads";
import type { Answer, Call } from "./serve.js";

/** A thread runs JavaScript: where the sources run as TypeScript, as in tests, the calls happen in the caller's thread. */
const isBuilt = import.meta.url.endsWith(".js");

/** A call failed, or the thread that was to answer it has ended. */
export class ThreadError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = "ThreadError";
  }
}

type Method<Target> = {
  [Name in keyof Target]: Target[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Target] &
  string;
type Arguments<Called> = Called extends (...args: infer Given) => unknown ? Given : never;
type Result<Called> = Called extends (...args: never[]) => infer Given ? Given : never;

/**
 * An object in a thread of its own: calls of its methods, done and answered in their order.
 * @example const check = new Thread(new URL("./check-thread.js", import.meta.url), () => new StageCheck());
 *   await check.call("finishFile");
 */
export class Thread<Target extends { close(): void }> {
  readonly #worker: Worker | null;
  readonly #local: Target | null;
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];
  #ended: Error | null = null;
  #isClosing = false;

  constructor(script: URL, makeLocal: () => Target) {
    // None of the caller's flags of Node are for the thread.
    this.#worker = isBuilt ? new Worker(script, { execArgv: [] }) : null;
    this.#local = this.#worker ? null : makeLocal();
    this.#worker?.unref();
    this.#worker?.on("message", (answer: Answer) => this.#take(answer));
    this.#worker?.on("error", (error) => this.#end(error));
    this.#worker?.on("exit", () => this.#end(new Error("the thread has ended")));
  }

  /**
   * Calls a method; the arguments are copied, but for memory that is shared.
   * @throws ThreadError if the method throws, or the thread has ended.
   */
  async call<Name extends Method<Target>>(name: Name, args: Arguments<Target[Name]>): Promise<Result<Target[Name]>> {
    if (this.#local) return this.#callLocal(this.#local, name, args) as Result<Target[Name]>;
    if (this.#ended) throw new ThreadError(this.#ended);
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.push(waiting);
    // The process is not to end while an answer is waited for.
    this.#worker!.ref();
    this.#worker!.postMessage({ name, args } satisfies Call);
    return (await waiting.promise) as Result<Target[Name]>;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#local?.close();
    await this.#worker?.terminate();
  }

  #callLocal(target: Target, name: Method<Target>, args: readonly unknown[]): unknown {
    try {
      return (target[name] as (...given: readonly unknown[]) => unknown).apply(target, args as unknown[]);
    } catch (error) {
      throw new ThreadError(error);
    }
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.shift();
    // The process is to live until a thread that is closed has ended.
    if (this.#waiting.length === 0 && !this.#isClosing) this.#worker!.unref();
    if ("error" in answer) waiting?.reject(new ThreadError(answer.error));
    else waiting?.resolve(answer.result);
  }

  /** Whoever waits, or asks from now on, is told that nobody answers. */
  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(new ThreadError(this.#ended));
  }
}
