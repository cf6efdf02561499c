/**
 * Twins: the instance before with the same last part of its name, as modules that are used many times have it.
 * Where `u1/_12_/` is followed by `u1/_13_/`, `u2/_12_/` will likely be followed by `u2/_13_/`.
 */

import { hashText, instanceCount, instanceLength, instanceText, isEqual } from "./names";
import { allocateNames } from "./room";

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
  if (slots !== 0) memory.fill(slots, 0, (<usize>slotsMask + 1) * 4);
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
  slotsMask = slots === 0 ? 0xfff : slotsMask * 4 + 3;
  const bytes: usize = 4 * (<usize>slotsMask + 1);
  slots = allocateNames(bytes);
  memory.fill(slots, 0, bytes);
  for (let instance = 0; instance < known; instance++) place(instance);
}

/** Makes this instance the last with its leaf, and answers the one before it. */
function place(instance: i32): i32 {
  const from = parentLength(instance);
  const length = instanceLength(instance) - from;
  const text = instanceText(instance) + from;
  let slot = hashText(text, length) & slotsMask;
  while (true) {
    const other = load<i32>(slots + 4 * <usize>slot) - 1;
    if (other >= 0) {
      const start = parentLength(other);
      if (instanceLength(other) - start !== length || !isEqual(instanceText(other) + start, text, length)) {
        slot = (slot + 1) & slotsMask;
        continue;
      }
    }
    store<i32>(slots + 4 * <usize>slot, instance + 1);
    return other;
  }
}
