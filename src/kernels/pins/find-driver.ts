/**
 * Finds the driver of a load by its values: a net's driver has the least of its loads' slacks, and their arrivals.
 */

import { allocate, allocateZeroed } from "../names/room";
import { noise, valueAt } from "./learn-kinds";
import { exact, likeness } from "./likeness";
import { driverRow, nets } from "./nets";
import { isNumber, toReal } from "./numbers";
import { hasArrivals } from "./table";

/** Per hash of two values: a driver's entry. Per entry: the next one, and its hash. A driver has two of them. */
let slots: usize = 0;
let slotsMask: u32 = 0;
let entries: usize = 0;
/** A bit per hash: whether there may be an entry. Small enough to lie near, as most loads find none. */
let marks: usize = 0;
let marksMask: u32 = 0;

/** Puts all drivers where `findDriver` finds them. */
export function indexDrivers(): void {
  slotsMask = 0xffff;
  while (slotsMask < <u32>nets * 2) slotsMask = slotsMask * 2 + 1;
  slots = allocateZeroed(4 * (<usize>slotsMask + 1));
  entries = allocate(16 * <usize>nets + 64);
  marksMask = slotsMask * 8 + 7;
  marks = allocateZeroed(<usize>slotsMask + 1);
  perWidth = 1 / (noise * 8);
  for (let net = nets - 1; net >= 0; net--) {
    const row = load<i32>(driverRow + 4 * <usize>net);
    for (let pair = 0; pair < 2; pair++) {
      const one = valueAt(row, firstOf(pair));
      const other = valueAt(row, firstOf(pair) + 1);
      if (!isNumber(one) || !isNumber(other)) continue;
      const hash = hashOf(pair, <i64>floor(placeOf(one)), <i64>floor(placeOf(other)));
      const mark = marks + <usize>((hash & marksMask) >> 3);
      store<u8>(mark, load<u8>(mark) | <u8>(<u32>1 << (hash & 7)));
      const slot = slots + 4 * <usize>((hash >> 3) & slotsMask);
      const entry = entries + 8 * <usize>(2 * net + pair);
      store<i32>(entry, load<i32>(slot));
      store<u32>(entry, hash, 4);
      store<i32>(slot, 2 * net + pair + 1);
    }
  }
}

let perWidth: f64 = 1;

// @ts-ignore: decorator
@inline
function firstOf(pair: i32): i32 {
  return (hasArrivals ? 4 : 0) + 2 * pair;
}

/** Where a value stands: near values stand beside one another, or in one place. */
// @ts-ignore: decorator
@inline
function placeOf(value: i32): f64 {
  return hasArrivals ? <f64>value : toReal(value) * perWidth;
}

// @ts-ignore: decorator
@inline
function hashOf(pair: i32, one: i64, other: i64): u32 {
  const hash = (<u64>one * 0x9e3779b97f4a7c15) ^ (<u64>other * 0xc2b2ae3d27d4eb4f) ^ <u64>(pair * 0x165667b1);
  return <u32>(((hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9) >> 32);
}

const stepsMax: i32 = 12;
let best: i32 = -1;
let most: i32 = 0;

/** The driver that a row is most like, or -1; none of the rows from `start` to `end`. */
export function findDriver(row: i32, start: i32, end: i32): i32 {
  best = -1;
  most = 1;
  const reach = hasArrivals ? 0 : 0.125;
  for (let pair = 0; pair < 2; pair++) {
    const one = valueAt(row, firstOf(pair));
    const other = valueAt(row, firstOf(pair) + 1);
    if (!isNumber(one) || !isNumber(other)) continue;
    const x = placeOf(one);
    const y = placeOf(other);
    const right = <i64>floor(x + reach);
    const lower = <i64>floor(y - reach);
    const upper = <i64>floor(y + reach);
    for (let a = <i64>floor(x - reach); a <= right; a++)
      for (let b = lower; b <= upper; b++) {
        const hash = hashOf(pair, a, b);
        if (load<u8>(marks + <usize>((hash & marksMask) >> 3)) & (<u32>1 << (hash & 7))) search(hash, row, start, end);
      }
    if (best >= 0 && most >= 3 * exact) break;
  }
  return best;
}

function search(hash: u32, row: i32, start: i32, end: i32): void {
  let entry = load<i32>(slots + 4 * <usize>((hash >> 3) & slotsMask));
  for (let steps = 0; entry !== 0 && steps < stepsMax; steps++) {
    const place = entries + 8 * <usize>(entry - 1);
    const driver = load<i32>(driverRow + 4 * <usize>((entry - 1) >> 1));
    entry = load<i32>(place);
    if (load<u32>(place, 4) !== hash || (driver >= start && driver < end)) continue;
    const same = likeness(row, driver);
    if (same > most || (same === most && best >= 0 && abs(driver - row) < abs(best - row))) {
      most = same;
      best = driver;
    }
  }
}
