/** Room in linear memory. Names lie in a range of their own, so that a table's room can be given back at once. */

import { limitTo } from "../report/memory";

/** The line reports have the room below, pin tables the room above: what nobody touches takes no memory. */
const namesStart: usize = 1 << 30;
const namesBytes: usize = 512 << 20;
limitTo(namesStart);
const growthPages: i32 = 4096;
let namesTop: usize = namesStart;
let tableTop: usize = namesStart + namesBytes;

/** Room for names: kept for ever, beyond the range of names if that is full. */
export function allocateNames(size: usize): usize {
  if (namesTop + size > namesStart + namesBytes) return allocate(size);
  const start = namesTop;
  namesTop = (namesTop + size + 15) & ~15;
  ensure(namesTop);
  return start;
}

/** Room for a table; what was there is undefined. */
export function allocate(size: usize): usize {
  const start = tableTop;
  const end: u64 = (<u64>tableTop + <u64>size + 15) & ~15;
  if (end > 0xffff0000) unreachable();
  tableTop = <usize>end;
  ensure(tableTop);
  return start;
}

export function allocateZeroed(size: usize): usize {
  const start = allocate(size);
  memory.fill(start, 0, size);
  return start;
}

export function mark(): usize {
  return tableTop;
}

export function release(place: usize): void {
  tableTop = place;
}

function ensure(end: usize): void {
  // 64 bytes beyond are read by wide loads.
  const pages = <i32>((<u64>end + 64 + 0xffff) >> 16);
  if (pages <= memory.size()) return;
  // In large steps, as each growth costs the host a collection; what is not touched takes no room.
  if (memory.grow(min(pages + growthPages, 0xffff) - memory.size()) >= 0) return;
  if (memory.grow(pages - memory.size()) < 0) unreachable();
}
