/**
 * A chain of rows, coded from its end: each row before is expected to be the one that stood before the same pin the last
 * time, and where the chain meets rows that are known already, all before them follow.
 */
import { bit, contexts, decoding, fail, forget, integer, integerContexts, natural } from "../coding/binary-coder";
import { Growing } from "../coding/growing";
import { allocate } from "../report/memory";
import * as guesses from "./guesses";
import { edgeOf } from "./guesses";
import * as lines from "./lines";
import * as nodes from "./nodes";
import * as outcomes from "./outcomes";
import * as order from "./order";
import * as pins from "./pin-names";
import * as residuals from "./residuals";
import { mix } from "./residuals";
import * as shapes from "./shapes";
import * as texts from "./texts";

/** The rows of a chain from the last on, and the hashes of its lines with all before them: for each of both chains. */
const rowsMax: i32 = 8192;
const rowBytes: usize = 64;
const rowsBytes: usize = <usize>rowsMax * rowBytes;
const bothRows = allocate(2 * rowsBytes);
const hashesBytes: usize = <usize>lines.linesMax * 8;
const bothHashes = allocate(2 * hashesBytes);
let rows = bothRows;
let hashes = bothHashes;
const pinAt: usize = 0;
const textAt: usize = 4;
const tailAt: usize = 8;
const shapeAt: usize = 12;
const timeAt: usize = 16;
const delayAt: usize = 20;
const valuesAt: usize = 32;

const expectedHits = contexts(32);
const guessHits = contexts(2 << 10);
const siblingHits = contexts(1 << 10);
const siblingPorts = allocate(4 << 10);
const pinHits = contexts(4);
const kindSlots: i32 = 1 << 10;
const kinds = contexts(2 * kindSlots);
const merges = contexts(16 * 4);
const otherMerges = contexts(4);
const whichContext = contexts(integerContexts);
const newPin = contexts(4);
const skippedPins = contexts(integerContexts);
const nearPin = contexts(4 * integerContexts);
const tailHits = contexts(1);
const lastKinds = contexts(2);
const followers = contexts(2);
const lastHits = contexts(2);

/** For each instance the text behind its pins (+1), its cell. */
const cellOf = Growing.make(8 << 20);
/** Pins that the other side knows. */
let knownPins: i32 = 0;

export function reset(): void {
  cellOf.clear();
  knownPins = 0;
  textGuess = -1;
  forget(expectedHits, 32);
  forget(guessHits, 2 << 10);
  forget(siblingHits, 1 << 10);
  memory.fill(siblingPorts, 0, 4 << 10);
  forget(pinHits, 4);
  forget(kinds, 2 * kindSlots);
  forget(merges, 16 * 4);
  forget(otherMerges, 4);
  forget(whichContext, integerContexts);
  forget(newPin, 4);
  forget(skippedPins, integerContexts);
  forget(nearPin, 4 * integerContexts);
  forget(tailHits, 1);
  forget(lastKinds, 2);
  forget(followers, 2);
  forget(lastHits, 2);
}

/** The first `count` pins are known to both sides. */
export function knowPins(count: i32): void {
  knownPins = max(knownPins, count);
}

/** What stands behind the pins of its instance, or -1. */
export function cellOfPin(pin: i32): i32 {
  const index = <usize>pins.pinInstance(pin) * 4;
  return index < cellOf.used ? load<i32>(cellOf.start + index) - 1 : -1;
}

/** The pin if the other side knows it, else -1. */
export function known(pin: i32): i32 {
  return pin < knownPins ? pin : -1;
}

// @ts-ignore: decorator
@inline
function rowPlace(row: i32): usize {
  return rows + <usize>row * rowBytes;
}

/** Where the rows of both chains lie among the lines: encoding only. */
const bounds = allocate(16);
let from: i32 = 0;
let to: i32 = 0;

/** What follows is of the arrival's chain (0) or of the required time's (1). */
function select(section: u32): void {
  rows = bothRows + <usize>section * rowsBytes;
  hashes = bothHashes + <usize>section * hashesBytes;
  from = load<i32>(bounds + 8 * <usize>section);
  to = load<i32>(bounds + 8 * <usize>section, 4);
}

let textGuess: i32 = -1;

