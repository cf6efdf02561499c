/**
 * The heading of a record's rows: `Fanout     Cap    Slew   Delay    Time   Description   Src Attr`. Where its words end,
 * the columns end.
 */
import { find, isSame, skipSpaces, space, startsWith } from "./bytes";
import { allocate } from "./memory";
import { timeKind, valueKinds, variationKind } from "./batch";
import * as words from "./words";

/** How many value columns there are. */
export let count: i32 = 0;
const ends = allocate(4 * valueKinds);
const kinds = allocate(4 * valueKinds);
/** How many digits after the point its numbers had last. */
const expected = allocate(valueKinds);
/** The kinds, a bit each. */
export let mask: i32 = 0;
/** Where Src Attr begins; beyond any line if there is none. */
const noAttribute: usize = usize.MAX_VALUE >> 1;
export let attributeStart: usize = noAttribute;

/** The heading read last, to be known again at once. */
const headingMax: usize = 256;
const heading = allocate(headingMax + 16);
let headingLength: usize = 0;

/** Where column `column` ends in its line. */
// @ts-ignore: decorator
@inline
export function endOf(column: i32): usize {
  return load<u32>(ends + 4 * column);
}

// @ts-ignore: decorator
@inline
export function kindOf(column: i32): i32 {
  return load<i32>(kinds + 4 * column);
}

// @ts-ignore: decorator
@inline
export function digitsOf(column: i32): u8 {
  return load<u8>(expected + column);
}

export function expectDigits(column: i32, digits: u8): void {
  store<u8>(expected + column, digits);
}

export function forget(): void {
  count = 0;
  mask = 0;
  headingLength = 0;
}

/** Whether [from, to) is the heading that was read last. */
export function isKnown(from: usize, to: usize): bool {
  return to - from === headingLength && isSame(heading, from, headingLength);
}

/** Whether [from, to) is a heading at all. */
export function isHeading(from: usize, to: usize): bool {
  if (to - from > headingMax) return false;
  for (let at = skipSpaces(from, to); at < to; at = skipSpaces(find(space, at, to), to))
    if (startsWith(at, to, words.timeAndSpace)) return startsWith(skipSpaces(at + 4, to), to, words.description);
  return false;
}

/** Reads a heading: from here on the rows have these columns. */
export function read(from: usize, to: usize): void {
  headingLength = to - from;
  memory.copy(heading, from, headingLength);
  count = 0;
  mask = 0;
  attributeStart = noAttribute;
  for (let at = skipSpaces(from, to); at < to;) {
    const end = find(space, at, to);
    if (startsWith(at, end, words.description)) {
      const next = skipSpaces(end, to);
      if (startsWith(next, to, words.srcAttr)) attributeStart = next - from;
      break;
    }
    const kind = kindNamed(at, end);
    if (kind >= 0 && count < valueKinds) {
      store<u32>(ends + 4 * count, <u32>(end - from));
      store<i32>(kinds + 4 * count, kind);
      mask |= 1 << kind;
      count++;
    }
    at = skipSpaces(end, to);
  }
  takeBackOverhang();
}

/**
 * Columns of times are all as wide as the last one. With few digits that is less than the word Variation takes, which
 * pushes the heading to the right from there on, but not the rows.
 */
function takeBackOverhang(): void {
  let column = 0;
  while (column < count && kindOf(column) !== variationKind) column++;
  if (column === count || count < 2) return;
  const width = endOf(count - 1) - endOf(count - 2) - 1;
  const word = load<u32>(words.variation);
  if (kindOf(count - 1) !== timeKind || width >= word) return;
  const overhang = word - <u32>width;
  for (; column < count; column++) store<u32>(ends + 4 * column, <u32>endOf(column) - overhang);
  if (attributeStart !== noAttribute) attributeStart -= overhang;
}

function kindNamed(from: usize, to: usize): i32 {
  if (startsWith(from, to, words.fanout)) return 0;
  if (startsWith(from, to, words.cap)) return 1;
  if (startsWith(from, to, words.slew)) return 2;
  if (startsWith(from, to, words.delay)) return 3;
  if (startsWith(from, to, words.variation)) return variationKind;
  if (startsWith(from, to, words.time)) return timeKind;
  return -1;
}
