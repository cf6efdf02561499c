/**
 * A chain of rows, coded from its end: each row before is expected to be the one that stood before the same pin the last
 * time, and where the chain meets rows that are known already, all before them follow.
 */
import { bit, contexts, decoding, fail, forget, integerContexts, natural } from "../coding/binary-coder";
import * as cells from "./cells";
import { codeDelay, codeOwnDelay, delayHash, expectedDelay, learnRounding } from "./chain-delays";
import * as chainPins from "./chain-pins";
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
import * as nodes from "./nodes";
import * as pins from "./pin-names";
import { recall, remembered, sameEdge } from "./recalled";
import * as residuals from "./residuals";
import { mix } from "./residuals";
import * as shapes from "./shapes";
import * as texts from "./texts";

export { codeEnd, codeEndpoint, codeLast } from "./chain-pins";

const merges = contexts(16 * 4);
const otherMerges = contexts(4);
const whichContext = contexts(integerContexts);
const tailHits = contexts(1);

export function reset(): void {
  chainPins.reset();
  forget(merges, 16 * 4);
  forget(otherMerges, 4);
  forget(whichContext, integerContexts);
  forget(tailHits, 1);
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
    if (row > 0) chainPins.codeBefore(section, row);
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
