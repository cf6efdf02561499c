import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { kernelFile, kernelMaker } from "../system/web-assembly.js";
import type { PinKernel } from "./pins/pin-kernel.js";

interface Global {
  readonly value: number;
}

/** What src/kernels/timing exports for line reports, beside what it exports for names and pin tables. */
export interface TimingKernel extends PinKernel {
  readonly windowStart: Global;
  readonly windowBytes: Global;
  readonly codedStart: Global;
  readonly linesCodedBytes: Global;
  readonly items: Global;
  readonly isForeign: Global;
  forgetAll(): void;
  forgetNames(): void;
  forgetTwins(): void;
  nextStage(): void;
  adoptTable(): void;
  beginFile(place: number): void;
  filePlace(): number;
  startLinesEncoding(): void;
  encode(length: number, last: boolean): number;
  written(): number;
  rewind(): void;
  finishLines(): void;
  literalBytes(): number;
  startLinesDecoding(length: number): void;
  decode(count: number, write: boolean): number;
  tablesStart(): number;
}

let digest: string | undefined;

/** Kernels that nobody uses: each has a memory of its own, which costs more to make than to use again. */
const idle: TimingKernel[] = [];
const idleMax = 2;
/** A kernel that has seen more pins than this is left to the collector, for its memory. */
const idlePinsMax = 200_000;

/** A kernel that knows nothing. Give it back by `releaseKernel`. */
export function takeKernel(): TimingKernel {
  const kernel = idle.pop() ?? instantiate();
  kernel.forgetAll();
  kernel.forgetNames();
  kernel.forgetTwins();
  return kernel;
}

export function releaseKernel(kernel: TimingKernel): void {
  if (idle.length < idleMax && kernel.pinCount() <= idlePinsMax) idle.push(kernel);
}

/** Tells kernels of different versions apart. */
export function kernelDigest(): string {
  return (digest ??= hash("sha256", readFileSync(kernelFile("timing"))));
}

/** The kernel's variables beside its memory, in an order of their own: see scripts/export-state.mjs. */
export function kernelVariables(kernel: TimingKernel): { value: number | bigint }[] {
  return Object.entries(kernel)
    .filter(([name]) => name.startsWith("state"))
    .map(([, variable]) => variable as { value: number | bigint });
}

/** A kernel of which nobody has had use. */
export const instantiate = kernelMaker<TimingKernel>("timing");
