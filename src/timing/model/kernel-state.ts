/**
 * A kernel's whole state: its variables and its memory, but for the room of tables, which are kept by themselves. Written as
 * sections: the variables (eight bytes each), the runs of memory in use (begin and end of each), then what is in them.
 */
import { instantiate, kernelVariables, type TimingKernel } from "../timing-kernel.js";
import type { StateReader, StateWriter } from "./state-file.js";

const pageBytes = 65_536;
const noBytes = Buffer.alloc(pageBytes);

export function saveKernel(kernel: TimingKernel, file: StateWriter): void {
  const runs = runsInUse(kernel);
  file.write(Buffer.from(variablesOf(kernel).buffer));
  file.write(Buffer.from(Float64Array.from([kernel.memory.buffer.byteLength / pageBytes, ...runs.flat()]).buffer));
  for (const [from, to] of runs) file.writeAll(new Uint8Array(kernel.memory.buffer, from, to - from));
}

/** @throws Error if the file holds no state of such a kernel. */
export function loadKernel(file: StateReader): TimingKernel {
  const variables = Buffer.from(file.next());
  const [pages = 0, ...runs] = new Float64Array(Uint8Array.from(file.next()).buffer);
  const kernel = instantiate();
  const missing = pages - kernel.memory.buffer.byteLength / pageBytes;
  if (missing > 0) kernel.memory.grow(missing);
  for (let run = 0; run < runs.length; run += 2)
    file.readAll(new Uint8Array(kernel.memory.buffer, runs[run], runs[run + 1]! - runs[run]!));
  setVariables(kernel, variables);
  return kernel;
}

function variablesOf(kernel: TimingKernel): BigInt64Array {
  const variables = kernelVariables(kernel);
  const bits = new BigInt64Array(variables.length);
  const numbers = new Float64Array(bits.buffer);
  for (const [index, { value }] of variables.entries())
    if (typeof value === "bigint") bits[index] = value;
    else numbers[index] = value;
  return bits;
}

function setVariables(kernel: TimingKernel, bytes: Buffer): void {
  const variables = kernelVariables(kernel);
  if (bytes.length !== 8 * variables.length) throw new Error("another kernel's variables");
  for (const [index, variable] of variables.entries())
    variable.value =
      typeof variable.value === "bigint" ? bytes.readBigInt64LE(8 * index) : bytes.readDoubleLE(8 * index);
}

/** Begin and end of the runs of pages that are not all zero. */
function runsInUse(kernel: TimingKernel): [number, number][] {
  const memory = Buffer.from(kernel.memory.buffer);
  const end = Math.min(memory.length, kernel.tablesStart() >>> 0);
  const runs: [number, number][] = [];
  for (let at = 0; at < end; at += pageBytes) {
    const to = Math.min(at + pageBytes, end);
    if (noBytes.compare(memory, at, to, 0, to - at) === 0) continue;
    const last = runs.at(-1);
    if (last?.[1] === at) last[1] = to;
    else runs.push([at, to]);
  }
  return runs;
}
