import { parentPort } from "node:worker_threads";

export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

export type Answer = { readonly result: unknown } | { readonly error: unknown };

/** Answers the calls of a `Thread` by an object's methods. */
export function serve(target: object): void {
  parentPort?.on("message", ({ name, args }: Call) => parentPort!.postMessage(answer(target, name, args)));
}

function answer(target: object, name: string, args: readonly unknown[]): Answer {
  try {
    return { result: (target as Record<string, (...given: unknown[]) => unknown>)[name]!(...args) };
  } catch (error) {
    return { error };
  }
}
