/**
 * Learns from the values, while encoding, how each gate turns edges and which pin drives each input.
 * A net's driver has the least of its loads' slacks, so two slacks that are the same betray the net; equal arrivals make it certain.
 */

import { pinInstance, pinPort } from "../names/names";
import { allocate, mark, release } from "../names/room";
import { learnTwins, twinOf } from "../names/twins";
import {
  cells,
  cellOfInstance,
  gate,
  kindOf,
  kindOutputs,
  kindMode,
  kindSize,
  pinAt,
  rowOfPin,
  startOf,
} from "./cells";
import { isNear, noise, valueAt } from "./learn-kinds";
import { makeNets } from "./nets";
import { isNumber, plusInfinity, toReal } from "./numbers";
import { baseInstances, basePins, baseRows, driverOfPin, hasArrivals, rows, typeOfInstance } from "./table";

/** The output rises when the input rises; when it falls; on either. */
export const positive: i32 = 0;
export const negative: i32 = 1;
export const either: i32 = 2;

/** Whether a pin's driver differs from the base's. */
export let driversChanged: bool = false;

export function learnCircuit(): void {
  learnTwins();
  driversChanged = false;
  for (let cell = 0; cell < cells; cell++) {
    const kind = kindOf(cell);
    const instance = pinInstance(pinAt(startOf(cell)));
    if (kindMode(kind) === gate && (baseRows === 0 || instance >= baseInstances))
      store<u8>(typeOfInstance + <usize>instance, <u8>learnType(cell, kind));
  }
  if (baseRows > 0 && !needsDrivers()) return;
  const place = mark();
  makeSlots();
  for (let cell = 0; cell < cells; cell++) learnDrivers(cell);
  if (baseRows === 0) makeNets(true);
  release(place);
}

function learnType(cell: i32, kind: usize): i32 {
  const start = startOf(cell);
  const size = kindSize(kind);
  const output = start + ctz(kindOutputs(kind));
  let same = 0;
  let crossed = 0;
  for (let column = 0; column < 4; column++) {
    let least = plusInfinity;
    let other = plusInfinity;
    for (let row = start; row < start + size; row++) {
      if (row === output) continue;
      least = min(least, valueAt(row, column));
      other = min(other, valueAt(row, column ^ 1));
    }
    const value = valueAt(output, column);
    if (isNear(value, least)) same++;
    if (isNear(value, other)) crossed++;
  }
  return same > crossed && same > 2 ? positive : crossed > same && crossed > 2 ? negative : either;
}

/** Whether any pin is new, or no longer fits its driver. */
function needsDrivers(): bool {
  let needed = false;
  let inputs = 0;
  let driven = 0;
  for (let row = 0; row < rows; row++) {
    if (!isNumber(valueAt(row, 0)) || pinAt(row) >= basePins) continue;
    inputs++;
    if (load<i32>(driverOfPin + 4 * <usize>pinAt(row)) >= 0) driven++;
  }
  keepsNone = driven * 4 > inputs;
  for (let cell = 0; cell < cells; cell++) {
    const start = startOf(cell);
    const end = startOf(cell + 1);
    for (let row = start; row < end; row++) {
      if (pinAt(row) >= basePins) needed = true;
      else if (!fitsDriver(row)) {
        driversChanged = true;
        needed = true;
      }
    }
  }
  return needed;
}

/** Whether the base knows enough of the circuit to be believed where it knows no driver. */
let keepsNone: bool = false;

/** Whether a row known before may still hang where it hung. */
function fitsDriver(row: i32): bool {
  const driver = load<i32>(driverOfPin + 4 * <usize>pinAt(row));
  if (driver < 0) return keepsNone || !isNumber(valueAt(row, 0));
  const other = load<i32>(rowOfPin + 4 * <usize>driver);
  return other >= 0 && likeness(row, other) >= 0;
}

/** What a value tells that is the same to the last digit, beside one that only is nearly so. */
const exact: i32 = 4;

/** How much a load has in common with a driver; -1 if it cannot be its load. */
export function likeness(row: i32, driver: i32): i32 {
  let same = 0;
  for (let column = 0; column < 4; column++) {
    const value = valueAt(row, column);
    const other = valueAt(driver, column);
    if (value === other) same += isNumber(value) ? exact : 0;
    else if (isNear(value, other)) same++;
    else if (value < other) return -1;
  }
  if (!hasArrivals) return same;
  for (let column = 4; column < 8; column++) {
    if (valueAt(row, column) !== valueAt(driver, column)) return -1;
    same += exact;
  }
  return same;
}

let slots: usize = 0;
let slotsMask: u32 = 0;
let entries: usize = 0;
let entryCount: i32 = 0;

const pairs: StaticArray<i32> = [0, 1, 2, 3, 0, 2, 1, 3, 0, 3, 1, 2];
const arrivalPairs: StaticArray<i32> = [4, 5, 6, 7];
const pairsUsed: i32 = 2;

function makeSlots(): void {
  let drivers = 0;
  for (let cell = 0; cell < cells; cell++) drivers += popcnt(kindOutputs(kindOf(cell)));
  slotsMask = 0xffff;
  while (slotsMask < <u32>drivers * 4) slotsMask = slotsMask * 2 + 1;
  slots = allocate(4 * (<usize>slotsMask + 1));
  memory.fill(slots, 0, 4 * (<usize>slotsMask + 1));
  entries = allocate(8 * (<usize>drivers * <usize>(4 * pairsUsed) + 2));
  entryCount = 1;
  for (let cell = cells - 1; cell >= 0; cell--) {
    let outputs = kindOutputs(kindOf(cell));
    while (outputs !== 0) {
      addDriver(startOf(cell) + ctz(outputs));
      outputs &= outputs - 1;
    }
  }
}

