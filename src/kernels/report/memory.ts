/** Room in the module's own memory: taken from its end, never given back to the machine. */

/** The runtime keeps the few objects that it makes itself in the room before. */
let top: usize = (__heap_base + 0x1000 + 15) & ~15;
/** Where the room ends: what lies beyond belongs to others. */
let limit: usize = 0xffff0000;

/** Leaves the memory from `place` on to others. */
export function limitTo(place: usize): void {
  limit = place;
}


/** Ranges that grown tables have left, for names: at most one a growth of a table. */
const rangesMax = 64;
const rangeStarts = allocate(4 * rangesMax);
const rangeSizes = allocate(4 * rangesMax);
let ranges: i32 = 0;

/** Where the next room would be: `release` gives back what was taken since. */
export function mark(): usize {
  return top;
}

export function release(place: usize): void {
  top = place;
  ranges = 0;
}

/** `size` bytes, with whatever was there, aligned to 16. */
export function allocate(size: usize): usize {
  const start = top;
  if (size > limit - top) unreachable();
  top = (top + size + 15) & ~15;
  const pages = <i32>((top + 0xffff) >> 16);
  // Doubled, as each growth costs the host a collection; what is not touched takes no room.
  if (pages > memory.size() && memory.grow(max(pages - memory.size(), memory.size())) < 0)
    if (memory.grow(pages - memory.size()) < 0) unreachable();
  return start;
}

/** Twice the room, with what was there; the old room is left to `leftover`. */
export function grow(start: usize, size: usize): usize {
  const larger = allocate(size * 2);
  memory.copy(larger, start, size);
  leave(start, size);
  return larger;
}

export function leave(start: usize, size: usize): void {
  if (ranges === rangesMax) return;
  store<u32>(rangeStarts + 4 * ranges, <u32>start);
  store<u32>(rangeSizes + 4 * ranges, <u32>size);
  ranges++;
}

/** Where a left range of at least `size` bytes begins, and how long it is; 0 if there is none. */
export let leftoverSize: usize = 0;
export function leftover(size: usize): usize {
  for (let index = 0; index < ranges; index++) {
    leftoverSize = load<u32>(rangeSizes + 4 * index);
    if (leftoverSize < size) continue;
    const start = load<u32>(rangeStarts + 4 * index);
    ranges--;
    store<u32>(rangeStarts + 4 * index, load<u32>(rangeStarts + 4 * ranges));
    store<u32>(rangeSizes + 4 * index, load<u32>(rangeSizes + 4 * ranges));
    return start;
  }
  return 0;
}
