/**
 * A chain of rows, coded from its end: each row before is expected to be the one that stood before the same pin the last
 * time, and where the chain meets rows that are known already, all before them follow.
 */
import { bit, contexts, decoding, fail, forget, integerContexts, natural } from "../coding/binary-coder";
import { allocate } from "../report/memory";
import * as cells from "./cells";
import {
  hashLines,
  hashOfRow,
  identify,
  likelyMax,
  pinAt,
  rowBytes,
  rowPlace,
  rows,
  rowsMax,
  select,
  setLines,
  shapeAt,
  tailAt,
  textAt,
  timeAt,
  valuesAt,
} from "./chain-rows";
import * as guesses from "./guesses";
import { edgeOf } from "./guesses";
import * as nodes from "./nodes";
import * as outcomes from "./outcomes";
import * as order from "./order";
import * as pinCoder from "./pin-coder";
import * as pins from "./pin-names";
import * as residuals from "./residuals";
import { mix } from "./residuals";
import * as shapes from "./shapes";
import * as texts from "./texts";
import * as twinDelays from "./twin-delays";

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
const tailHits = contexts(1);
const lastKinds = contexts(2);
const followers = contexts(2);
const lastHits = contexts(2);

export function reset(): void {
  forget(expectedHits, 32);
  forget(guessHits, 2 << 10);
  forget(siblingHits, 1 << 10);
  memory.fill(siblingPorts, 0, 4 << 10);
  forget(pinHits, 4);
  forget(kinds, 2 * kindSlots);
  forget(merges, 16 * 4);
  forget(otherMerges, 4);
  forget(whichContext, integerContexts);
  forget(tailHits, 1);
  forget(lastKinds, 2);
  forget(followers, 2);
  forget(lastHits, 2);
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
  setLines(section, fromLine, toLine);
  if (decoding) return;
  hashLines(section);
  identify(0, likely, -1);
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
    if (row > 0) learnRounding(place - rowBytes, load<i32>(place + timeAt));
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
    if (!decoding) nodes.remember(node, hashOfRow(row));
  }
  return node;
}

/** Codes which pin or text the last row is of; `hint` is the pin that is expected, -1 if none. */
export function codeLast(section: u32, hint: i32, near: i32): void {
  const pin = load<i32>(rows + pinAt);
  const isPin = bit(lastKinds + 4 * <usize>section, pin >= 0 ? 1 : 0);
  store<i32>(
    rows + pinAt,
    isPin ? (hint >= 0 && bit(lastHits + 4 * <usize>section, pin === hint ? 1 : 0) ? hint : pinCoder.codePin(section, pin, near)) : -1,
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
  const next = pinCoder.known(order.follower());
  const isFresh = next >= 0 && outcomes.isFresh;
  if (isFresh && bit(followers, next === pin ? 1 : 0)) return order.took(next);
  const told = order.code(pin);
  if (told >= 0) return order.took(told);
  const coded = next >= 0 && !isFresh && bit(followers + 4, next === pin ? 1 : 0) ? next : pinCoder.codePin(0, pin, near);
  order.learn(coded);
  return order.took(coded);
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
  const hint = next < 0 ? -1 : pinCoder.known(pins.pinOf(pins.pinInstance(next), load<i32>(place)));
  if (hint >= 0 && bit(siblingHits + 4 * slot, pin === hint ? 1 : 0)) return hint;
  const coded = pinCoder.codePin(2, pin, next);
  if (next >= 0 && coded >= 0 && pins.pinInstance(coded) === pins.pinInstance(next))
    store<i32>(place, pins.pinPort(coded));
  return coded;
}

/** How many nodes of a pin are looked at for the right one. */
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
  const whole = load<i32>(place + timeAt) - before;
  findTwin(place);
  const delay = residuals.code(101, whole - twinDelays.rounding(), load<i32>(value));
  if (twin !== 0) {
    twinDelays.learn(delay);
    twinDelays.learnRounding(twin, whole - delay);
  }
  store<i32>(value, delay);
  residuals.learn(delayHash(place), delay);
}

/** How the times of a row and of the one before it were rounded beside its delay. */
function learnRounding(place: usize, before: i32): void {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0 || twin === 0) return;
  twinDelays.learnRounding(twin, load<i32>(place + timeAt) - load<i32>(place + valuesAt + 4 * <usize>index) - before);
}

/** Where the twin of the row is kept, 0 if it has none. */
let twin: usize = 0;
function findTwin(place: usize): void {
  const pin = load<i32>(place + pinAt);
  twin = 0;
  if (pin < 0) return;
  twinDelays.find(pin, mix(texts.hash(load<i32>(place + textAt)), <u32>order.typeNow()));
  twin = twinDelays.place();
}

/** The delay of a row whose predecessor is new; answers the predecessor's time as it follows. */
function codeOwnDelay(place: usize): i32 {
  const index = shapes.delayIndex(load<i32>(place + shapeAt));
  if (index < 0) return load<i32>(place + timeAt);
  const value = place + valuesAt + 4 * index;
  const hash = delayHash(place);
  recall(load<i32>(place + pinAt), load<i32>(place + textAt));
  let delay: i32;
  findTwin(place);
  let rounding = 0;
  if (remembered !== 0 && sameEdge && nodes.delay(remembered) !== nodes.none) {
    delay = residuals.code(102, nodes.delay(remembered), load<i32>(value));
    residuals.learn(hash, delay);
  } else if (twin !== 0 && twinDelays.code(load<i32>(value))) {
    delay = twinDelays.twinDelay();
    rounding = twinDelays.rounding();
    residuals.learn(hash, delay);
  } else delay = residuals.codeAlike(hash, load<i32>(value));
  if (twin !== 0) twinDelays.learn(delay);
  store<i32>(value, delay);
  return load<i32>(place + timeAt) - delay - rounding;
}

/** What is left of a new row: what stands behind its pin, its shape, its time and its other numbers. */
function codeContents(section: u32, place: usize, row: i32, expected: i32): void {
  const pin = load<i32>(place + pinAt);
  const text = load<i32>(place + textAt);
  if (pin >= 0) {
    const instance = pins.pinInstance(pin);
    const guess = cells.cellOf(instance);
    if (guess < 0 || !bit(tailHits, guess === load<i32>(place + tailAt) ? 1 : 0)) {
      const tail = texts.code(mix(<u32>pins.pinPort(pin), 95), load<i32>(place + tailAt));
      store<i32>(place + tailAt, tail);
      cells.learn(instance, tail);
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
