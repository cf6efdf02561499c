/** Instances by id: the text up to and with the last slash, and the pins. */

import { copyShort } from "../coding/copy";
import { Column } from "./column";
import { allocateNames } from "./room";
import { moveTagged, putTagged } from "./slots";
import { isSame } from "../report/bytes";
import { hashText } from "./text";

const instanceTexts = new Column(64 << 20);
let instanceTextBytes: usize = 0;
/** Per instance: text offset, text length, first pin, number of pins. */
const instances = new Column(32 << 20);
let instancesMade: i32 = 0;
/** The instances below this are among the slots. */
let instancesIndexed: i32 = 0;
let instanceSlots: usize = 0;
let instanceSlotsMask: u32 = 0;
export let longestInstance: i32 = 0;

export function forgetInstances(): void {
  instanceTextBytes = 0;
  instancesMade = 0;
  instancesIndexed = 0;
  longestInstance = 0;
  if (instanceSlots !== 0) memory.fill(instanceSlots, 0, (<usize>instanceSlotsMask + 1) * 8);
}

export function instanceCount(): i32 {
  return instancesMade;
}
// @ts-ignore: decorator
@inline
export function instanceText(instance: i32): usize {
  return instanceTexts.at + load<u32>(instances.at + 16 * <usize>instance);
}
// @ts-ignore: decorator
@inline
export function instanceLength(instance: i32): usize {
  return load<u32>(instances.at + 16 * <usize>instance, 4);
}
/** The pin of this instance that was made first, or -1. */
export function firstPinOf(instance: i32): i32 {
  return load<i32>(instances.at + 16 * <usize>instance, 8);
}
/** Where an instance's first pin is noted, and beside it how many it has. */
// @ts-ignore: decorator
@inline
export function instancePins(instance: i32): usize {
  return instances.at + 16 * <usize>instance + 8;
}

/** Writes the text of an instance without its last slash and answers its end; up to 16 bytes beyond it are overwritten. */
export function writeInstance(instance: i32, to: usize): usize {
  const length = instanceLength(instance);
  copyShort(to, instanceText(instance), length);
  return to + length - (length > 0 ? 1 : 0);
}

/** The id of an instance, made if there is none. */
export function internInstance(from: usize, length: usize): i32 {
  const hash = hashText(from, length);
  const found = findHashed(hash, from, length);
  if (found >= 0) return found;
  const made = appendInstance(from, length);
  putTagged(instanceSlots, instanceSlotsMask, hash, made);
  instancesIndexed = instancesMade;
  return made;
}

/** The id of an instance, or -1. */
export function findInstance(from: usize, length: usize): i32 {
  return findHashed(hashText(from, length), from, length);
}

/** Makes an instance that is known to be new. */
export function appendInstance(from: usize, length: usize): i32 {
  const made = instancesMade++;
  instanceTexts.need(instanceTextBytes + length + 16);
  instances.need(16 * <usize>instancesMade);
  copyShort(instanceTexts.at + instanceTextBytes, from, length);
  const record = instances.at + 16 * <usize>made;
  store<u32>(record, <u32>instanceTextBytes);
  store<u32>(record, <u32>length, 4);
  store<i32>(record, -1, 8);
  store<i32>(record, 0, 12);
  instanceTextBytes += length;
  longestInstance = max(longestInstance, <i32>length);
  return made;
}

function findHashed(hash: u32, from: usize, length: usize): i32 {
  if (instancesIndexed < instancesMade || <u32>instancesMade >= (instanceSlotsMask >> 2) * 3) indexInstances();
  let slot = hash & instanceSlotsMask;
  while (true) {
    const place = instanceSlots + 8 * <usize>slot;
    const id = load<i32>(place) - 1;
    if (id < 0) return -1;
    if (load<u32>(place, 4) === hash && instanceLength(id) === length && isSame(instanceText(id), from, length)) return id;
    slot = (slot + 1) & instanceSlotsMask;
  }
}

/** Makes all instances known by their texts, and room for one more: those that were only appended are not. */
function indexInstances(): void {
  if (<u32>instancesMade >= (instanceSlotsMask >> 2) * 3) {
    const old = instanceSlots;
    const slots: usize = instanceSlots === 0 ? 0 : <usize>instanceSlotsMask + 1;
    let mask: u32 = max(instanceSlotsMask, 0xfff);
    while (<u32>instancesMade >= (mask >> 2) * 3) mask = mask * 2 + 1;
    instanceSlotsMask = mask;
    instanceSlots = allocateNames(8 * (<usize>mask + 1));
    memory.fill(instanceSlots, 0, 8 * (<usize>mask + 1));
    moveTagged(old, slots, instanceSlots, mask);
  }
  for (; instancesIndexed < instancesMade; instancesIndexed++)
    putTagged(
      instanceSlots,
      instanceSlotsMask,
      hashText(instanceText(instancesIndexed), instanceLength(instancesIndexed)),
      instancesIndexed,
    );
}
