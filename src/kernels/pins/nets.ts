/**
 * Nets, and the order in which slacks are coded: a cell after all loads of its outputs, so that its outputs follow from them
 * and its inputs from its outputs. Loops are cut where the table has them first.
 */

import { allocate, allocateZeroed, mark, release } from "../names/room";
import {
  cells,
  gate,
  kindInputs,
  kindMode,
  kindOf,
  kindOutputs,
  pinAt,
  rowOfPin,
  startOf,
} from "./cells";
import { likeness } from "./likeness";
import { driverOfPin, rows } from "./table";

/** Per row: the net that it drives or loads, or -1. */
export let netOfRow: usize = 0;
export let nets: i32 = 0;
/** Per net: its driver's row. */
export let driverRow: usize = 0;
/** Per net: its driver's cell. */
let driverCell: usize = 0;
/** How many loops were cut. */
let cuts: i32 = 0;
/** Cells in the order of coding. */
export let cellOrder: usize = 0;

// @ts-ignore: decorator
@inline
export function netOf(row: i32): i32 {
  return load<i32>(netOfRow + 4 * <usize>row);
}

/** Whether the walk is in a cell, or has left it. */
const entered: u8 = 1;
const left: u8 = 2;

/** Every output is a net's driver, as long as nobody has asked for its loads. */
export function makeDrivers(): void {
  netOfRow = allocate(4 * <usize>rows + 64);
  memory.fill(netOfRow, 0xff, 4 * <usize>rows);
  nets = 0;
  for (let cell = 0; cell < cells; cell++) nets += popcnt(kindOutputs(kindOf(cell)));
  driverRow = allocate(4 * <usize>nets + 64);
  driverCell = allocate(4 * <usize>nets + 64);
  nets = 0;
  for (let cell = 0; cell < cells; cell++)
    for (let outputs = kindOutputs(kindOf(cell)); outputs !== 0; outputs &= outputs - 1) {
      const row = startOf(cell) + ctz(outputs);
      store<i32>(netOfRow + 4 * <usize>row, nets);
      store<i32>(driverRow + 4 * <usize>nets, row);
      store<i32>(driverCell + 4 * <usize>nets, cell);
      nets++;
    }
}

/** Finds the loads of the drivers, and the order; with `prune` it first cuts the weakest link of each loop that it meets. */
export function joinLoads(prune: bool): void {
  for (let row = 0; row < rows; row++) {
    if (netOf(row) >= 0) continue;
    const driver = load<i32>(driverOfPin + 4 * <usize>pinAt(row));
    if (driver < 0) continue;
    const other = load<i32>(rowOfPin + 4 * <usize>driver);
    const net = other < 0 ? -1 : netOf(other);
    if (net >= 0 && load<i32>(driverRow + 4 * <usize>net) === other) store<i32>(netOfRow + 4 * <usize>row, net);
  }
  cellOrder = allocate(4 * <usize>cells + 64);
  cuts = 0;
  makeOrder(prune);
  leaveOutLoadless();
  if (cuts > 0) makeOrder(false);
}

/** A driver without a load has no net. */
function leaveOutLoadless(): void {
  const place = mark();
  const loaded = allocateZeroed(<usize>nets + 64);
  for (let row = 0; row < rows; row++) {
    const net = netOf(row);
    if (net >= 0 && load<i32>(driverRow + 4 * <usize>net) !== row) store<u8>(loaded + <usize>net, 1);
  }
  for (let net = 0; net < nets; net++)
    if (load<u8>(loaded + <usize>net) === 0)
      store<i32>(netOfRow + 4 * <usize>load<i32>(driverRow + 4 * <usize>net), -1);
  release(place);
}

/** Goes from loads to drivers, depth first: a cell is left when all that drives it is left, so the last left is coded first. */
function makeOrder(prune: bool): void {
  const stack = allocate(16 * <usize>cells + 64);
  const seen = allocateZeroed(<usize>cells + 64);
  let place = cells;
  for (let first = 0; first < cells; first++) {
    if (load<u8>(seen + <usize>first)) continue;
    let depth: usize = 1;
    push(stack, seen, first);
    while (depth > 0) {
      const top = stack + 16 * (depth - 1);
      const driver = nextDriver(top);
      if (driver < 0) {
        place--;
        store<i32>(cellOrder + 4 * <usize>place, load<i32>(top));
        store<u8>(seen + <usize>load<i32>(top), left);
        depth--;
      } else if (load<u8>(seen + <usize>driver) === 0) {
        push(stack + 16 * depth, seen, driver);
        depth++;
      } else if (prune && load<u8>(seen + <usize>driver) === entered) cutLoop(top, stack, driver);
    }
  }
  release(stack);
}

/** A stack's entry: the cell, its inputs that were not followed yet, and the row that is followed. */
function push(entry: usize, seen: usize, cell: i32): void {
  const kind = kindOf(cell);
  store<u8>(seen + <usize>cell, entered);
  store<i32>(entry, cell);
  store<u32>(entry, kindMode(kind) === gate ? kindInputs(kind) : 0, 4);
}

/** The cell that drives the entry's next input, or -1 when all were followed. */
function nextDriver(entry: usize): i32 {
  const start = startOf(load<i32>(entry));
  let inputs = load<u32>(entry, 4);
  while (inputs !== 0) {
    const row = start + ctz(inputs);
    const net = netOf(row);
    inputs &= inputs - 1;
    if (net < 0) continue;
    store<u32>(entry, inputs, 4);
    store<i32>(entry, row, 8);
    return load<i32>(driverCell + 4 * <usize>net);
  }
  store<u32>(entry, 0, 4);
  return -1;
}

const loopMax: i32 = 64;

/** Cuts the loop from the top of the stack down to the cell `driver`, where load and driver have least in common. */
function cutLoop(top: usize, stack: usize, driver: i32): void {
  let weakest: i32 = -1;
  let least: i32 = i32.MAX_VALUE;
  let entry = top;
  for (let steps = 0; steps < loopMax && entry >= stack; steps++) {
    const row = load<i32>(entry, 8);
    if (load<i32>(driverOfPin + 4 * <usize>pinAt(row)) < 0) return;
    const same = likeness(row, load<i32>(driverRow + 4 * <usize>netOf(row)));
    if (same < least) {
      least = same;
      weakest = row;
    }
    if (load<i32>(entry) === driver) break;
    entry -= 16;
  }
  if (weakest < 0) return;
  store<i32>(driverOfPin + 4 * <usize>pinAt(weakest), -1);
  store<i32>(netOfRow + 4 * <usize>weakest, -1);
  cuts++;
}
