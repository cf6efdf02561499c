/**
 * An adaptive binary range coder, and plain bits beside it.
 * One function codes in both directions: while encoding it stores the bit it is given, while decoding it answers the stored one.
 * A context is four bytes: two estimates of the chance of a zero, a quick and a slow one, whose mean is used.
 */

import { allocate, allocateNames } from "./room";

export let decoding: bool = false;
/** Set when the stored form ends too early; the caller refuses the result. */
export let damaged: bool = false;

let low: u64 = 0;
let range: u32 = 0;
let cache: u32 = 0;
let pending: i32 = 0;
let at: usize = 0;
let limit: usize = 0;
let start: usize = 0;
let code: u32 = 0;

let bitsAt: usize = 0;
let bitsStart: usize = 0;
let bitsLimit: usize = 0;
let bitBuffer: u64 = 0;
let bitCount: i32 = 0;

const initial: u32 = 0x80008000;

/** `count` contexts that know nothing. */
export function contexts(count: i32): usize {
  const place = allocate(4 * <usize>count);
  resetContexts(place, count);
  return place;
}

export function lastingContexts(count: i32): usize {
  const place = allocateNames(4 * <usize>count);
  resetContexts(place, count);
  return place;
}

export function resetContexts(place: usize, count: i32): void {
  for (let index = 0; index < count; index++) store<u32>(place + 4 * <usize>index, initial);
}

export function startEncoding(codedAt: usize, codedMax: usize, plainAt: usize, plainMax: usize): void {
  decoding = false;
  damaged = false;
  low = 0;
  range = 0xffffffff;
  cache = 0;
  pending = 1;
  start = codedAt;
  at = codedAt;
  limit = codedAt + codedMax;
  bitsStart = plainAt;
  bitsAt = plainAt;
  bitsLimit = plainAt + plainMax;
  bitBuffer = 0;
  bitCount = 0;
}

export function finishEncoding(): void {
  for (let index = 0; index < 5; index++) shiftLow();
  while (bitCount > 0) {
    if (bitsAt >= bitsLimit) unreachable();
    store<u8>(bitsAt++, <u8>bitBuffer);
    bitBuffer >>= 8;
    bitCount -= 8;
  }
}

export function codedBytes(): usize {
  return at - start;
}

export function plainBytes(): usize {
  return bitsAt - bitsStart;
}

export function startDecoding(codedAt: usize, codedSize: usize, plainAt: usize, plainSize: usize): void {
  decoding = true;
  damaged = false;
  range = 0xffffffff;
  code = 0;
  at = codedAt;
  limit = codedAt + codedSize;
  bitsAt = plainAt;
  bitsLimit = plainAt + plainSize;
  bitBuffer = 0;
  bitCount = 0;
  for (let index = 0; index < 5; index++) code = (code << 8) | nextByte();
}

/** Whether decoding has read what was stored, and no more. */
export function isWholeRead(): bool {
  return !damaged && at === limit && bitsAt === bitsLimit;
}

/** Notes that what is decoded cannot be. */
export function fail(): void {
  damaged = true;
}

function nextByte(): u32 {
  if (at < limit) return load<u8>(at++);
  damaged = true;
  return 0;
}

function shiftLow(): void {
  if (<u32>low < 0xff000000 || low > 0xffffffff) {
    const carry = <u32>(low >> 32);
    let byte = cache;
    if (at + <usize>pending > limit) unreachable();
    do {
      store<u8>(at++, <u8>(byte + carry));
      byte = 0xff;
    } while (--pending !== 0);
    cache = (<u32>low >> 24) & 0xff;
  }
  pending++;
  low = <u64>(<u32>low << 8);
}

// @ts-ignore: decorator
@inline
export function codeBit(context: usize, bit: i32): i32 {
  const state = load<u32>(context);
  const quick = state & 0xffff;
  const slow = state >> 16;
  const bound = (range >> 16) * ((quick + slow) >> 1);
  if (decoding) bit = code < bound ? 0 : 1;
  if (bit === 0) {
    range = bound;
    store<u32>(context, (quick + ((0x10000 - quick) >> 4)) | ((slow + ((0x10000 - slow) >> 7)) << 16));
  } else {
    if (decoding) code -= bound;
    else low += bound;
    range -= bound;
    store<u32>(context, (quick - (quick >> 4)) | ((slow - (slow >> 7)) << 16));
  }
  while (range < 0x1000000) renormalise();
  return bit;
}

function renormalise(): void {
  range <<= 8;
  if (decoding) code = (code << 8) | nextByte();
  else shiftLow();
}

/** `count` bits as they are, at most 32. */
export function codePlain(count: i32, value: u32): u32 {
  if (count === 0) return 0;
  if (decoding) {
    while (bitCount < count) {
      if (bitsAt >= bitsLimit) {
        damaged = true;
        bitCount = 64;
        break;
      }
      bitBuffer |= <u64>load<u8>(bitsAt++) << <u64>bitCount;
      bitCount += 8;
    }
    const read = <u32>(bitBuffer & ((<u64>1 << <u64>count) - 1));
    bitBuffer >>= <u64>count;
    bitCount -= count;
    return read;
  }
  bitBuffer |= <u64>value << <u64>bitCount;
  bitCount += count;
  if (bitCount >= 32) {
    if (bitsAt + 4 > bitsLimit) unreachable();
    store<u32>(bitsAt, <u32>bitBuffer);
    bitsAt += 4;
    bitBuffer >>= 32;
    bitCount -= 32;
  }
  return value;
}

/** A number of `bits` bits, each bit in the context of those above it: 2^bits contexts. */
export function codeTree(tree: usize, bits: i32, value: u32): u32 {
  let node: u32 = 1;
  for (let bit = bits - 1; bit >= 0; bit--)
    node = (node << 1) | <u32>codeBit(tree + 4 * node, (value >> bit) & 1);
  return node - (<u32>1 << bits);
}

/** How many contexts `codeNumber` takes. */
export const numberContexts: i32 = 224;

/** A signed number, small ones cheap: its length in bits, sign, two bits below the first one, and the rest plain. */
export function codeNumber(place: usize, value: i32): i32 {
  const size = value < 0 ? <u32>-value : <u32>value;
  const length = codeTree(place, 5, decoding ? 0 : min<u32>(31, 32 - clz(size)));
  if (length === 0) return 0;
  const negative = codeBit(place + 4 * (32 + length), value < 0 ? 1 : 0);
  const below = <i32>length - 1;
  let result: u32 = 1;
  const modelled = min(below, 2);
  const tree = place + 4 * (64 + 4 * length);
  let node: u32 = 1;
  for (let index = 0; index < modelled; index++) {
    const bit = <u32>codeBit(tree + 4 * node, (size >> (below - 1 - index)) & 1);
    node = (node << 1) | bit;
    result = (result << 1) | bit;
  }
  const rest = below - modelled;
  if (rest > 0) result = (result << rest) | codePlain(rest, size & ((<u32>1 << rest) - 1));
  return negative ? -(<i32>result) : <i32>result;
}
