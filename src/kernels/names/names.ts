/**
 * The names of pins: an instance and a port, each text held once. `u1/u2/A` is port `A` of instance `u1/u2/`;
 * a name without a slash has the instance whose text is empty. Ids are dense, in the order of their first appearance.
 */

import { allocateNames } from "./room";

/** A growing column: where it lies, and how many bytes it has room for. */
class Column {
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

const instanceTexts = new Column(64 << 20);
let instanceTextBytes: usize = 0;
/** Per instance: text offset, text length, first pin, number of pins. */
const instances = new Column(32 << 20);
const portTexts = new Column(1 << 20);
let portTextBytes: usize = 0;
/** Per port: text offset, text length. */
const ports = new Column(1 << 19);
/** Per pin: instance, port, the next pin of the instance that was made later. */
const pins = new Column(48 << 20);

let instancesMade: i32 = 0;
let portsMade: i32 = 0;
let pinsMade: i32 = 0;

let instanceSlots: usize = 0;
let instanceSlotsMask: u32 = 0;
let portSlots: usize = 0;
let portSlotsMask: u32 = 0;
/** Slots of the pins that stand far down in the list of a large instance. */
let pinSlots: usize = 0;
let pinSlotsMask: u32 = 0;
let pinSlotsUsed: u32 = 0;

const listedMax = 12;
let longestInstance: i32 = 0;
let longestPort: i32 = 0;
let lastInstance: i32 = -1;
let lastPin: i32 = -1;

/** Forgets all names; their room stays. */
export function forgetNames(): void {
  instanceTextBytes = 0;
  portTextBytes = 0;
  instancesMade = 0;
  portsMade = 0;
  pinsMade = 0;
  pinSlotsUsed = 0;
  longestInstance = 0;
  longestPort = 0;
  lastInstance = -1;
  lastPin = -1;
  if (instanceSlots !== 0) memory.fill(instanceSlots, 0, (<usize>instanceSlotsMask + 1) * 4);
  if (portSlots !== 0) memory.fill(portSlots, 0, (<usize>portSlotsMask + 1) * 4);
  if (pinSlots !== 0) memory.fill(pinSlots, 0, (<usize>pinSlotsMask + 1) * 4);
}

export function pinCount(): i32 {
  return pinsMade;
}
/** No name is longer than this. */
export function nameBytesMax(): i32 {
  return longestInstance + longestPort;
}
export function instanceCount(): i32 {
  return instancesMade;
}
export function portCount(): i32 {
  return portsMade;
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
/** The pin of the same instance that was made next, or -1; a large instance does not list all. */
export function nextPinOf(pin: i32): i32 {
  return load<i32>(pins.at + 12 * <usize>pin, 8);
}
/** The pin of this instance that was made first, or -1. */
export function firstPinOf(instance: i32): i32 {
  return load<i32>(instances.at + 16 * <usize>instance, 8);
}
// @ts-ignore: decorator
@inline
export function portText(port: i32): usize {
  return portTexts.at + load<u32>(ports.at + 8 * <usize>port);
}
// @ts-ignore: decorator
@inline
export function portLength(port: i32): usize {
  return load<u32>(ports.at + 8 * <usize>port, 4);
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

/** Writes the text of an instance without its last slash and answers its end; up to 16 bytes beyond it are overwritten. */
export function writeInstance(instance: i32, to: usize): usize {
  const length = instanceLength(instance);
  copyShort(to, instanceText(instance), length);
  return to + length - (length > 0 ? 1 : 0);
}

// @ts-ignore: decorator
@inline
function copyShort(to: usize, from: usize, length: usize): void {
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at));
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
    lastInstance >= 0 && instanceLength(lastInstance) === length && isEqual(instanceText(lastInstance), from, length)
  );
}

// @ts-ignore: decorator
@inline
function isPort(port: i32, from: usize, length: usize): bool {
  return portLength(port) === length && isEqual(portText(port), from, length);
}

// @ts-ignore: decorator
@inline
export function isEqual(one: usize, other: usize, length: usize): bool {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16)
    if (v128.any_true(v128.xor(v128.load(one + at), v128.load(other + at)))) return false;
  const rest = length - at;
  if (rest === 0) return true;
  const same = i8x16.bitmask(i8x16.eq(v128.load(one + at), v128.load(other + at)));
  return (~same & ((1 << <i32>rest) - 1)) === 0;
}

