/** The coded form of the circuit: types of gates, and drivers of inputs, as far as the base does not know them. */

import { codeBit, codeNumber, codeTree, contexts, decoding, fail, numberModels } from "../names/binary-coder";
import { pinCount, pinInstance } from "../names/names";
import { allocate } from "../names/room";
import { learnTwins, twinOf } from "../names/twins";
import { cellOfInstance, cells, gate, kindFirstPort, kindMode, kindOf, kindOutputs, kindPorts, kindSize, pinAt, startOf } from "./cells";
import { driversChanged, guessDriver, twinPin } from "./learn-circuit";
import { baseDrivers, baseInstances, basePins, baseRows, driverOfPin, typeOfInstance } from "./table";

let lastDriver: usize = 0;
let types: usize = 0;
let bits: usize = 0;
let distances: usize = 0;

export function codeCircuit(): void {
  learnTwins();
  lastDriver = allocate(4 * <usize>kindPorts);
  memory.fill(lastDriver, 0xff, 4 * <usize>kindPorts);
  types = contexts(4 * 5 * 4);
  bits = contexts(32);
  distances = numberModels(1);
  const all = baseRows === 0 || codeBit(bits, driversChanged ? 1 : 0) === 1;
  for (let cell = 0; cell < cells; cell++) {
    const kind = kindOf(cell);
    if (kindMode(kind) === gate) codeType(cell, kind);
    codeDrivers(cell, kind, all);
  }
}

function codeType(cell: i32, kind: usize): void {
  const instance = pinInstance(pinAt(startOf(cell)));
  if (baseRows > 0 && instance < baseInstances) return;
  const twin = twinOf(instance);
  const known = twin >= 0 && ((baseRows > 0 && twin < baseInstances) || load<i32>(cellOfInstance + 4 * <usize>twin) < cell);
  const like = !known ? 3 : <i32>load<u8>(typeOfInstance + <usize>twin);
  const tree = types + 16 * <usize>(5 * min(kindSize(kind) - 2, 3) + like);
  store<u8>(typeOfInstance + <usize>instance, <u8>codeTree(tree, 2, load<u8>(typeOfInstance + <usize>instance)));
  if (load<u8>(typeOfInstance + <usize>instance) > 2) fail();
}

function codeDrivers(cell: i32, kind: usize, all: bool): void {
  const outputs = kindOutputs(kind);
  const start = startOf(cell);
  const size = kindSize(kind);
  for (let port = 0; port < size; port++) {
    if ((outputs >> port) & 1) continue;
    const pin = pinAt(start + port);
    const known = baseRows > 0 && pin < basePins;
    if (known && !all) continue;
    const place = driverOfPin + 4 * <usize>pin;
    if (known) {
      if (codeBit(bits + 4, changes(pin)) === 0) continue;
    }
    store<i32>(place, codeDriver(pin, load<i32>(place), lastDriver + 4 * <usize>(kindFirstPort(kind) + port)));
  }
}

function changes(pin: i32): i32 {
  return decoding || load<i32>(driverOfPin + 4 * <usize>pin) === load<i32>(baseDrivers + 4 * <usize>pin) ? 0 : 1;
}

function codeDriver(pin: i32, driver: i32, last: usize): i32 {
  const twin = twinPin(pin);
  const guess = guessDriver(pin);
  const kind = twin < 0 ? 0 : guess < 0 ? 1 : 2;
  if (kind !== 0 && codeBit(bits + 4 * (8 + <usize>kind), decoding ? 0 : driver === guess ? 1 : 0)) return guess;
  if (guess >= 0 || twin < 0) {
    if (!codeBit(bits + 4 * (12 + <usize>kind), decoding ? 0 : driver >= 0 ? 1 : 0)) return -1;
  }
  const before = load<i32>(last);
  if (before >= 0 && codeBit(bits + 64, decoding ? 0 : driver === before ? 1 : 0)) return before;
  const result = pin - codeNumber(distances, decoding ? 0 : pin - driver);
  if (<u32>result >= <u32>pinCount()) {
    fail();
    return -1;
  }
  store<i32>(last, result);
  return result;
}
