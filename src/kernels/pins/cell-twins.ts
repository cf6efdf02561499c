/**
 * Cells whose values are those of a twin: modules that are used many times are often timed alike.
 * A cell's twin is the cell with the same leaf name in the use of the module before or after it.
 */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { pinInstance } from "../names/names";
import { allocate, allocateZeroed } from "../names/room";
import { twinOf } from "../names/twins";
import { cellOfInstance, cells, kindOf, pinAt, startOf } from "./cells";
import { placeOf } from "./value-coder";

let twinBefore: usize = 0;
let twinAfter: usize = 0;
/** Per cell: the passes that it is through. */
let passed: usize = 0;
let hits: usize = 0;
let history: u32 = 0;

export function beginTwins(): void {
  twinBefore = allocate(4 * <usize>cells + 64);
  twinAfter = allocate(4 * <usize>cells + 64);
  memory.fill(twinBefore, 0xff, 4 * <usize>cells);
  memory.fill(twinAfter, 0xff, 4 * <usize>cells);
  passed = allocateZeroed(<usize>cells + 64);
  hits = contexts(8);
  history = 0;
  for (let cell = 0; cell < cells; cell++) {
    const twin = twinOf(pinInstance(pinAt(startOf(cell))));
    const other = twin < 0 ? -1 : load<i32>(cellOfInstance + 4 * <usize>twin);
    if (other < 0 || other === cell || kindOf(other) !== kindOf(cell)) continue;
    if (startOf(other + 1) - startOf(other) !== startOf(cell + 1) - startOf(cell)) continue;
    store<i32>(twinBefore + 4 * <usize>cell, other);
    store<i32>(twinAfter + 4 * <usize>other, cell);
  }
}

/** Codes whether the two columns at `column` of the rows in `ports` are a twin's that is through `pass`; copies them if so. */
export function codeTwin(cell: i32, ports: u32, column: i32, pass: u8): bool {
  let twin = load<i32>(twinBefore + 4 * <usize>cell);
  if (twin < 0 || load<u8>(passed + <usize>twin) < pass) twin = load<i32>(twinAfter + 4 * <usize>cell);
  store<u8>(passed + <usize>cell, pass);
  if (twin < 0 || twin === cell || load<u8>(passed + <usize>twin) < pass) return false;
  const same = codeBit(hits + 4 * <usize>(history & 7), decoding ? 0 : isSame(cell, twin, ports, column) ? 1 : 0);
  history = (history << 1) | <u32>same;
  if (same && decoding) copy(cell, twin, ports, column);
  return same !== 0;
}

// @ts-ignore: decorator
@inline
function isAmong(port: i32, ports: u32): bool {
  return ports === 0xffffffff || (port < 32 && ((ports >> port) & 1) !== 0);
}

function isSame(cell: i32, twin: i32, ports: u32, column: i32): bool {
  const start = startOf(cell);
  const other = startOf(twin);
  const size = startOf(cell + 1) - start;
  for (let port = 0; port < size; port++)
    if (isAmong(port, ports) && load<u64>(placeOf(start + port, column)) !== load<u64>(placeOf(other + port, column)))
      return false;
  return true;
}

function copy(cell: i32, twin: i32, ports: u32, column: i32): void {
  const start = startOf(cell);
  const other = startOf(twin);
  const size = startOf(cell + 1) - start;
  for (let port = 0; port < size; port++)
    if (isAmong(port, ports)) store<u64>(placeOf(start + port, column), load<u64>(placeOf(other + port, column)));
}