export function hashText(from: usize, length: usize): u32 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  let at: usize = 0;
  for (; at + 8 <= length; at += 8) hash = mix(hash ^ load<u64>(from + at));
  const rest = length - at;
  if (rest > 0) hash = mix(hash ^ (load<u64>(from + at) & ((<u64>1 << (<u64>rest * 8)) - 1)));
  return <u32>(hash >> 32);
}

// @ts-ignore: decorator
@inline
function mix(word: u64): u64 {
  const product = word * 0xd6e8feb86659fd93;
  return product ^ (product >> 32);
}

export function internInstance(from: usize, length: usize): i32 {
  if (instanceSlots === 0 || <u32>instancesMade * 2 > instanceSlotsMask) growInstanceSlots();
  let slot = hashText(from, length) & instanceSlotsMask;
  while (true) {
    const id = load<i32>(instanceSlots + 4 * <usize>slot) - 1;
    if (id < 0) break;
    if (instanceLength(id) === length && isEqual(instanceText(id), from, length)) return id;
    slot = (slot + 1) & instanceSlotsMask;
  }
  const made = instancesMade++;
  store<i32>(instanceSlots + 4 * <usize>slot, made + 1);
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

function findInstance(from: usize, length: usize): i32 {
  if (instanceSlots === 0) return -1;
  let slot = hashText(from, length) & instanceSlotsMask;
  while (true) {
    const id = load<i32>(instanceSlots + 4 * <usize>slot) - 1;
    if (id < 0) return -1;
    if (instanceLength(id) === length && isEqual(instanceText(id), from, length)) return id;
    slot = (slot + 1) & instanceSlotsMask;
  }
}

function growInstanceSlots(): void {
  instanceSlotsMask = instanceSlots === 0 ? 0xfff : instanceSlotsMask * 4 + 3;
  instanceSlots = zeroedSlots(instanceSlotsMask);
  for (let id = 0; id < instancesMade; id++)
    put(instanceSlots, instanceSlotsMask, hashText(instanceText(id), instanceLength(id)), id);
}

function zeroedSlots(mask: u32): usize {
  const bytes: usize = 4 * (<usize>mask + 1);
  const slots = allocateNames(bytes);
  memory.fill(slots, 0, bytes);
  return slots;
}

function put(slots: usize, mask: u32, hash: u32, id: i32): void {
  let slot = hash & mask;
  while (load<i32>(slots + 4 * <usize>slot) !== 0) slot = (slot + 1) & mask;
  store<i32>(slots + 4 * <usize>slot, id + 1);
}

export function internPort(from: usize, length: usize): i32 {
  if (portSlots === 0 || <u32>portsMade * 2 > portSlotsMask) {
    portSlotsMask = portSlots === 0 ? 0xff : portSlotsMask * 4 + 3;
    portSlots = zeroedSlots(portSlotsMask);
    for (let id = 0; id < portsMade; id++) put(portSlots, portSlotsMask, hashText(portText(id), portLength(id)), id);
  }
  const found = findPort(from, length);
  if (found >= 0) return found;
  const made = portsMade;
  put(portSlots, portSlotsMask, hashText(from, length), made);
  portTexts.need(portTextBytes + length + 16);
  ports.need(8 * <usize>(made + 1));
  memory.copy(portTexts.at + portTextBytes, from, length);
  store<u32>(ports.at + 8 * <usize>made, <u32>portTextBytes);
  store<u32>(ports.at + 8 * <usize>made, <u32>length, 4);
  portTextBytes += length;
  longestPort = max(longestPort, <i32>length);
  portsMade++;
  return made;
}

function findPort(from: usize, length: usize): i32 {
  if (portSlots === 0) return -1;
  let slot = hashText(from, length) & portSlotsMask;
  while (true) {
    const id = load<i32>(portSlots + 4 * <usize>slot) - 1;
    if (id < 0) return -1;
    if (isPort(id, from, length)) return id;
    slot = (slot + 1) & portSlotsMask;
  }
}

// @ts-ignore: decorator
@inline
function hashPin(instance: i32, port: i32): u32 {
  return <u32>(mix((<u64>instance << 32) | <u64>(<u32>port)) >> 24);
}

/** The pin of this instance and port, or -1. */
export function findPinOf(instance: i32, port: i32): i32 {
  const record = instances.at + 16 * <usize>instance;
  let pin = load<i32>(record, 8);
  const count = load<i32>(record, 12);
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
  if (found >= 0) return found;
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
  const record = instances.at + 16 * <usize>instance;
  const count = load<i32>(record, 12);
  store<i32>(record, count + 1, 12);
  if (count === 0) {
    store<i32>(record, pin, 8);
    return;
  }
  if (count < listedMax) {
    let last = load<i32>(record, 8);
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
