/** How the numbers of a row stand: where each ends, its digits after the point, and whether it is a negative zero. */
import { bit, contexts, decoding, forget, integerContexts, natural } from "../coding/binary-coder";
import { space } from "../report/bytes";
import { allocate } from "../report/memory";

export const numbersMax: i32 = 8;
const shapesMax: i32 = 4096;
const entryBytes: usize = 4 + 4 * 8 + 4;

/** Count and the index of the delay, then an entry of end | digits << 16 | negative zero << 24 for each number; then a hash. */
const shapes = allocate(<usize>shapesMax * entryBytes);
let count: i32 = 0;
const slots = allocate(4 * 2 * shapesMax);

/** The shape and the units of the row read last; where its description begins. */
export const values = allocate(4 * numbersMax);
const draft = allocate(entryBytes);
export let restAt: usize = 0;

const guessSlots: i32 = 1 << 10;
const guesses = allocate(4 * guessSlots);
const hits = contexts(guessSlots);
const newContext = contexts(1);
const fieldContexts = contexts(3 * integerContexts);
const backContext = contexts(integerContexts);
let known: i32 = 0;

export function reset(): void {
  count = 0;
  last = 0;
  known = 0;
  memory.fill(slots, 0, 4 * 2 * shapesMax);
  memory.fill(guesses, 0, 4 * guessSlots);
  forget(hits, guessSlots);
  forget(newContext, 1);
  forget(fieldContexts, 3 * integerContexts);
  forget(backContext, integerContexts);
}

// @ts-ignore: decorator
@inline
export function numberCount(shape: i32): i32 {
  return load<u16>(shapes + <usize>shape * entryBytes);
}

/** The number that is the delay, or -1: the one right before the time. */
// @ts-ignore: decorator
@inline
export function delayIndex(shape: i32): i32 {
  return load<i16>(shapes + <usize>shape * entryBytes, 2);
}

// @ts-ignore: decorator
@inline
export function digitsOf(shape: i32, index: i32): i32 {
  return load<u8>(shapes + <usize>shape * entryBytes + 6 + 4 * index);
}

// @ts-ignore: decorator
@inline
export function hash(shape: i32): u32 {
  return load<u32>(shapes + <usize>shape * entryBytes + entryBytes - 4);
}

/** Whether so many rows can be read, whatever their shapes. */
export function hasRoom(rows: i32): bool {
  return count + rows <= shapesMax;
}

/** Reads the numbers at the beginning of a line; answers their shape, or -1 if it cannot be written back from one. */
export function read(from: usize, to: usize): i32 {
  return intern(measure(from, from, to), last);
}

/** The same, quicker where it is likely this shape. */
export function readLike(guess: i32, from: usize, to: usize): i32 {
  return intern(measure(from, from, to), guess);
}

/** The same, of numbers that begin at `begin` in the line that begins at `from`. */
export function readFrom(from: usize, begin: usize, to: usize): i32 {
  return intern(measure(from, begin, to), last);
}

/** The shape that was read last. */
let last: i32 = 0;

/** Reads the numbers and how they stand into the draft; answers how many there are. */
export function measure(from: usize, begin: usize, to: usize): i32 {
  let at = begin;
  let numbers = 0;
  restAt = begin;
  while (numbers < numbersMax) {
    while (at < to && load<u8>(at) === space) at++;
    let digit = at;
    const negative = at < to && load<u8>(at) === 45;
    if (negative) digit++;
    const first = digit;
    let units: i64 = 0;
    let point: usize = 0;
    for (; digit < to; digit++) {
      const value = load<u8>(digit) - 48;
      if (value < 10) units = units * 10 + value;
      else if (value === 254 && point === 0 && digit > first) point = digit;
      else break;
    }
    const whole = (point === 0 ? digit : point) - first;
    if (whole === 0 || digit - first > 10 || point === digit - 1) break;
    if (digit < to && load<u8>(digit) !== space) break;
    if (whole > 1 && load<u8>(first) === 48) break;
    if (digit - from > 0xffff || units > 0x7fffffff) break;
    const digits: u32 = point === 0 ? 0 : <u32>(digit - point - 1);
    const zero: u32 = negative && units === 0 ? 1 : 0;
    store<u32>(draft + 4 + 4 * numbers, <u32>(digit - from) | (digits << 16) | (zero << 24));
    store<i32>(values + 4 * numbers, negative ? -(<i32>units) : <i32>units);
    numbers++;
    at = digit;
    restAt = digit;
  }
  return numbers;
}