// @ts-ignore: decorator
@inline
function slotOf(pair: i32, one: i64, other: i64): usize {
  const hash = (<u64>one * 0x9e3779b97f4a7c15) ^ (<u64>other * 0xc2b2ae3d27d4eb4f) ^ (<u64>(pair + 1) * 0x165667b19e3779f9);
  return slots + 4 * (<usize>((hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9 >> 40) & slotsMask);
}

function addDriver(row: i32): void {
  const count = hasArrivals ? 2 : pairsUsed;
  const width = noise * 8;
  for (let pair = 0; pair < count; pair++) {
    const one = valueAt(row, hasArrivals ? arrivalPairs[2 * pair] : pairs[2 * pair]);
    const other = valueAt(row, hasArrivals ? arrivalPairs[2 * pair + 1] : pairs[2 * pair + 1]);
    if (!isNumber(one) || !isNumber(other)) continue;
    if (hasArrivals) {
      addEntry(slotOf(pair, one, other), row);
      continue;
    }
    const x = toReal(one);
    const y = toReal(other);
    const lowX = <i64>floor((x - noise) / width);
    const highX = <i64>floor((x + noise) / width);
    const lowY = <i64>floor((y - noise) / width);
    const highY = <i64>floor((y + noise) / width);
    for (let a = lowX; a <= highX; a++) for (let b = lowY; b <= highY; b++) addEntry(slotOf(pair, a, b), row);
  }
}

function addEntry(slot: usize, row: i32): void {
  const entry = entries + 8 * <usize>entryCount;
  store<i32>(entry, row);
  store<i32>(entry, load<i32>(slot), 4);
  store<i32>(slot, entryCount++);
}

const stepsMax: i32 = 24;

/** The driver that a row is most like, or -1. */
function findDriver(row: i32, start: i32, end: i32): i32 {
  let best = -1;
  let most = 1;
  const width = noise * 8;
  const count = hasArrivals ? 2 : pairsUsed;
  for (let pair = 0; pair < count; pair++) {
    const one = valueAt(row, hasArrivals ? arrivalPairs[2 * pair] : pairs[2 * pair]);
    const other = valueAt(row, hasArrivals ? arrivalPairs[2 * pair + 1] : pairs[2 * pair + 1]);
    if (!isNumber(one) || !isNumber(other)) continue;
    const slot = hasArrivals
      ? slotOf(pair, one, other)
      : slotOf(pair, <i64>floor(toReal(one) / width), <i64>floor(toReal(other) / width));
    let entry = load<i32>(slot);
    for (let steps = 0; entry !== 0 && steps < stepsMax; steps++) {
      const driver = load<i32>(entries + 8 * <usize>entry);
      entry = load<i32>(entries + 8 * <usize>entry, 4);
      if (driver >= start && driver < end) continue;
      const same = likeness(row, driver);
      if (same > most || (same === most && best >= 0 && abs(driver - row) < abs(best - row))) {
        most = same;
        best = driver;
      }
    }
    if (best >= 0 && (most >= 3 * exact || pair === 1)) break;
  }
  return best;
}

function learnDrivers(cell: i32): void {
  const kind = kindOf(cell);
  const outputs = kindOutputs(kind);
  const start = startOf(cell);
  const end = startOf(cell + 1);
  if (kindSize(kind) === 0) return;
  for (let row = start; row < end; row++) {
    const pin = pinAt(row);
    if ((outputs >> (row - start)) & 1) continue;
    if (baseRows > 0 && pin < basePins && fitsDriver(row)) continue;
    let driver = -1;
    const guess = guessDriver(pin);
    if (guess >= 0) {
      const other = load<i32>(rowOfPin + 4 * <usize>guess);
      if (other >= 0 && likeness(row, other) >= (hasArrivals ? 0 : exact)) driver = guess;
    }
    if (driver < 0) {
      const found = findDriver(row, start, end);
      if (found >= 0) driver = pinAt(found);
    }
    store<i32>(driverOfPin + 4 * <usize>pin, driver);
  }
}

/** The driver that the pin's twin suggests: the twin of its driver here, else its driver itself; -1 if there is none. */
export function guessDriver(pin: i32): i32 {
  const twin = twinPin(pin);
  if (twin < 0) return -1;
  const driver = load<i32>(driverOfPin + 4 * <usize>twin);
  if (driver < 0) return -1;
  const shifted = driver + pin - twin;
  if (
    shifted >= 0 &&
    shifted < pinsKnown &&
    pinPort(shifted) === pinPort(driver) &&
    twinOf(pinInstance(shifted)) === pinInstance(driver)
  )
    return shifted;
  return driver;
}

let pinsKnown: i32 = 0;
export function setPinsKnown(count: i32): void {
  pinsKnown = count;
}

/** The same pin of the instance's twin, if both instances have their cells here, or -1. */
export function twinPin(pin: i32): i32 {
  const instance = pinInstance(pin);
  const twin = twinOf(instance);
  if (twin < 0) return -1;
  const cell = load<i32>(cellOfInstance + 4 * <usize>instance);
  const other = load<i32>(cellOfInstance + 4 * <usize>twin);
  if (cell < 0 || other < 0 || kindOf(cell) !== kindOf(other)) return -1;
  const row = load<i32>(rowOfPin + 4 * <usize>pin);
  const port = row - startOf(cell);
  const twinRow = startOf(other) + port;
  return port >= 0 && port < kindSize(kindOf(cell)) && twinRow < row ? pinAt(twinRow) : -1;
}
