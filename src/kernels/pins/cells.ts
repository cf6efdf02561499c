/**
 * Rows of one instance that follow one another are a cell; cells with the same ports in the same order are of one kind.
 * Which of a kind's ports are outputs, and which inputs go with them, is told once a kind.
 */

import { codeNumber, codeTree, contexts, decoding, fail, numberBytes, numberModels } from "../names/binary-coder";
import { instanceCount, instanceLength, pinCount, pinInstance, pinPort } from "../names/names";
import { allocate, allocateZeroed } from "../names/room";
import { pinOfRow, rows } from "./table";

/** A cell of more ports than this, as a module's boundary has, is no gate. */
export const portsMax: i32 = 24;

/** How a kind's inputs follow from its outputs. */
export const loose: i32 = 0;
export const gate: i32 = 1;
export const register: i32 = 2;

export let cells: i32 = 0;
/** Per cell, and one more: its first row. */
export let cellStart: usize = 0;
export let kindOfCell: usize = 0;
/** Per instance and per pin: its cell and its row, or -1. */
export let cellOfInstance: usize = 0;
export let rowOfPin: usize = 0;

export let kinds: i32 = 0;
const kindsMax: i32 = 1 << 12;
/** Per kind: a cell of it, number of ports, mode, outputs as bits, inputs that follow from them as bits, first port's index. */
export let kindRecords: usize = 0;
/** How many ports all kinds have. */
export let kindPorts: i32 = 0;

// @ts-ignore: decorator
@inline
export function startOf(cell: i32): i32 {
  return load<i32>(cellStart + 4 * <usize>cell);
}
// @ts-ignore: decorator
@inline
export function kindOf(cell: i32): usize {
  return kindRecords + 24 * <usize>load<i32>(kindOfCell + 4 * <usize>cell);
}
// @ts-ignore: decorator
@inline
export function kindExample(kind: usize): i32 {
  return load<i32>(kind);
}
// @ts-ignore: decorator
@inline
export function kindSize(kind: usize): i32 {
  return load<i32>(kind, 4);
}
// @ts-ignore: decorator
@inline
export function kindMode(kind: usize): i32 {
  return load<i32>(kind, 8);
}
// @ts-ignore: decorator
@inline
export function kindOutputs(kind: usize): u32 {
  return load<u32>(kind, 12);
}
// @ts-ignore: decorator
@inline
export function kindInputs(kind: usize): u32 {
  return load<u32>(kind, 16);
}
// @ts-ignore: decorator
@inline
export function kindFirstPort(kind: usize): i32 {
  return load<i32>(kind, 20);
}

export function setKind(kind: usize, mode: i32, outputs: u32, inputs: u32): void {
  store<i32>(kind, mode, 8);
  store<u32>(kind, outputs, 12);
  store<u32>(kind, inputs, 16);
}

// @ts-ignore: decorator
@inline
export function pinAt(row: i32): i32 {
  return load<i32>(pinOfRow + 4 * <usize>row);
}

/** Finds the cells and their kinds. */
export function groupRows(): void {
  const instances = instanceCount();
  const pins = pinCount();
  // Written from the start, so what is too much is not touched.
  cellStart = allocate(4 * <usize>rows + 64);
  kindOfCell = allocate(4 * <usize>rows + 64);
  cellOfInstance = allocate(4 * <usize>instances + 64);
  memory.fill(cellOfInstance, 0xff, 4 * <usize>instances);
  const isPlain = pins === rows && isInOrder();
  // Pins in the order of their ids: one column serves in both directions.
  rowOfPin = isPlain ? pinOfRow : allocate(4 * <usize>pins + 64);
  if (!isPlain) memory.fill(rowOfPin, 0xff, 4 * <usize>pins);
  const slots = allocateZeroed(4 * 2 * <usize>kindsMax);
  kindRecords = allocateZeroed(24 * (<usize>kindsMax + 1));
  kinds = 1;
  kindPorts = 1;
  cells = 0;
  let row = 0;
  while (row < rows) {
    const instance = pinInstance(pinAt(row));
    const from = row;
    let hash: u32 = 0;
    do {
      const pin = pinAt(row);
      if (pinInstance(pin) !== instance) break;
      if (!isPlain) store<i32>(rowOfPin + 4 * <usize>pin, row);
      hash = (hash ^ <u32>pinPort(pin)) * 0x9e3779b1 + 1;
      row++;
    } while (row < rows);
    store<i32>(cellStart + 4 * <usize>cells, from);
    store<i32>(cellOfInstance + 4 * <usize>instance, cells);
    const size = row - from;
    const single = size < 2 || size > portsMax || instanceLength(instance) === 0;
    store<i32>(kindOfCell + 4 * <usize>cells, single ? 0 : findKind(slots, from, size, hash));
    cells++;
  }
  store<i32>(cellStart + 4 * <usize>cells, rows);
}

function isInOrder(): bool {
  for (let row = 0; row < rows; row++) if (pinAt(row) !== row) return false;
  return true;
}

function findKind(slots: usize, from: i32, size: i32, hash: u32): i32 {
  const mask = <u32>(2 * kindsMax - 1);
  let slot = (hash ^ (hash >> 15)) & mask;
  while (true) {
    const kind = load<i32>(slots + 4 * <usize>slot);
    if (kind === 0) break;
    const record = kindRecords + 24 * <usize>kind;
    if (kindSize(record) === size && isSameKind(from, startOf(kindExample(record)), size)) return kind;
    slot = (slot + 1) & mask;
  }
  if (kinds === kindsMax) return 0;
  const record = kindRecords + 24 * <usize>kinds;
  store<i32>(record, cells);
  store<i32>(record, size, 4);
  store<i32>(record, kindPorts, 20);
  kindPorts += size;
  store<i32>(slots + 4 * <usize>slot, kinds);
  return kinds++;
}

function isSameKind(one: i32, other: i32, size: i32): bool {
  for (let index = 0; index < size; index++)
    if (pinPort(pinAt(one + index)) !== pinPort(pinAt(other + index))) return false;
  return true;
}

/** Codes what is known of the kinds. */
export function codeKinds(): void {
  const modes = contexts(4);
  const numbers = numberModels(2);
  for (let index = 1; index < kinds; index++) {
    const kind = kindRecords + 24 * <usize>index;
    const mode = <i32>codeTree(modes, 2, kindMode(kind));
    const outputs = <u32>codeNumber(numbers, <i32>kindOutputs(kind));
    const inputs = <u32>codeNumber(numbers + numberBytes, <i32>kindInputs(kind));
    const all = (<u32>1 << kindSize(kind)) - 1;
    if (mode > register || (outputs | inputs) & ~all || outputs & inputs) return fail();
    if (decoding) setKind(kind, mode, mode === loose ? 0 : outputs, mode === loose ? 0 : inputs);
  }
}
