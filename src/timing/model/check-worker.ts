/** A thread that reads back what another encodes: calls of `StageCheck` as messages, answered in their order. */
import { parentPort } from "node:worker_threads";
import { StageCheck } from "./stage-check.js";

export interface CheckCall {
  readonly method: Exclude<keyof StageCheck, "close">;
  readonly args: readonly unknown[];
}

export type CheckAnswer = { readonly result: unknown } | { readonly error: string };

const check = new StageCheck();

parentPort?.on("message", ({ method, args }: CheckCall) => {
  parentPort!.postMessage(answer(method, args));
});

function answer(method: CheckCall["method"], args: readonly unknown[]): CheckAnswer {
  try {
    const call = check[method] as (...values: readonly unknown[]) => unknown;
    return { result: call.apply(check, args as unknown[]) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
