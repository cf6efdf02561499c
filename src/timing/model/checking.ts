import { Worker } from "node:worker_threads";
import type { CheckAnswer, CheckCall } from "./check-worker.js";
import { StageCheck } from "./stage-check.js";
import type { ModelCoding } from "./stage-model.js";

/** A thread runs JavaScript: where the sources run as TypeScript, as in tests, reading back happens in the same thread. */
const isBuilt = import.meta.url.endsWith(".js");

/** Calls under way before the caller has to wait: each holds a block or a piece of text. */
const underWayMax = 4;

/** `StageCheck` in a thread of its own, so that reading back takes no time from encoding. */
export class Checking {
  readonly #worker: Worker | null = isBuilt
    ? new Worker(new URL("./check-worker.js", import.meta.url), { execArgv: [] })
    : null;
  readonly #local: StageCheck | null = this.#worker ? null : new StageCheck();
  readonly #waiting: PromiseWithResolvers<unknown>[] = [];
  #failure: Error | null = null;

  constructor() {
    this.#worker?.unref();
    this.#worker?.on("message", (answer: CheckAnswer) => {
      const waiting = this.#waiting.shift();
      if (this.#waiting.length === 0) this.#worker!.unref();
      if ("error" in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.result);
    });
    this.#worker?.on("error", (error) => this.#end(error));
    this.#worker?.on("exit", () => this.#end(new Error("the checking thread has ended")));
  }

  /** Whoever waits, or asks from now on, is told that nobody answers. */
  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#ended);
  }
  #ended: Error | null = null;

  async nextStage(): Promise<void> {
    await this.#send("nextStage");
  }

  async skip(coding: ModelCoding, file: string, bytes: Uint8Array): Promise<void> {
    await this.#send("skip", coding, file, bytes);
  }

  async take(coding: ModelCoding, file: string, bytes: Uint8Array): Promise<void> {
    await this.#send("take", coding, file, bytes);
  }

  async takePlain(text: Uint8Array): Promise<void> {
    await this.#send("takePlain", text);
  }

  /**
   * The SHA-256 of the file's text as it comes back.
   * @throws Error if it does not come back at all.
   */
  async finishFile(): Promise<string> {
    const digest = await this.#call("finishFile");
    if (this.#failure) throw this.#failure;
    return digest as string;
  }

  async close(): Promise<void> {
    this.#local?.close();
    await this.#worker?.terminate();
  }

  /** What goes wrong is told at the file's end; the caller waits only where much is under way. */
  async #send(method: CheckCall["method"], ...args: readonly unknown[]): Promise<void> {
    const call = this.#call(method, ...args).catch((error: unknown) => {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    });
    if (this.#waiting.length >= underWayMax)
      await this.#waiting[this.#waiting.length - underWayMax]!.promise.catch(() => undefined);
    else if (this.#local) await call;
  }

  async #call(method: CheckCall["method"], ...args: readonly unknown[]): Promise<unknown> {
    if (this.#local)
      return (this.#local[method] as (...values: readonly unknown[]) => unknown).apply(this.#local, args as unknown[]);
    if (this.#ended) throw this.#ended;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.push(waiting);
    // The process is not to end while an answer is waited for.
    this.#worker!.ref();
    this.#worker!.postMessage({ method, args } satisfies CheckCall);
    return await waiting.promise;
  }
}
