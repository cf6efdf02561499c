/** A column of names that grows. */

import { allocateNames } from "./room";

/** A growing column: where it lies, and how many bytes it has room for. */
export class Column {
  at: usize;
  size: usize;
  constructor(size: usize) {
    this.at = allocateNames(size);
    this.size = size;
  }
  need(size: usize): void {
    if (size <= this.size) return;
    const larger = allocateNames(this.size * 2);
    memory.copy(larger, this.at, this.size);
    this.at = larger;
    this.size *= 2;
    this.need(size);
  }
}
