/**
 * Whether the next item is one of the base: the file of the same name in the stage before. Where nothing changed each
 * item is one cheap bit; places are found again after what was left out, put in, or changed.
 */
import { bit, contexts, decoding, forget, integerContexts, natural } from "../coding/binary-coder";
import { Growing } from "../coding/growing";
import * as agreement from "./agreement";
import { hashStretch } from "./hashes";
import * as items from "./items";
import * as order from "./order";

/** Where the base begins and ends in the sequence of items; -1 if there is none. */
let base: i32 = -1;
let baseEnd: i32 = -1;
/** Where the item stands that is expected. */
let next: i32 = -1;
/** Where this file began. */
let fileStart: i32 = 0;
/** Where all files began. */
const starts = Growing.make(1 << 12);

const kinds: i32 = 3;
const followingContexts: i32 = kinds * agreement.agreements * 5 * 4;
const following = contexts(followingContexts);
const skipped = contexts(2);
const jumped = contexts(2 * kinds);
const distances = contexts(2 * integerContexts);
const wholeContexts: i32 = 2 * agreement.agreements * 4;
const whole = contexts(wholeContexts);
let history: i32 = 0;
let wholeHistory: i32 = 0;

/** How far ahead an item is looked for: of records, which take longer, less far, as their endpoints tell where they stood. */
const linesAheadMax: i32 = 96;
const recordsAheadMax: i32 = 8;

export function reset(): void {
  base = -1;
  baseEnd = -1;
  next = -1;
  fileStart = 0;
  starts.clear();
  history = 0;
  wholeHistory = 0;
  forget(following, followingContexts);
  forget(skipped, 2);
  forget(jumped, 2 * kinds);
  forget(distances, 2 * integerContexts);
  forget(whole, wholeContexts);
}

/** Begins a file whose base began at this place of the sequence; -1 if it has none. */
export function beginFile(place: i32): void {
  fileStart = items.places;
  base = place >= 0 && place < fileStart ? place : -1;
  baseEnd = base < 0 ? -1 : fileStart;
  for (let at = starts.used; at > 0 && base >= 0; ) {
    at -= 4;
    const start = load<i32>(starts.start + at);
    if (start <= base) break;
    baseEnd = start;
  }
  store<i32>(starts.add(4), fileStart);
  next = base;
  history = 3;
  wholeHistory = 3;
}

/** The place that the host is to tell when a later file stands on this one. */
export function filePlace(): i32 {
  return items.places;
}

/** The text that is encoded: where the item begins, and where what is there ends. */
let from: usize = 0;
let end: usize = 0;
/** The hash and the length that were made last. */
let hash: u64 = 0;
let length: usize = 0;

/** Whether the text begins with that of an item. */
function begins(item: i32): bool {
  if (!items.isKnown(item)) return false;
  const wanted = items.lengthOf(item);
  if (wanted > end - from) return false;
  if (wanted !== length) {
    length = wanted;
    hash = hashStretch(from, wanted);
  }
  return hash === items.hashOf(item);
}

/** What was found of the text: how many items are left out, whether the next one comes, or how far ahead it stands. */
let leftOut: i32 = 0;
let comes: bool = false;
let distance: i32 = 0;

/** Looks whether the text [start, to) begins with an item that is expected; answers how long that is, or 0. */
export function find(start: usize, to: usize): usize {
  if (next < 0) return 0;
  from = start;
  end = to;
  length = 0;
  leftOut = 0;
  distance = 0;
  comes = false;
  let at = next;
  while (at < baseEnd) {
    comes = begins(items.at(at));
    if (comes || !isUsed(items.at(at))) break;
    leftOut++;
    at++;
  }
  if (at === baseEnd) return 0;
  if (comes) return length;
  if (!mayJump(items.at(at))) return 0;
  const last = min(items.kind(items.at(at)) >= 0 ? recordsAheadMax : linesAheadMax, baseEnd - 1 - at);
  for (let ahead = 1; ahead <= last; ahead++)
    if (begins(items.at(at + ahead))) {
      distance = ahead;
      return length;
    }
  return 0;
}

/** Where a table tells the order, what comes next is better told by that. */
// @ts-ignore: decorator
@inline
function mayJump(item: i32): bool {
  return items.kind(item) === items.line || !order.isTold();
}

/** Whether this file had the endpoint's item already. */
function isUsed(item: i32): bool {
  const pin = items.pin(item);
  if (pin < 0) return false;
  const key = items.key(item);
  const isRow = items.kind(item) === items.endRow;
  for (let each = items.newest(pin), steps = 0; each >= 0 && steps < 4; each = items.older(each), steps++)
    if (items.place(each) >= fileStart && items.key(each) === key && (items.kind(each) === items.endRow) === isRow) return true;
  return false;
}

// @ts-ignore: decorator
@inline
function kindOf(item: i32): i32 {
  return items.kind(item) < 0 ? items.kind(item) + 2 : 2;
}

/** Codes whether the next item is that of the base, as `find` found; answers it, or -1. */
export function code(): i32 {
  if (next < 0) return -1;
  while (next < baseEnd && isUsed(items.at(next))) {
    if (!bit(skipped, leftOut > 0 ? 1 : 0)) break;
    leftOut--;
    next++;
  }
  if (next === baseEnd) return -1;
  const item = items.at(next);
  const kind = kindOf(item);
  const ordered = kind === 0 ? 0 : order.expects(items.pin(item), history & 1);
  const context = following + 4 * <usize>(((agreement.say(item) * 5 + ordered) * 4 + (history & 3)) * kinds + kind);
  const hit = bit(context, comes ? 1 : 0);
  history = (history << 1) | hit;
  if (hit) {
    next++;
    return item;
  }
  if (!mayJump(item)) return -1;
  if (!bit(jumped + 4 * kind, distance > 0 ? 1 : 0)) return -1;
  next = min(next + 1 + <i32>natural(distances, distance - 1), baseEnd - 1);
  return items.at(next++);
}

/** The item [start, to) is coded otherwise: what it is to be known by. */
export function measure(start: usize, to: usize): void {
  from = start;
  end = to;
  length = to - start;
  hash = hashStretch(start, length);
}

/** Codes whether the whole item is the one that its endpoint had in the base; answers that, or -1. */
export function codeWhole(pin: i32, key: u32, isRow: bool): i32 {
  if (base < 0) return -1;
  let item = items.newest(pin);
  for (let steps = 0; item >= 0; item = items.older(item), steps++) {
    if (steps === 16) return -1;
    const place = items.place(item);
    if (place >= base && place < baseEnd && items.key(item) === key && (items.kind(item) === items.endRow) === isRow) break;
  }
  if (item < 0) return -1;
  const context = whole + 4 * <usize>((agreement.say(item) * 4 + (wholeHistory & 3)) * 2 + (isRow ? 1 : 0));
  const hit = bit(context, !decoding && items.isKnown(item) && items.lengthOf(item) === length && items.hashOf(item) === hash ? 1 : 0);
  wholeHistory = (wholeHistory << 1) | hit;
  if (!hit) return -1;
  next = items.place(item) + 1;
  return item;
}

/** The item comes next: one of the base, or a new one that was coded in full. */
export function follow(item: i32, isNew: bool): void {
  if (isNew) {
    if (!decoding && !items.isKnown(item)) items.remember(item, hash, length);
    if (next >= 0 && next < baseEnd && items.pin(items.at(next)) === items.pin(item)) next++;
  }
  items.follow(item);
}
