/** Hash tables of ids in linear memory: slots of four bytes, or of eight, with the hash. All masks are powers of two less one. */

import { allocateNames } from "./room";

/** A slot of eight bytes: an id and one, or zero, and its hash, which tells most others apart without a look at their texts. */
export function putTagged(slots: usize, mask: u32, hash: u32, id: i32): void {
  let slot = hash & mask;
  while (load<i32>(slots + 8 * <usize>slot) !== 0) slot = (slot + 1) & mask;
  store<i32>(slots + 8 * <usize>slot, id + 1);
  store<u32>(slots + 8 * <usize>slot, hash, 4);
}

export function moveTagged(from: usize, count: usize, to: usize, mask: u32): void {
  for (let slot: usize = 0; slot < count; slot++) {
    const id = load<i32>(from + 8 * slot) - 1;
    if (id >= 0) putTagged(to, mask, load<u32>(from + 8 * slot, 4), id);
  }
}

export function zeroedSlots(mask: u32): usize {
  const bytes: usize = 4 * (<usize>mask + 1);
  const slots = allocateNames(bytes);
  memory.fill(slots, 0, bytes);
  return slots;
}

export function put(slots: usize, mask: u32, hash: u32, id: i32): void {
  let slot = hash & mask;
  while (load<i32>(slots + 4 * <usize>slot) !== 0) slot = (slot + 1) & mask;
  store<i32>(slots + 4 * <usize>slot, id + 1);
}
