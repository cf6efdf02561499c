/** Texts that are no pins (labels, header lines, cells, what stands between number and pin): each is coded once. */
import { bit, contexts, decoding, forget, integerContexts, natural, tree } from "../coding/binary-coder";
import { copyShort } from "../coding/copy";
import { Growing } from "../coding/growing";
import { isSame } from "../report/bytes";
import { hashOf, idOf, NameTable } from "../report/names";
import { allocate } from "../report/memory";

/** The longest text; longer lines are not read as reports. */
export const textMax: i32 = 1 << 16;

/** How much text was coded letter by letter. */
export let literalBytes: f64 = 0;

const table = NameTable.make();
const bytesAt: usize = 12;
const scratch = allocate(textMax + 16);

/** For each text: a hash of its bytes, and its number (+1) in the order of coding, which is the same on both sides. */
const facts = Growing.make(1 << 20);
/** The text of each number. */
const numbered = Growing.make(1 << 19);
let numbers: i32 = 0;

/** Guesses: under each hash the last two texts (+1). */
const guessSlots: i32 = 1 << 12;
const guesses = allocate(8 * guessSlots);
const hits = contexts(2 * guessSlots);
const newContext = contexts(1);
const lengthContext = contexts(integerContexts);
const backContext = contexts(integerContexts);
const byteContexts = contexts(256 * 256);

export function reset(): void {
  table.count = 0;
  memory.fill(table.slots, 0, table.slotsSize);
  facts.clear();
  numbered.clear();
  numbers = 0;
  literalBytes = 0;
  memory.fill(guesses, 0, 8 * guessSlots);
  forget(hits, 2 * guessSlots);
  forget(newContext, 1);
  forget(lengthContext, integerContexts);
  forget(backContext, integerContexts);
  forget(byteContexts, 256 * 256);
}

export function intern(from: usize, to: usize): i32 {
  const count = table.count;
  const id = idOf(table.intern(from, to));
  if (id === count) {
    const fact = facts.add(8);
    store<u32>(fact, hashOf(start(id), length(id)));
    store<i32>(fact + 4, 0);
  }
  return id;
}

/** The same, quicker where it is likely the text `guess` (-1: no guess). */
// @ts-ignore: decorator
@inline
export function internLike(guess: i32, from: usize, to: usize): i32 {
  return guess >= 0 && length(guess) === to - from && isSame(start(guess), from, to - from) ? guess : intern(from, to);
}

// @ts-ignore: decorator
@inline
export function start(id: i32): usize {
  return <usize>load<u32>(table.records + 4 * id) + bytesAt;
}

// @ts-ignore: decorator
@inline
export function length(id: i32): usize {
  return load<u32>(load<u32>(table.records + 4 * id) + 4);
}

/** A hash of the text's bytes: ids differ between the two sides, this does not. */
// @ts-ignore: decorator
@inline
export function hash(id: i32): u32 {
  return id < 0 ? 0x51ed270b : load<u32>(facts.start + 8 * id);
}

export function write(id: i32, to: usize): usize {
  const bytes = length(id);
  copyShort(to, start(id), bytes);
  return to + bytes;
}

/** Codes a text, guessed by what came the last times under `context`, a hash. */
export function code(context: u32, id: i32): i32 {
  const slot = <usize>((context ^ (context >> 15)) & (guessSlots - 1));
  const guess = guesses + 8 * slot;
  const hit = hits + 8 * slot;
  const first = load<i32>(guess) - 1;
  if (first >= 0 && bit(hit, first === id ? 1 : 0)) return first;
  const second = load<i32>(guess + 4) - 1;
  let coded = id;
  if (second >= 0 && bit(hit + 4, second === id ? 1 : 0)) coded = second;
  else coded = codeAny(id);
  store<i32>(guess + 4, first + 1);
  store<i32>(guess, coded + 1);
  return coded;
}

function codeAny(id: i32): i32 {
  const number = decoding ? 0 : load<i32>(facts.start + 8 * id + 4) - 1;
  if (bit(newContext, number < 0 ? 1 : 0)) return codeNew(id);
  const back = <i32>natural(backContext, <u32>(numbers - 1 - number));
  return load<i32>(numbered.start + 4 * max(0, numbers - 1 - back));
}

function codeNew(id: i32): i32 {
  const bytes = <i32>natural(lengthContext, decoding ? 0 : <u32>length(id));
  literalBytes += <f64>bytes;
  const from = decoding ? scratch : start(id);
  let before: u32 = 0;
  for (let at = 0; at < min(bytes, textMax); at++) {
    const byte = tree(byteContexts + 4 * <usize>before * 256, 8, load<u8>(from + at));
    if (decoding) store<u8>(scratch + at, <u8>byte);
    before = byte;
  }
  const coded = decoding ? intern(scratch, scratch + min(bytes, textMax)) : id;
  store<i32>(numbered.add(4), coded);
  numbers++;
  store<i32>(facts.start + 8 * coded + 4, numbers);
  return coded;
}
