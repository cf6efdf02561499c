/** Entries of equal size in linear memory that move to twice the room when it is used up. */
import { allocate, grow } from "../report/memory";

// @ts-ignore: decorator
@unmanaged
export class Growing {
  start: usize;
  /** Bytes that the room has, and that are used. */
  size: usize;
  used: usize;

  /** Room that is never touched takes no memory: a generous one saves that the entries move. */
  static make(bytes: usize): Growing {
    const made = changetype<Growing>(allocate(offsetof<Growing>()));
    made.start = allocate(bytes);
    made.size = bytes;
    made.used = 0;
    return made;
  }

  /** Has no entries, as at the beginning. */
  clear(): void {
    this.used = 0;
  }

  /** Where `bytes` more lie. What was there may have moved. */
  // @ts-ignore: decorator
  @inline
  add(bytes: usize): usize {
    const place = this.used;
    this.used += bytes;
    while (this.used > this.size) this.enlarge();
    return this.start + place;
  }

  private enlarge(): void {
    this.start = grow(this.start, this.size);
    this.size *= 2;
  }

  /** Has entries of four bytes up to `index`, new ones zero. */
  // @ts-ignore: decorator
  @inline
  reach4(index: usize): void {
    if ((index + 1) * 4 > this.used) this.extend((index + 1) * 4);
  }

  private extend(wanted: usize): void {
    const before = this.used;
    this.add(wanted - before);
    memory.fill(this.start + before, 0, wanted - before);
  }
}
