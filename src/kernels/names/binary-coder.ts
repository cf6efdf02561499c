/**
 * An adaptive range coder of bits and of symbols of four bits, and plain bits beside it.
 * One function codes in both directions: while encoding it stores what it is given, while decoding it answers what was stored.
 *
 * The range has 64 bits and gives 32 of them away at a time, so that this is seldom. A carry goes back through what is
 * written. A bit's context is four bytes: two estimates of the chance of a zero, a quick and a slow one, whose mean is used.
 */

import { allocate } from "./room";

export let decoding: bool = false;
/** Set when the stored form ends too early; the caller refuses the result. */
export let damaged: bool = false;

let low: u64 = 0;
let range: u64 = 0;
let code: u64 = 0;
let at: usize = 0;
let limit: usize = 0;
let start: usize = 0;
/** Words read beyond the end: the last one is not stored. */
let missing: i32 = 0;

let bitsAt: usize = 0;
let bitsStart: usize = 0;
let bitsLimit: usize = 0;
let bitBuffer: u64 = 0;
let bitCount: i32 = 0;

const initial: u32 = 0x80008000;
const smallest: u64 = 1 << 32;

/** `count` contexts that know nothing. */
export function contexts(count: i32): usize {
  const place = allocate(4 * <usize>count);
  for (let index = 0; index < count; index++) store<u32>(place + 4 * <usize>index, initial);
  return place;
}

export function startEncoding(codedAt: usize, codedMax: usize, plainAt: usize, plainMax: usize): void {
  decoding = false;
  damaged = false;
  low = 0;
  range = u64.MAX_VALUE;
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
  // A number of the range whose lower word is zero, and need not be stored.
  const last = low + 0xffffffff;
  if (last < low) carry();
  low = last;
  put();
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
  range = u64.MAX_VALUE;
  at = codedAt;
  limit = codedAt + codedSize;
  missing = 0;
  bitsAt = plainAt;
  bitsLimit = plainAt + plainSize;
  bitBuffer = 0;
  bitCount = 0;
  code = 0;
  take();
  take();
}

/** Whether decoding has read what was stored, and no more. */
export function isWholeRead(): bool {
  return !damaged && missing === 1 && at === limit && bitsAt === bitsLimit;
}

/** Notes that what is decoded cannot be. */
export function fail(): void {
  damaged = true;
}

/** Adds one to the words that are written. */
function carry(): void {
  for (let place = at - 4; place >= start; place -= 4) {
    const word = load<u32>(place) + 1;
    store<u32>(place, word);
    if (word !== 0) return;
  }
}

function put(): void {
  if (at + 4 > limit) unreachable();
  store<u32>(at, <u32>(low >> 32));
  at += 4;
  low <<= 32;
}

function take(): void {
  code <<= 32;
  if (at + 4 <= limit) {
    code |= <u64>load<u32>(at);
    at += 4;
  } else if (++missing > 1) damaged = true;
}

function renormalise(): void {
  range <<= 32;
  if (decoding) take();
  else put();
}

export function codeBit(context: usize, bit: i32): i32 {
  const state = load<u32>(context);
  const quick = state & 0xffff;
  const slow = state >> 16;
  const bound = (range >> 16) * <u64>((quick + slow) >> 1);
  if (decoding) bit = code < bound ? 0 : 1;
  if (bit === 0) {
    range = bound;
    store<u32>(context, (quick + ((0x10000 - quick) >> 4)) | ((slow + ((0x10000 - slow) >> 7)) << 16));
  } else {
    range -= bound;
    if (decoding) code -= bound;
    else {
      low += bound;
      if (low < bound) carry();
    }
    store<u32>(context, (quick - (quick >> 4)) | ((slow - (slow >> 7)) << 16));
  }
  if (range < smallest) renormalise();
  return bit;
}

/** `count` bits as they are, at most 32. */
export function codePlain(count: i32, value: u32): u32 {
  if (!decoding) {
    bitBuffer |= <u64>value << <u64>bitCount;
    bitCount += count;
    if (bitCount >= 32) putBits();
    return value;
  }
  if (bitCount < count) takeBits(count);
  const read = <u32>(bitBuffer & ((<u64>1 << <u64>count) - 1));
  bitBuffer >>= <u64>count;
  bitCount -= count;
  return read;
}

function putBits(): void {
  if (bitsAt + 4 > bitsLimit) unreachable();
  store<u32>(bitsAt, <u32>bitBuffer);
  bitsAt += 4;
  bitBuffer >>= 32;
  bitCount -= 32;
}

function takeBits(count: i32): void {
  if (bitsAt + 4 <= bitsLimit) {
    bitBuffer |= <u64>load<u32>(bitsAt) << <u64>bitCount;
    bitsAt += 4;
    bitCount += 32;
    return;
  }
  while (bitCount < count) {
    if (bitsAt >= bitsLimit) {
      damaged = true;
      bitCount = 64;
      return;
    }
    bitBuffer |= <u64>load<u8>(bitsAt++) << <u64>bitCount;
    bitCount += 8;
  }
}

