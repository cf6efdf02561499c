/**
 * Twins: the instance before with the same last part of its name, as modules that are used many times have it.
 * Where `u1/_12_/` is followed by `u1/_13_/`, `u2/_12_/` will likely be followed by `u2/_13_/`.
 */

import { instanceCount, instanceLength, instanceText } from "./instances";
import { allocateNames } from "./room";
import { moveTagged } from "./slots";
import { isSame } from "../report/bytes";
import { hashText } from "./text";

const twinsMax: i32 = 1 << 22;
const twins = allocateNames(4 * <usize>twinsMax);
let known: i32 = 0;
let slots: usize = 0;
let slotsMask: u32 = 0;

/** The instance before with the same last part, or -1. */
// @ts-ignore: decorator
@inline
export function twinOf(instance: i32): i32 {
  return instance < known ? load<i32>(twins + 4 * <usize>instance) : -1;
}

/** Where the last part of an instance's text begins, counted from the start of the text. */
export function parentLength(instance: i32): usize {
  const text = instanceText(instance);
  let at = instanceLength(instance);
  if (at > 0) at--;
  while (at > 0 && load<u8>(text + at - 1) !== 47) at--;
  return at;
}

/** Forgets all twins. */
export function forgetTwins(): void {
  known = 0;
  if (slots !== 0) memory.fill(slots, 0, (<usize>slotsMask + 1) * 8);
}

/** Learns the twins of all instances that there are. */
export function learnTwins(): void {
  const count = min(instanceCount(), twinsMax);
  while (known < count) {
    if (slots === 0 || <u32>known * 2 > slotsMask) growSlots();
    store<i32>(twins + 4 * <usize>known, place(known));
    known++;
  }
}

function growSlots(): void {
  const old = slots;
  const count: usize = slots === 0 ? 0 : <usize>slotsMask + 1;
  slotsMask = slots === 0 ? 0xfff : slotsMask * 4 + 3;
  slots = allocateNames(8 * (<usize>slotsMask + 1));
  memory.fill(slots, 0, 8 * (<usize>slotsMask + 1));
  moveTagged(old, count, slots, slotsMask);
}

/** The twin of an instance whose predecessors have theirs: most likely what follows the twin of the one before. */
function place(instance: i32): i32 {
  const from = parentLength(instance);
  const length = instanceLength(instance) - from;
  const text = instanceText(instance) + from;
  const likely = instance > 0 ? load<i32>(twins + 4 * <usize>(instance - 1)) + 1 : 0;
  if (likely > 0 && likely < instance && hasLeaf(likely, text, length)) return likely;
  const hash = hashText(text, length);
  let slot = hash & slotsMask;
  while (true) {
    const place = slots + 8 * <usize>slot;
    const other = load<i32>(place) - 1;
    if (other < 0 || (load<u32>(place, 4) === hash && hasLeaf(other, text, length))) {
      store<i32>(place, instance + 1);
      store<u32>(place, hash, 4);
      return other;
    }
    slot = (slot + 1) & slotsMask;
  }
}

/** Whether this is the last part of an instance's text. */
// @ts-ignore: decorator
@inline
function hasLeaf(instance: i32, text: usize, length: usize): bool {
  const whole = instanceLength(instance);
  if (whole < length || parentLength(instance) + length !== whole) return false;
  return isSame(instanceText(instance) + whole - length, text, length);
}