/** The index of the draft's delay: what stands so close before the last number is no figure of another kind. */
function delayOfDraft(numbers: i32): i32 {
  if (numbers < 2) return -1;
  const last = draft + 4 * numbers;
  const gap = <i32>load<u16>(last) - <i32>load<u16>(last - 4);
  return gap <= 9 + <i32>load<u8>(last + 2) ? numbers - 2 : -1;
}

// @ts-ignore: decorator
@inline
function isDraft(shape: i32, numbers: i32): bool {
  const entry = shapes + <usize>shape * entryBytes;
  if (shape >= count || <i32>load<u16>(entry) !== numbers) return false;
  for (let place: usize = 4; place <= 4 * <usize>numbers; place += 4)
    if (load<u32>(entry + place) !== load<u32>(draft + place)) return false;
  return true;
}

/** The shape of the draft, likely this one. */
function intern(numbers: i32, guess: i32): i32 {
  if (isDraft(guess, numbers)) return guess;
  let mixed: u32 = 0x9e3779b1 + <u32>numbers;
  for (let index = 0; index < numbers; index++) mixed = (mixed ^ load<u32>(draft + 4 + 4 * index)) * 0x85ebca6b + (mixed >> 15);
  mixed ^= mixed >> 13;
  let slot = mixed & (2 * shapesMax - 1);
  while (true) {
    last = load<i32>(slots + 4 * slot) - 1;
    if (last < 0) break;
    if (isDraft(last, numbers)) return last;
    slot = (slot + 1) & (2 * shapesMax - 1);
  }
  last = 0;
  if (count === shapesMax) return -1;
  store<u16>(draft, <u16>numbers);
  store<i16>(draft, <i16>delayOfDraft(numbers), 2);
  const entry = shapes + <usize>count * entryBytes;
  memory.copy(entry, draft, 4 + 4 * numbers);
  store<u32>(entry + entryBytes - 4, mixed);
  store<i32>(slots + 4 * slot, ++count);
  return count - 1;
}

/** Writes the numbers that stand at `from`, right-aligned to where they end; answers the end of the last. */
export function write(shape: i32, from: usize, to: usize): usize {
  return writeFrom(shape, from, to, to);
}

/** The same, where the line that begins at `to` has been written up to `begin`. */
export function writeFrom(shape: i32, from: usize, to: usize, begin: usize): usize {
  const numbers = numberCount(shape);
  let at = begin;
  for (let index = 0; index < numbers; index++) {
    const entry = load<u32>(shapes + <usize>shape * entryBytes + 4 + 4 * index);
    const end = to + (entry & 0xffff);
    const first = writeNumber(load<i32>(from + 4 * index), (entry >> 16) & 255, entry >> 24 !== 0, end);
    while (at < first) store<u8>(at++, space);
    at = end;
  }
  return at;
}

/** Writes backwards from `end`; answers where the number begins. */
function writeNumber(units: i32, digits: u32, negativeZero: bool, end: usize): usize {
  let rest: u32 = units < 0 ? 0 - <u32>units : <u32>units;
  let at = end;
  for (let written: u32 = 0; written < digits; written++) {
    store<u8>(--at, <u8>(48 + (rest % 10)));
    rest /= 10;
  }
  if (digits > 0) store<u8>(--at, 46);
  do {
    store<u8>(--at, <u8>(48 + (rest % 10)));
    rest /= 10;
  } while (rest !== 0);
  if (units < 0 || negativeZero) store<u8>(--at, 45);
  return at;
}

/** For each shape of the encoder its number in the order of coding is not kept: shapes are few, so they are coded as they are. */
export function code(context: u32, shape: i32): i32 {
  const slot = <usize>((context ^ (context >> 13)) & (guessSlots - 1));
  const guess = load<i32>(guesses + 4 * slot) - 1;
  if (guess >= 0 && bit(hits + 4 * slot, guess === shape ? 1 : 0)) return guess;
  const numbers = <i32>min(natural(fieldContexts, decoding ? 0 : numberCount(shape)), 8);
  let before: u32 = 0;
  for (let index = 0; index < numbers; index++) {
    const entry = decoding ? 0 : load<u32>(shapes + <usize>shape * entryBytes + 4 + 4 * index);
    const end = before + natural(fieldContexts + 4 * integerContexts, (entry & 0xffff) - before);
    const rest = natural(fieldContexts + 8 * integerContexts, entry >> 16);
    if (decoding) store<u32>(draft + 4 + 4 * index, (end & 0xffff) | (rest << 16));
    before = end;
  }
  let coded = shape;
  if (decoding) {
    coded = max(0, intern(numbers, last));
  }
  store<i32>(guesses + 4 * slot, coded + 1);
  return coded;
}