/** A number of `bits` bits, each bit in the context of those above it: 2^bits contexts. */
export function codeTree(tree: usize, bits: i32, value: u32): u32 {
  let node: u32 = 1;
  for (let bit = bits - 1; bit >= 0; bit--)
    node = (node << 1) | <u32>codeBit(tree + 4 * node, (value >> bit) & 1);
  return node - (<u32>1 << bits);
}

/**
 * The model of a symbol of four bits: per symbol the sum of the chances of those before it, of 32768 in all, and the end.
 * The first one would always be zero; it rises from below to zero instead, and tells how much the model has learnt.
 */
const modelBytes: usize = 48;
const total: u32 = 32768;
/** Per symbol: the sums where it alone is likely. */
const aims = memory.data(16 * 32, 16);
const fresh = memory.data(48, 16);

function prepareModels(): void {
  for (let symbol = 0; symbol < 16; symbol++)
    for (let index = 0; index < 16; index++)
      store<u16>(aims + 32 * <usize>symbol + 2 * <usize>index, <u16>(index <= symbol ? index : <i32>total - 16 + index));
  for (let index = 0; index <= 16; index++) store<u16>(fresh + 2 * <usize>index, <u16>(2048 * index));
  store<i16>(fresh, -32000);
}
prepareModels();

/** How fast a model moves: the more it has learnt, the slower. */
// @ts-ignore: decorator
@inline
function rateOf(first: i32): i32 {
  return 4 + <i32>(first > -14000) + <i32>(first > -6000) + <i32>(first > -2000);
}

/** Codes a number below 16. */
function codeSymbol(model: usize, symbol: u32): u32 {
  const lower = v128.load(model);
  const upper = v128.load(model, 16);
  const shift = 32 - clz(range);
  const unit = <u32>(range >> shift) >> 15;
  if (decoding) {
    const place = i16x8.splat(<i16>min<u32>(<u32>(code >> shift) / unit, total - 1));
    const beyond = i8x16.bitmask(i8x16.narrow_i16x8_s(i16x8.gt_s(lower, place), i16x8.gt_s(upper, place)));
    symbol = ctz(beyond | 0x10000) - 1;
  }
  const from = <u32>max(<i32>load<i16>(model + 2 * <usize>symbol), 0);
  const to = <u32>load<u16>(model + 2 * <usize>symbol, 2);
  const skipped = <u64>(from * unit) << shift;
  range = <u64>((to - from) * unit) << shift;
  if (decoding) code -= skipped;
  else {
    low += skipped;
    if (low < skipped) carry();
  }
  const rate = rateOf(<i32>load<i16>(model));
  const aim = aims + 32 * <usize>symbol;
  v128.store(model, i16x8.add(lower, i16x8.shr_s(i16x8.sub(v128.load(aim), lower), rate)));
  v128.store(model, i16x8.add(upper, i16x8.shr_s(i16x8.sub(v128.load(aim, 16), upper), rate)), 16);
  if (range < smallest) renormalise();
  return symbol;
}

/** How many bytes the models of a number take. */
export const numberBytes: usize = modelBytes * 16;

/** Models of `count` kinds of numbers that know nothing. */
export function numberModels(count: i32): usize {
  const place = allocate(numberBytes * <usize>count);
  for (let model: usize = 0; model < 16 * <usize>count; model++) memory.copy(place + modelBytes * model, fresh, modelBytes);
  return place;
}



/**
 * A signed number, small ones cheap: half its length in bits, then whether it is odd, the sign and the two bits below the
 * first one, and the rest plain.
 */
export function codeNumber(place: usize, value: i32): i32 {
  const size = value < 0 ? <u32>-value : <u32>value;
  let length = 32 - clz(size);
  const half = codeSymbol(place, min<u32>((length + 1) >> 1, 15));
  if (half === 0) return 0;
  if (half === 15) return <i32>codePlain(32, <u32>value);
  let rest = <i32>length - 3;
  const top = rest >= 0 ? (size >> rest) & 3 : size & ((<u32>1 << (length - 1)) - 1);
  const symbol = codeSymbol(place + modelBytes * <usize>half, ((length & 1) << 3) | (value < 0 ? 4 : 0) | top);
  if (!decoding) {
    if (rest > 0) codePlain(rest, size & ((<u32>1 << rest) - 1));
    return value;
  }
  length = 2 * half - (symbol >> 3);
  rest = <i32>length - 3;
  let result = rest >= 0 ? 4 | (symbol & 3) : length === 2 ? 2 | (symbol & 1) : 1;
  if (rest > 0) result = (result << rest) | codePlain(rest, 0);
  return symbol & 4 ? -(<i32>result) : <i32>result;
}