/** Finds which pin or text the row `row` from the end is of, likely one of these pins. */
function identify(row: i32, likely: i32, other: i32): void {
  const line = to - 1 - row;
  const place = rowPlace(row);
  if (line < from) {
    store<i32>(place + pinAt, -1);
    store<i32>(place + textAt, -1);
    return;
  }
  const hash = hashOfRow(row);
  let known = likely < 0 ? 0 : findAmong(nodes.newest(likely, -1), hash);
  if (known === 0 && other >= 0 && other !== likely) known = findAmong(nodes.newest(other, -1), hash);
  if (known === 0) return parse(row, likely, other);
  store<i32>(place + pinAt, nodes.pin(known));
  store<i32>(place + textAt, nodes.text(known));
}

/** The node of this hash among the first of a list: what is known need not be read. */
function findAmong(list: i32, hash: u64): i32 {
  let node = list;
  for (let steps = 0; node !== 0 && steps < likelyMax; steps++) {
    if (nodes.isOfHash(node, hash)) return node;
    node = nodes.variant(node);
  }
  return 0;
}

/** Reads the row `row` from the end of the chain; its pin is likely one of these. */
function parse(row: i32, likely: i32, other: i32): void {
  const line = to - 1 - row;
  const place = rowPlace(row);
  const end = lines.to(line);
  const shape = shapes.read(lines.from(line), end);
  const begin = shapes.restAt;
  const count = shapes.numberCount(shape);
  store<i32>(place + shapeAt, shape);
  memory.copy(place + valuesAt, shapes.values, 32);
  if (count > 0 && lines.isPinRow(begin, end)) {
    const guess = other >= 0 && likely !== other && pins.isNamed(other, lines.pinFrom, lines.pinTo) ? other : likely;
    const pin = pins.internLike(guess, lines.pinFrom, lines.pinTo);
    const cell = cellOfPin(pin);
    store<i32>(place + pinAt, pin);
    textGuess = texts.internLike(textGuess, begin, lines.pinFrom);
    store<i32>(place + textAt, textGuess);
    store<i32>(place + tailAt, texts.internLike(cell, lines.pinTo, end));
  } else {
    store<i32>(place + pinAt, -1);
    store<i32>(place + textAt, texts.intern(begin, end));
    store<i32>(place + tailAt, -1);
  }
}

/** The chain's last row, of which what follows is about. */
export function lastPin(): i32 {
  return load<i32>(rows + pinAt);
}
export function lastText(): i32 {
  return load<i32>(rows + textAt);
}

/** Begins the chain of these lines; its last row is likely of the pin `likely`. */
export function open(section: u32, fromLine: i32, toLine: i32, likely: i32): void {
  store<i32>(bounds + 8 * <usize>section, fromLine);
  store<i32>(bounds + 8 * <usize>section, toLine, 4);
  select(section);
  if (decoding) return;
  hashLines(section);
  identify(0, likely, -1);
}

