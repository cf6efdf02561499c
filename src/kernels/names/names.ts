/**
 * The names of pins: an instance and a port, each text held once. `u1/u2/A` is port `A` of instance `u1/u2/`;
 * a name without a slash has the instance whose text is empty. Ids are dense, in the order of their first appearance.
 */

import { Column } from "./column";
import {
  findInstance,
  forgetInstances,
  instanceLength,
  instancePins,
  instanceText,
  internInstance,
  longestInstance,
} from "./instances";
import { findPort, forgetPorts, internPort, isPort, longestPort, portLength, portText } from "./ports";
import { put, zeroedSlots } from "./slots";
import { isSame } from "../report/bytes";
import { copyShort } from "../coding/copy";
import { mix } from "./text";

export { firstPinOf, instanceCount, instanceLength, instanceText, writeInstance } from "./instances";
export { portLength, portText } from "./ports";

/** Per pin: instance, port, the next pin of the instance that was made later. */
const pins = new Column(48 << 20);

let pinsMade: i32 = 0;

/** Slots of the pins that stand far down in the list of a large instance. */
let pinSlots: usize = 0;
let pinSlotsMask: u32 = 0;
let pinSlotsUsed: u32 = 0;

const listedMax = 12;
let lastInstance: i32 = -1;
let lastPin: i32 = -1;

/** Forgets all names; their room stays. */
export function forgetNames(): void {
  forgetInstances();
  forgetPorts();
  pinsMade = 0;
  pinSlotsUsed = 0;
  lastInstance = -1;
  lastPin = -1;
  if (pinSlots !== 0) memory.fill(pinSlots, 0, (<usize>pinSlotsMask + 1) * 4);
}

export function pinCount(): i32 {
  return pinsMade;
}
/** No name is longer than this. */
export function nameBytesMax(): i32 {
  return longestInstance + longestPort;
}
// @ts-ignore: decorator
@inline
export function pinInstance(pin: i32): i32 {
  return load<i32>(pins.at + 12 * <usize>pin);
}
// @ts-ignore: decorator
@inline
export function pinPort(pin: i32): i32 {
  return load<i32>(pins.at + 12 * <usize>pin, 4);
}
/** The pin of the same instance that was made next, or -1; a large instance does not list all. */
export function nextPinOf(pin: i32): i32 {
  return load<i32>(pins.at + 12 * <usize>pin, 8);
}
/** Writes the text of a pin and answers its end; up to 16 bytes beyond it are overwritten. */
// @ts-ignore: decorator
@inline
export function writePin(pin: i32, to: usize): usize {
  const instance = pinInstance(pin);
  const port = pinPort(pin);
  const middle = to + instanceLength(instance);
  copyShort(to, instanceText(instance), instanceLength(instance));
  copyShort(middle, portText(port), portLength(port));
  return middle + portLength(port);
}

/** The id of the pin named by [from, to), made if there is none. Reads up to 16 bytes beyond. */
export function internPin(from: usize, to: usize): i32 {
  const middle = instanceEnd(from, to);
  const instance = isLastInstance(from, middle - from) ? lastInstance : internInstance(from, middle - from);
  lastInstance = instance;
  const pin = lastPin + 1;
  if (pin < pinsMade && pinInstance(pin) === instance && isPort(pinPort(pin), middle, to - middle)) {
    lastPin = pin;
    return pin;
  }
  lastPin = pinOf(instance, internPort(middle, to - middle));
  return lastPin;
}

/** The id of the pin named by [from, to), or -1. */
export function findPin(from: usize, to: usize): i32 {
  const middle = instanceEnd(from, to);
  const instance = isLastInstance(from, middle - from) ? lastInstance : findInstance(from, middle - from);
  if (instance < 0) return -1;
  const port = findPort(middle, to - middle);
  return port < 0 ? -1 : findPinOf(instance, port);
}

function instanceEnd(from: usize, to: usize): usize {
  let middle = to;
  while (middle > from && load<u8>(middle - 1) !== 47) middle--;
  return middle;
}

// @ts-ignore: decorator
@inline
function isLastInstance(from: usize, length: usize): bool {
  return (
    lastInstance >= 0 && instanceLength(lastInstance) === length && isSame(instanceText(lastInstance), from, length)
  );
}

// @ts-ignore: decorator
@inline
function hashPin(instance: i32, port: i32): u32 {
  return <u32>(mix((<u64>instance << 32) | <u64>(<u32>port)) >> 24);
}

/** The pin of this instance and port, or -1. */
export function findPinOf(instance: i32, port: i32): i32 {
  const record = instancePins(instance);
  let pin = load<i32>(record);
  const count = load<i32>(record, 4);
  for (let steps = 0; steps < listedMax && pin >= 0; steps++) {
    if (pinPort(pin) === port) return pin;
    pin = load<i32>(pins.at + 12 * <usize>pin, 8);
  }
  if (count <= listedMax || pinSlots === 0) return -1;
  let slot = hashPin(instance, port) & pinSlotsMask;
  while (true) {
    const id = load<i32>(pinSlots + 4 * <usize>slot) - 1;
    if (id < 0) return -1;
    if (pinInstance(id) === instance && pinPort(id) === port) return id;
    slot = (slot + 1) & pinSlotsMask;
  }
}

/** The id of the pin of this instance and port, made if there is none. */
export function pinOf(instance: i32, port: i32): i32 {
  const found = findPinOf(instance, port);
  return found >= 0 ? found : appendPin(instance, port);
}

/** Makes a pin that is known to be new. */
export function appendPin(instance: i32, port: i32): i32 {
  pins.need(12 * <usize>(pinsMade + 1));
  const made = pinsMade++;
  const place = pins.at + 12 * <usize>made;
  store<i32>(place, instance);
  store<i32>(place, port, 4);
  store<i32>(place, -1, 8);
  link(instance, made);
  return made;
}

/** Puts a pin at the end of its instance's list, or, where that is long, among the slots. */
function link(instance: i32, pin: i32): void {
  const record = instancePins(instance);
  const count = load<i32>(record, 4);
  store<i32>(record, count + 1, 4);
  if (count === 0) {
    store<i32>(record, pin);
    return;
  }
  if (count < listedMax) {
    let last = pinInstance(pin - 1) === instance ? pin - 1 : load<i32>(record);
    while (true) {
      const next = load<i32>(pins.at + 12 * <usize>last, 8);
      if (next < 0) break;
      last = next;
    }
    store<i32>(pins.at + 12 * <usize>last, pin, 8);
    return;
  }
  if (pinSlots === 0 || pinSlotsUsed * 2 > pinSlotsMask) growPinSlots();
  put(pinSlots, pinSlotsMask, hashPin(instance, pinPort(pin)), pin);
  pinSlotsUsed++;
}

function growPinSlots(): void {
  const old = pinSlots;
  const oldMask = pinSlotsMask;
  pinSlotsMask = old === 0 ? 0xfff : oldMask * 4 + 3;
  pinSlots = zeroedSlots(pinSlotsMask);
  if (old === 0) return;
  for (let slot: u32 = 0; slot <= oldMask; slot++) {
    const id = load<i32>(old + 4 * <usize>slot) - 1;
    if (id >= 0) put(pinSlots, pinSlotsMask, hashPin(pinInstance(id), pinPort(id)), id);
  }
}
