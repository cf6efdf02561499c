/**
 * Learns from the values, while encoding, how each gate turns edges and which pin drives each input.
 * A net's driver has the least of its loads' slacks, so two slacks that are the same betray the net; equal arrivals make it certain.
 */

import { pinInstance, pinPort } from "../names/names";
import { mark, release } from "../names/room";
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
import { findDriver, indexDrivers } from "./find-driver";
import { exact, likeness } from "./likeness";
import { isNear, valueAt } from "./learn-kinds";
import { isNumber, plusInfinity } from "./numbers";
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
  indexDrivers();
  for (let cell = 0; cell < cells; cell++) learnDrivers(cell);
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
    store<i32>(driverOfPin + 4 * <usize>pin, learnDriver(pin, row, start, end));
  }
}

/** The driver of the pin's twin, if that fits; else the one that it is most like. */
function learnDriver(pin: i32, row: i32, start: i32, end: i32): i32 {
  const guess = guessDriver(pin);
  const other = guess < 0 ? -1 : load<i32>(rowOfPin + 4 * <usize>guess);
  if (other >= 0) {
    const same = likeness(row, other);
    if (same >= (hasArrivals ? 0 : exact)) return guess;
    // It may well be the driver, but of another load's slack.
    if (same >= 0) return -1;
  }
  const found = findDriver(row, start, end);
  return found < 0 ? -1 : pinAt(found);
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