function hashLines(section: u32): void {
  let hash: u64 = 0x9e3779b97f4a7c15 + <u64>section;
  for (let line = from; line < to; line++) {
    hash = (hash ^ lines.hashOf(line)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 29;
    store<u64>(hashes + <usize>(line - from) * 8, hash);
  }
}

/** The hash of the row `row` from the end with all rows before it. */
// @ts-ignore: decorator
@inline
function hashOfRow(row: i32): u64 {
  return load<u64>(hashes + <usize>(to - 1 - row - from) * 8);
}

/** Codes the chain that was opened, whose last row is coded; its time is expected to be `time`. Answers its last node. */
export function code(section: u32, time: i32): i32 {
  select(section);
  let row = 0;
  let expected = time;
  let node = 0;
  while (true) {
    const place = rowPlace(row);
    if (row > 0) codeBefore(section, row);
    node = codeMerge(section, row, expected);
    if (node >= 0) {
      if (row > 0) codeDelay(place - rowBytes, nodes.time(node));
      break;
    }
    if (row > 0) expected = codeOwnDelay(place - rowBytes);
    codeContents(section, place, row, expected);
    expected = load<i32>(place + timeAt);
    if (++row === rowsMax - 1) {
      fail();
      node = 0;
      break;
    }
  }
  while (--row >= 0) {
    const place = rowPlace(row);
    node = nodes.add(
      node,
      load<i32>(place + pinAt),
      load<i32>(place + textAt),
      load<i32>(place + tailAt),
      load<i32>(place + shapeAt),
      place + valuesAt,
      load<i32>(place + timeAt),
    );
    if (!decoding) nodes.remember(hashOfRow(row));
  }
  return node;
}

/** Codes which pin or text the last row is of; `hint` is the pin that is expected, -1 if none. */
export function codeLast(section: u32, hint: i32, near: i32): void {
  const pin = load<i32>(rows + pinAt);
  const isPin = bit(lastKinds + 4 * <usize>section, pin >= 0 ? 1 : 0);
  store<i32>(
    rows + pinAt,
    isPin ? (hint >= 0 && bit(lastHits + 4 * <usize>section, pin === hint ? 1 : 0) ? hint : codePin(section, pin, near)) : -1,
  );
  store<i32>(rows + textAt, texts.code(mix(section, 91 + isPin), load<i32>(rows + textAt)));
}

/** Codes the endpoint: the last pin of the arrival's chain, if it is one. */
export function codeEnd(near: i32): void {
  const pin = load<i32>(rows + pinAt);
  const isPin = bit(lastKinds, pin >= 0 ? 1 : 0);
  const coded = isPin ? codeEndpoint(pin, near) : -1;
  store<i32>(rows + pinAt, coded);
  store<i32>(rows + textAt, texts.code(mix(isPin ? order.edgeOf(coded) : 3, 90), load<i32>(rows + textAt)));
}

/** Codes an endpoint: that which followed before in this stage, or as the order of slacks says, or as before, or any. */
export function codeEndpoint(pin: i32, near: i32): i32 {
  const next = known(order.follower());
  const isFresh = next >= 0 && outcomes.isFresh;
  if (isFresh && bit(followers, next === pin ? 1 : 0)) return order.took(next);
  const told = order.code(pin);
  if (told >= 0) return order.took(told);
  const coded = next >= 0 && !isFresh && bit(followers + 4, next === pin ? 1 : 0) ? next : codePin(0, pin, near);
  order.learn(coded);
  return order.took(coded);
}

export function codePin(section: u32, pin: i32, near: i32): i32 {
  if (bit(newPin + 4 * <usize>section, pin >= knownPins ? 1 : 0)) {
    const id = knownPins + <i32>natural(skippedPins, <u32>(pin - knownPins));
    if (<u32>id >= <u32>pins.pinCount()) {
      fail();
      return 0;
    }
    knownPins = id + 1;
    return id;
  }
  return max(0, min(knownPins - 1, near + integer(nearPin + <usize>section * 4 * integerContexts, pin - near)));
}

/** The newest node of the same pin and edge; else the newest of the pin. */
let remembered: i32 = 0;
let sameEdge: bool = false;
function recall(pin: i32, text: i32): void {
  remembered = nodes.newest(pin, text);
  sameEdge = true;
  if (pin < 0) return;
  const newest = remembered;
  for (let steps = 0; remembered !== 0 && steps < 24; steps++) {
    if (nodes.text(remembered) === text) return;
    remembered = nodes.variant(remembered);
  }
  remembered = newest;
  sameEdge = false;
}

/** Which pin or text the row `row` from the end is of. */
function codeBefore(section: u32, row: i32): void {
  const place = rowPlace(row);
  const next = place - rowBytes;
  const nextPin = load<i32>(next + pinAt);
  const nextText = load<i32>(next + textAt);
  if (section === 0) guesses.guess(nextPin, nextText);
  else guesses.none();
  recall(nextPin, nextText);
  const guessed = guesses.pin;
  const expected = remembered === 0 ? 0 : nodes.predecessor(remembered);
  const expectedPin = remembered === 0 ? -1 : nodes.pin(expected);
  if (!decoding) identify(row, expectedPin, guessed);
  const pin = load<i32>(place + pinAt);
  const text = load<i32>(place + textAt);
  const agree = guessed < 0 ? 0 : guessed === expectedPin ? 1 : 2;
  const context = mix(texts.hash(load<i32>(next + tailAt)), texts.hash(nextText) + section);
  if (remembered !== 0 && sameEdge) {
    const expectedText = expected === 0 ? -1 : nodes.text(expected);
    const edge = agree === 1 && edgeOf(expectedText) === guesses.edge ? 1 : 0;
    const hits = expectedHits + 4 * (nextPin >= 0 ? 0 : 1) + <usize>section * 8 + 16 * <usize>(agree + 2 * edge);
    if (bit(hits, pin === expectedPin && text === expectedText ? 1 : 0)) {
      store<i32>(place + pinAt, expectedPin);
      store<i32>(place + textAt, expectedText);
      return;
    }
  }
  const slot = <usize>((context ^ (context >> 11)) & (kindSlots - 1));
  if (guessed >= 0 && bit(guessHits + 8 * slot + 4 * (agree === 1 ? 1 : 0), pin === guessed ? 1 : 0)) {
    store<i32>(place + pinAt, guessed);
    store<i32>(place + textAt, texts.code(mix(context, 98 + guesses.edge), text));
    return;
  }
  const label = bit(kinds + 8 * slot, pin < 0 ? 1 : 0);
  if (label) {
    store<i32>(place + pinAt, -1);
    store<i32>(place + textAt, bit(kinds + 8 * slot + 4, text < 0 ? 1 : 0) ? -1 : texts.code(mix(context, 93), text));
    return;
  }
  let coded = pin;
  if (expectedPin >= 0 && agree !== 1 && bit(pinHits + 4 * (sameEdge ? 0 : 1), pin === expectedPin ? 1 : 0))
    coded = expectedPin;
  else coded = codeSibling(pin, nextPin, slot);
  store<i32>(place + pinAt, coded);
  store<i32>(place + textAt, texts.code(mix(context, 94), text));
}

/** A pin that may be of the same instance, with the port that it had there the last time. */
function codeSibling(pin: i32, next: i32, slot: usize): i32 {
  const place = siblingPorts + 4 * slot;
  const hint = next < 0 ? -1 : known(pins.pinOf(pins.pinInstance(next), load<i32>(place)));
  if (hint >= 0 && bit(siblingHits + 4 * slot, pin === hint ? 1 : 0)) return hint;
  const coded = codePin(2, pin, next);
  if (next >= 0 && coded >= 0 && pins.pinInstance(coded) === pins.pinInstance(next))
    store<i32>(place, pins.pinPort(coded));
  return coded;
}

/** How many nodes of a pin are looked at for the likely one, and for the right one. */
const likelyMax: i32 = 6;
const variantsMax: i32 = 64;

/** Whether the row is known with all before it: its node, 0 for the beginning, or -1. */
function codeMerge(section: u32, row: i32, time: i32): i32 {
  const place = rowPlace(row);
  const pin = load<i32>(place + pinAt);
  const text = load<i32>(place + textAt);
  if (pin < 0 && text < 0) return 0;
  const wanted = row > 0 ? time - expectedDelay(place - rowBytes) : time;
  const newest = nodes.newest(pin, text);
  let best = 0;
  let distance = i32.MAX_VALUE;
  let count = 0;
  let node = 0;
  let each = newest;
  for (let steps = 0; each !== 0; each = nodes.variant(each), steps++) {
    if (steps === likelyMax) {
      count = 2;
      break;
    }
    if (nodes.text(each) !== text) continue;
    count++;
    if (!decoding && node === 0 && isRow(each, row)) node = each;
    const apart = abs(nodes.time(each) - wanted);
    if (apart < distance) {
      distance = apart;
      best = each;
      if (apart === 0) {
        count = 2;
        break;
      }
    }
  }
  if (!decoding && node === 0)
    for (let steps = 0; each !== 0 && steps < variantsMax; each = nodes.variant(each), steps++)
      if (isRow(each, row)) {
        node = each;
        break;
      }
  const context = merges + <usize>(min(distance, 7) + 8 * (pin < 0 ? 1 : 0) + 16 * min(row, 1) + 32 * section) * 4;
  if (best !== 0 && bit(context, best === node ? 1 : 0)) return best;
  if (count < 2 || !bit(otherMerges + 4 * (pin < 0 ? 1 : 0), node !== 0 ? 1 : 0)) return -1;
  let index = 0;
  if (!decoding) for (each = newest; each !== node && each !== 0; each = nodes.variant(each)) index++;
  index = <i32>natural(whichContext, index);
  for (each = newest; index > 0 && each !== 0; index--) each = nodes.variant(each);
  return each;
}

/** Whether a node stands for this row with all before it: encoding only. */
// @ts-ignore: decorator
@inline
function isRow(node: i32, row: i32): bool {
  return nodes.isOfHash(node, hashOfRow(row));
}

/** What the delay of a row is like: that of the same pin and edge the last time, or of its cell. */
function expectedDelay(place: usize): i32 {
  if (shapes.delayIndex(load<i32>(place + shapeAt)) < 0) return 0;
  recall(load<i32>(place + pinAt), load<i32>(place + textAt));
  if (remembered !== 0 && sameEdge && nodes.delay(remembered) !== nodes.none) return nodes.delay(remembered);
  return residuals.mean(delayHash(place));
}

// @ts-ignore: decorator
@inline
function delayHash(place: usize): u32 {
  return mix(texts.hash(load<i32>(place + tailAt)), texts.hash(load<i32>(place + textAt)) + 5);
}

/** The delay of a row whose predecessor's time is known. */
function codeDelay(place: usize, before: i32): void {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0) return;
  const value = place + valuesAt + 4 * index;
  const delay = residuals.code(101, load<i32>(place + timeAt) - before, load<i32>(value));
  store<i32>(value, delay);
  residuals.learn(delayHash(place), delay);
}

