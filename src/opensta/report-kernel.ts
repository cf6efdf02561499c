import { kernelMaker } from "../system/web-assembly.js";

/** Why the kernel's `scan` stopped; src/kernels/report/index.ts has the same numbers. */
export const Stop = {
  needsMore: 0,
  batchFull: 1,
  lineOutside: 2,
  lineForeign: 3,
  recordCut: 4,
  recordShort: 5,
  recordTooLong: 6,
} as const;

/** Which lines outside of records `scan` stops at; the kernel has the same numbers. */
export const Attention = { none: 0, marked: 1, all: 2 } as const;
export type Attention = (typeof Attention)[keyof typeof Attention];

interface Global {
  value: number;
}

/** What src/kernels/report exports: the hot loop of the full reports, with its window and its tables in one memory. */
export interface ReportKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly windowStart: Global;
  readonly windowBytes: Global;
  readonly lineFrom: Global;
  readonly lineTo: Global;
  readonly resume: Global;
  readonly lines: Global;
  readonly startpointAt: Global;
  readonly startpointLength: Global;
  readonly startpointReason: Global;
  readonly endpointAt: Global;
  readonly endpointLength: Global;
  readonly texts: Global;
  readonly endpointReason: Global;
  readonly group: Global;
  readonly type: Global;
  readonly corner: Global;
  readonly endPin: Global;
  readonly slack: Global;
  readonly arrival: Global;
  readonly required: Global;
  readonly digits: Global;
  readonly violated: Global;
  readonly byteOffset: Global;
  readonly line: Global;
  readonly rowEnd: Global;
  readonly rowName: Global;
  readonly rowCell: Global;
  readonly rowAttribute: Global;
  readonly rowEdge: Global;
  readonly rowPart: Global;
  readonly rowUnits: Global;
  readonly rowDigits: Global;
  readonly nameRoom: Global;
  readonly nameRoomBytes: Global;
  readonly endStart: Global;
  readonly endViolated: Global;
  usedBytes(): number;
  reset(): void;
  scan(from: number, end: number, offset: number, attention: Attention): number;
  scanEndRows(from: number, end: number): number;
  keepRows(kept: boolean): void;
  again(): void;
  isOpen(): number;
  pathCount(): number;
  rowCount(): number;
  printedKinds(): number;
  clearBatch(): void;
  discard(): void;
  nameCount(table: number): number;
  nameId(table: number, length: number): number;
  nameRecord(table: number, id: number): number;
}

const instantiate = kernelMaker<ReportKernel>("report");

/** Kernels that nobody uses: each has a memory of its own, which costs more to make than to use again. */
const idle: ReportKernel[] = [];
const idleMax = 4;
const idleBytesMax = 32 << 20;

/** A kernel that has seen nothing. Give it back by `releaseKernel`. */
export function takeKernel(): ReportKernel {
  const kernel = idle.pop() ?? instantiate();
  kernel.reset();
  return kernel;
}

export function releaseKernel(kernel: ReportKernel): void {
  if (idle.length < idleMax && kernel.usedBytes() <= idleBytesMax) idle.push(kernel);
}
