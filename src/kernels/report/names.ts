/**
 * Names as bytes: equal bytes, equal id, dense from 0. A name lies in one record: its id, its length, the record that
 * stood beside it the last time (0: none), its bytes. Looking one up touches its slot and its
 * record, nothing else.
 */
import { isSame } from "./bytes";
import { allocate, grow, leave, leftover, leftoverSize } from "./memory";

const idAt: usize = 0;
const lengthAt: usize = 4;
const companionAt: usize = 8;
const bytesAt: usize = 12;

/** Names are compared sixteen bytes at a time: that much may be read beyond the last one. */
const margin: usize = 16;
const blockBytes: usize = 1 << 16;

// @ts-ignore: decorator
@inline
export function idOf(record: usize): i32 {
  return load<i32>(record + idAt);
}

// @ts-ignore: decorator
@unmanaged
export class NameTable {
  count: i32;
  /** For each id its record. */
  records: usize;
  recordsSize: usize;
  /** Open addressing, eight bytes a slot: record (0: free) and hash. Half full at most. */
  slots: usize;
  slotsSize: usize;
  /** The block that new names go to. */
  next: usize;
  end: usize;

  static make(): NameTable {
    const table = changetype<NameTable>(allocate(offsetof<NameTable>()));
    table.recordsSize = 1 << 12;
    table.records = allocate(table.recordsSize);
    table.slotsSize = 1 << 14;
    table.slots = allocate(table.slotsSize);
    memory.fill(table.slots, 0, table.slotsSize);
    table.count = 0;
    table.next = 0;
    table.end = 0;
    return table;
  }

  /** The record of the name [from, to). */
  intern(from: usize, to: usize): usize {
    return this.internHashed(hashOf(from, to - from), from, to);
  }

  /** What the slot holds where the search for a name of this hash begins. */
  // @ts-ignore: decorator
  @inline
  firstRecord(hash: u32): usize {
    return load<u32>(this.slots + ((<usize>hash << 3) & (this.slotsSize - 8)));
  }

  /** The same, of a name whose hash is known. */
  internHashed(hash: u32, from: usize, to: usize): usize {
    const length = to - from;
    const mask = this.slotsSize - 8;
    let slot = (<usize>hash << 3) & mask;
    while (true) {
      const entry = load<u64>(this.slots + slot);
      const record = <usize>(entry & 0xffffffff);
      if (record === 0) return this.add(from, length, hash, this.slots + slot);
      if (<u32>(entry >> 32) === hash && isName(record, from, length)) return record;
      slot = (slot + 8) & mask;
    }
  }

  /** The same, quicker where the name is likely the one at `guess` (0: no guess). */
  // @ts-ignore: decorator
  @inline
  internLike(guess: usize, from: usize, to: usize): usize {
    return guess !== 0 && isName(guess, from, to - from) ? guess : this.intern(from, to);
  }

  /** The same, quicker where the name stood beside `other` the last time too. */
  // @ts-ignore: decorator
  @inline
  internBeside(other: usize, from: usize, to: usize): usize {
    const guess = load<u32>(other + companionAt);
    if (guess !== 0 && isName(guess, from, to - from)) return guess;
    const record = this.intern(from, to);
    store<u32>(other + companionAt, <u32>record);
    return record;
  }

  private add(from: usize, length: usize, hash: u32, slot: usize): usize {
    const record = this.room(bytesAt + length);
    store<i32>(record + idAt, this.count);
    store<u32>(record + lengthAt, <u32>length);
    store<u32>(record + companionAt, 0);
    memory.copy(record + bytesAt, from, length);
    if (<usize>this.count * 4 === this.recordsSize) {
      this.records = grow(this.records, this.recordsSize);
      this.recordsSize *= 2;
    }
    store<u32>(this.records + 4 * this.count, <u32>record);
    this.count++;
    store<u64>(slot, (<u64>hash << 32) | <u64>record);
    if (<usize>this.count * 16 > this.slotsSize) this.rehash();
    return record;
  }

  private room(size: usize): usize {
    if (this.next + size + margin > this.end) {
      const needed = size + margin;
      let block = leftover(max(needed, 1 << 12));
      let length = leftoverSize;
      if (block === 0) {
        length = max(needed, blockBytes);
        block = allocate(length);
      }
      this.next = block;
      this.end = block + length;
    }
    const record = this.next;
    this.next = (record + size + 3) & ~3;
    return record;
  }

  private rehash(): void {
    const old = this.slots;
    const oldSize = this.slotsSize;
    this.slotsSize = oldSize * 2;
    this.slots = allocate(this.slotsSize);
    memory.fill(this.slots, 0, this.slotsSize);
    const mask = this.slotsSize - 8;
    for (let at = old; at < old + oldSize; at += 8) {
      const entry = load<u64>(at);
      if (entry === 0) continue;
      let slot = (<usize>(entry >> 32) << 3) & mask;
      while (load<u64>(this.slots + slot) !== 0) slot = (slot + 8) & mask;
      store<u64>(this.slots + slot, entry);
    }
    leave(old, oldSize);
  }
}

// @ts-ignore: decorator
@inline
function isName(record: usize, from: usize, length: usize): bool {
  return load<u32>(record + lengthAt) === <u32>length && isSame(record + bytesAt, from, length);
}

// @ts-ignore: decorator
@inline
export function hashOf(from: usize, length: usize): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) {
    hash = (hash ^ load<u64>(from + at)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  const rest = length - at;
  if (rest > 0) {
    hash = (hash ^ (load<u64>(from + at) & ((<u64>1 << (<u64>rest << 3)) - 1))) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  hash *= 0xc4ceb9fe1a85ec53;
  return <u32>(hash >> 32);
}