/** The delay of a row whose predecessor is new; answers the predecessor's time as it follows. */
function codeOwnDelay(place: usize): i32 {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0) return load<i32>(place + timeAt);
  const value = place + valuesAt + 4 * index;
  const hash = delayHash(place);
  recall(load<i32>(place + pinAt), load<i32>(place + textAt));
  let delay: i32;
  if (remembered !== 0 && sameEdge && nodes.delay(remembered) !== nodes.none) {
    delay = residuals.code(102, nodes.delay(remembered), load<i32>(value));
    residuals.learn(hash, delay);
  } else delay = residuals.codeAlike(hash, load<i32>(value));
  store<i32>(value, delay);
  return load<i32>(place + timeAt) - delay;
}

/** What is left of a new row: what stands behind its pin, its shape, its time and its other numbers. */
function codeContents(section: u32, place: usize, row: i32, expected: i32): void {
  const pin = load<i32>(place + pinAt);
  const text = load<i32>(place + textAt);
  if (pin >= 0) {
    const instance = pins.pinInstance(pin);
    cellOf.reach4(instance);
    const cell = cellOf.start + <usize>instance * 4;
    const guess = load<i32>(cell) - 1;
    if (guess < 0 || !bit(tailHits, guess === load<i32>(place + tailAt) ? 1 : 0)) {
      const tail = texts.code(mix(<u32>pins.pinPort(pin), 95), load<i32>(place + tailAt));
      store<i32>(place + tailAt, tail);
      store<i32>(cell, tail + 1);
    } else store<i32>(place + tailAt, guess);
  } else store<i32>(place + tailAt, -1);
  const context = mix(texts.hash(text), row > 0 ? shapes.hash(load<i32>(place - rowBytes + shapeAt)) : section);
  const shape = shapes.code(context, load<i32>(place + shapeAt));
  store<i32>(place + shapeAt, shape);
  const count = shapes.numberCount(shape);
  if (count === 0) {
    store<i32>(place + timeAt, expected);
    return;
  }
  const timePlace = place + valuesAt + 4 * (count - 1);
  const time = residuals.code(103 + (row > 0 ? 0 : 1) + 2 * section, expected, load<i32>(timePlace));
  store<i32>(timePlace, time);
  store<i32>(place + timeAt, time);
  const delay = shapes.delayIndex(shape);
  recall(pin, text);
  const alike = remembered !== 0 && sameEdge && nodes.shape(remembered) === shape;
  if (count < 2 || (count === 2 && delay === 0)) return;
  const before = alike ? nodes.values(remembered) : 0;
  for (let index = 0; index < count - 1; index++) {
    if (index === delay) continue;
    const value = place + valuesAt + 4 * index;
    const own = mix(<u32>index, 107);
    if (alike) store<i32>(value, residuals.code(own, load<i32>(before + 4 * index), load<i32>(value)));
    else store<i32>(value, residuals.codeAlike(mix(own, delayHash(place)), load<i32>(value)));
  }
}
