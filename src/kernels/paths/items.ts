/**
 * What was coded so far, item by item: a record, a row of an end report, or another line. Each is kept with what is
 * needed to write it again, and the order in which they came, so that the next stage can be told in terms of this one.
 */
import { Growing } from "../coding/growing";

/** Kinds of items that are no records; of a record the kind is its form. */
export const endRow: i32 = -1;
export const line: i32 = -2;

const entryBytes: usize = 32;
const kindAt: usize = 0;
const pinAt: usize = 4;
const slackAt: usize = 8;
const nodeAt: usize = 12;
const factsAt: usize = 16;
const olderAt: usize = 20;
const placeAt: usize = 24;
const keyAt: usize = 28;

const entries = Growing.make(64 << 20);
/** Of each item whose text was seen its hash and length: eight and four bytes. */
const hashes = Growing.make(24 << 20);
const hashBytes: usize = 12;
/** Whole numbers of an item, seven bits a byte. */
const facts = Growing.make(32 << 20);
/** For each pin its newest item (+1), for each text its line's item (+1). */
const newestOfPin = Growing.make(16 << 20);
const itemOfText = Growing.make(1 << 20);
const sequence = Growing.make(16 << 20);

export let count: i32 = 0;
/** How many items came, one after the other. */
export let places: i32 = 0;

export function reset(): void {
  entries.clear();
  hashes.clear();
  facts.clear();
  newestOfPin.clear();
  itemOfText.clear();
  sequence.clear();
  count = 0;
  places = 0;
}

// @ts-ignore: decorator
@inline
function entry(item: i32): usize {
  return entries.start + <usize>item * entryBytes;
}

// @ts-ignore: decorator
@inline
export function kind(item: i32): i32 {
  return load<i32>(entry(item), kindAt);
}

/** The endpoint of a record or of a row, or -1. */
// @ts-ignore: decorator
@inline
export function pin(item: i32): i32 {
  return load<i32>(entry(item), pinAt);
}

// @ts-ignore: decorator
@inline
export function slack(item: i32): i32 {
  return load<i32>(entry(item), slackAt);
}

/** Of a record the last node of its arrival, of a line its text. */
// @ts-ignore: decorator
@inline
export function node(item: i32): i32 {
  return load<i32>(entry(item), nodeAt);
}

/** Where the item stood last. */
// @ts-ignore: decorator
@inline
export function place(item: i32): i32 {
  return load<i32>(entry(item), placeAt);
}

/** A hash of group and type. */
// @ts-ignore: decorator
@inline
export function key(item: i32): u32 {
  return load<u32>(entry(item), keyAt);
}

/** The item of the same pin that was made before, or -1. */
// @ts-ignore: decorator
@inline
export function older(item: i32): i32 {
  return load<i32>(entry(item), olderAt);
}

// @ts-ignore: decorator
@inline
export function newest(pin: i32): i32 {
  const index = <usize>pin * 4;
  return pin >= 0 && index < newestOfPin.used ? load<i32>(newestOfPin.start + index) - 1 : -1;
}

/** The item at a place of the sequence. */
// @ts-ignore: decorator
@inline
export function at(place: i32): i32 {
  return load<i32>(sequence.start + <usize>place * 4);
}

// @ts-ignore: decorator
@inline
export function lengthOf(item: i32): usize {
  return load<u32>(hashes.start + <usize>item * hashBytes, 8);
}

// @ts-ignore: decorator
@inline
export function hashOf(item: i32): u64 {
  return load<u64>(hashes.start + <usize>item * hashBytes);
}

/** The item comes next in the sequence. */
// @ts-ignore: decorator
@inline
export function follow(item: i32): void {
  store<i32>(entry(item), places++, placeAt);
  store<i32>(sequence.add(4), item);
}

/** A new item; its facts are to be put right afterwards. */
export function add(kind: i32, pin: i32, slack: i32, node: i32, key: u32): i32 {
  const item = count++;
  const own = entries.add(entryBytes);
  store<i32>(own, kind, kindAt);
  store<i32>(own, pin, pinAt);
  store<i32>(own, slack, slackAt);
  store<i32>(own, node, nodeAt);
  store<u32>(own, <u32>facts.used, factsAt);
  store<i32>(own, newest(pin), olderAt);
  store<i32>(own, -1, placeAt);
  store<u32>(own, key, keyAt);
  if (pin >= 0) {
    newestOfPin.reach4(pin);
    store<i32>(newestOfPin.start + <usize>pin * 4, count);
  }
  return item;
}

/** The item of a line of this text, made if there is none. */
export function ofText(text: i32): i32 {
  itemOfText.reach4(text);
  const known = load<i32>(itemOfText.start + <usize>text * 4) - 1;
  if (known >= 0) return known;
  const item = add(line, -1, 0, text, 0);
  store<i32>(itemOfText.start + <usize>text * 4, item + 1);
  return item;
}

/** Makes an item known by its text: encoding looks for it so. */
export function remember(item: i32, hash: u64, length: usize): void {
  const wanted = (<usize>item + 1) * hashBytes;
  if (hashes.used < wanted) {
    const before = hashes.used;
    hashes.add(wanted - before);
    memory.fill(hashes.start + before, 0, wanted - before);
  }
  const own = hashes.start + <usize>item * hashBytes;
  store<u64>(own, hash);
  store<u32>(own, <u32>length, 8);
}

/** Whether the item's text is known by its hash. */
export function isKnown(item: i32): bool {
  return (<usize>item + 1) * hashBytes <= hashes.used && lengthOf(item) !== 0;
}

/** Puts a fact behind those of the newest item. */
export function put(value: i32): void {
  let rest = (<u32>value << 1) ^ <u32>(value >> 31);
  while (rest >= 128) {
    store<u8>(facts.add(1), <u8>(rest | 128));
    rest >>= 7;
  }
  store<u8>(facts.add(1), <u8>rest);
}

let reader: usize = 0;
/** Begins to take the facts of an item. */
export function open(item: i32): void {
  reader = facts.start + <usize>load<u32>(entry(item), factsAt);
}

// @ts-ignore: decorator
@inline
export function take(): i32 {
  let byte: u32 = load<u8>(reader++);
  if (byte >= 128) return takeLong(byte);
  return <i32>(byte >> 1) ^ -(<i32>byte & 1);
}

function takeLong(first: u32): i32 {
  let value = first & 127;
  let shift: u32 = 7;
  while (true) {
    const byte: u32 = load<u8>(reader++);
    value |= (byte & 127) << shift;
    if (byte < 128) break;
    shift += 7;
  }
  return <i32>(value >> 1) ^ -(<i32>value & 1);
}
