/**
 * A binary arithmetic coder with adaptive probabilities. One function serves both directions, so that a model is written
 * once: it is given the value when encoding, and answers it when decoding.
 */
import { allocate } from "../report/memory";

/** A probability in the upper 22 bits, in the lower ten how often it was used: what is new learns quickly. */
const fresh: u32 = 1 << 31;
const countMask: u32 = 1023;
/** From how many uses on a probability no longer slows down. */
const usesMax: u32 = 255;

const reciprocals = allocate(4 * 1024);
for (let uses = 0; uses < 1024; uses++) store<u32>(reciprocals + 4 * uses, <u32>(65536.0 / (<f64>uses + 1.6)));

export let decoding: bool = false;
let low: u32 = 0;
let high: u32 = 0;
let code: u32 = 0;

/** Where the coded bytes go to or come from. */
export let at: usize = 0;
let start: usize = 0;
let end: usize = 0;
/** Set when a decoder has read beyond the end: what it gave is not to be trusted. */
export let overrun: i32 = 0;

/** What was decoded cannot be. */
export function fail(): void {
  overrun = 1 << 20;
}

/** How many bytes of contexts are in use is the caller's; each context is four bytes, made by this. */
export function contexts(count: i32): usize {
  const place = allocate(<usize>count * 4);
  forget(place, count);
  return place;
}

export function forget(place: usize, count: i32): void {
  for (let index: usize = 0; index < <usize>count; index++) store<u32>(place + 4 * index, fresh);
}

/** Begins to encode into [from, to); `isFull` tells when to take the bytes away. */
export function beginEncoding(from: usize, to: usize): void {
  decoding = false;
  start = from;
  at = from;
  end = to;
  low = 0;
  high = 0xffffffff;
}

/** The bytes written so far were taken away: goes on at the beginning. */
export function rewind(): void {
  at = start;
}

export function written(): usize {
  return at - start;
}

/** Ends the coded bytes: one is enough, as the first bytes of `low` and `high` differ and what is not there reads as zero. */
export function finishEncoding(): void {
  put(<u8>(high >> 24));
}

export function beginDecoding(from: usize, to: usize): void {
  decoding = true;
  at = from;
  end = to;
  low = 0;
  high = 0xffffffff;
  code = 0;
  overrun = 0;
  for (let index = 0; index < 4; index++) code = (code << 8) | take();
}

// @ts-ignore: decorator
@inline
function put(byte: u8): void {
  // The owner takes the bytes away long before the end; a run beyond it is a fault of the owner, not of the data.
  if (at >= end) unreachable();
  store<u8>(at++, byte);
}

// @ts-ignore: decorator
@inline
function take(): u32 {
  if (at < end) return load<u8>(at++);
  overrun++;
  return 0;
}

/** Codes one bit under the context at `context`. */
// @ts-ignore: decorator
@inline
export function bit(context: usize, value: i32): i32 {
  const state = load<u32>(context);
  const probability = max(state >> 16, 1);
  const middle = low + <u32>((<u64>(high - low) * <u64>probability) >> 16);
  let coded = value;
  if (decoding) coded = code <= middle ? 1 : 0;
  const uses = state & countMask;
  const rate = load<u32>(reciprocals + <usize>uses * 4);
  const estimate = state >> 10;
  if (coded) {
    high = middle;
    store<u32>(context, ((estimate + <u32>((<u64>(0x3fffff - estimate) * <u64>rate) >> 16)) << 10) | min(uses + 1, usesMax));
  } else {
    low = middle + 1;
    store<u32>(context, ((estimate - <u32>((<u64>estimate * <u64>rate) >> 16)) << 10) | min(uses + 1, usesMax));
  }
  while (((low ^ high) & 0xff000000) === 0) shift();
  return coded;
}

function shift(): void {
  if (decoding) code = (code << 8) | take();
  else put(<u8>(high >> 24));
  low <<= 8;
  high = (high << 8) | 255;
}

/** Codes the lowest `count` bits (at most 16) as they are. */
export function plain(count: i32, value: u32): u32 {
  let coded: u32 = 0;
  for (let place = count - 1; place >= 0; place--) {
    const middle = low + ((high - low) >> 1);
    let one = (value >> place) & 1;
    if (decoding) one = code <= middle ? 1 : 0;
    if (one) high = middle;
    else low = middle + 1;
    coded = (coded << 1) | one;
    while (((low ^ high) & 0xff000000) === 0) shift();
  }
  return coded;
}

/** Contexts that `integer` and `natural` take. */
export const integerContexts: i32 = 136;
const signAt: usize = 4;
const sizeAt: usize = 4 * 2;
const upperAt: usize = 4 * 40;

/** Codes a whole number that is likely small, of either sign. */
export function integer(context: usize, value: i32): i32 {
  if (bit(context, value === 0 ? 1 : 0)) return 0;
  const negative = bit(context + signAt, value < 0 ? 1 : 0);
  const size = magnitude(context, negative ? -value : value);
  return negative ? -(<i32>size) : <i32>size;
}

/** Codes a whole number from 0 that is likely small. */
export function natural(context: usize, value: u32): u32 {
  if (bit(context, value === 0 ? 1 : 0)) return 0;
  return magnitude(context, value);
}

/** At least 1: how many bits it has one by one, then the bits, the first three of them learnt. */
function magnitude(context: usize, value: u32): u32 {
  const wanted = 31 - clz(value | 1);
  let bits = 0;
  while (bits < 31 && bit(context + sizeAt + <usize>bits * 4, bits < <i32>wanted ? 1 : 0)) bits++;
  let coded: u32 = 1;
  for (let place = bits - 1; place >= 0; place--) {
    const depth = bits - 1 - place;
    const one = (value >> place) & 1;
    if (depth < 3 && bits < 12)
      coded = (coded << 1) | bit(context + upperAt + 4 * <usize>(bits * 8 + (coded & ((1 << depth) - 1)) + (1 << depth) - 1), one);
    else coded = (coded << 1) | plain(1, one);
  }
  return coded;
}

/** Codes the lowest `count` bits, from the top, under a tree of 2^count contexts. */
export function tree(context: usize, count: i32, value: u32): u32 {
  let node: u32 = 1;
  for (let place = count - 1; place >= 0; place--)
    node = (node << 1) | bit(context + <usize>node * 4, (value >> place) & 1);
  return node - (1 << count);
}
