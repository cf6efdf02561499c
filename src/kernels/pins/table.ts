/** The table in work, and the one it stands on: their rows, values and circuits, as columns in linear memory. */

import { pinCount } from "../names/names";
import { allocate, mark, release } from "../names/room";

/** What stands in a row's columns, in this order: slacks max rise, max fall, min rise, min fall, arrivals likewise, the rest. */
export let columns: i32 = 0;
export let hasSlacks: bool = false;
export let hasArrivals: bool = false;
/** Per column of the text: which value it shows. */
export const valueOfColumn = memory.data(64 * 4);
export const columnsMax: i32 = 64;

export let rows: i32 = 0;
export let rowsMax: i32 = 0;
export let pinOfRow: usize = 0;
export let values: usize = 0;
/** Per pin id: the pin id that drives it, or -1. */
export let driverOfPin: usize = 0;
/** Per instance: how its inputs and outputs go together, `CellType`. */
export let typeOfInstance: usize = 0;

export let baseRows: i32 = 0;
export let basePins: i32 = 0;
export let baseInstances: i32 = 0;
export let basePinOfRow: usize = 0;
export let baseValues: usize = 0;
/** Per pin id: its row in the base, or -1. */
export let baseRowOfPin: usize = 0;
/** Whether the base's values are printed as these are. */
export let baseComparable: bool = false;

let emptyPlace: usize = 0;

/** Begins a table of at most `rowsMost` rows; the layout of the columns is set by `setColumn`. */
export function beginTable(columnCount: i32, slacks: bool, arrivals: bool, rowsMost: i32): void {
  if (emptyPlace === 0) emptyPlace = mark();
  release(emptyPlace);
  columns = columnCount;
  hasSlacks = slacks;
  hasArrivals = arrivals;
  rows = 0;
  rowsMax = rowsMost;
  baseRows = 0;
  basePins = 0;
  baseInstances = 0;
  baseRowOfPin = 0;
  baseComparable = false;
  pinOfRow = allocate(4 * <usize>rowsMax + 64);
  values = allocate(4 * <usize>columns * <usize>rowsMax + 64);
}

/** Where the rooms of tables begin: what lies beyond is a table's, or nobody's. */
export function tablesStart(): usize {
  return emptyPlace === 0 ? mark() : emptyPlace;
}

export function setColumn(column: i32, value: i32): void {
  store<i32>(valueOfColumn + 4 * <usize>column, value);
}

/** Room for a base; the caller fills `basePinOfRow`, `baseValues`, `baseDrivers` and `baseTypes`, and calls `indexBase`. */
export function beginBase(rowCount: i32, pinsKnown: i32, instancesKnown: i32, comparable: bool): void {
  baseRows = rowCount;
  basePins = pinsKnown;
  baseInstances = instancesKnown;
  baseComparable = comparable;
  basePinOfRow = allocate(4 * <usize>rowCount + 64);
  baseValues = allocate(comparable ? 4 * <usize>columns * <usize>rowCount + 64 : 0);
  baseDrivers = allocate(4 * <usize>pinsKnown + 64);
  baseTypes = allocate(<usize>instancesKnown + 64);
}

export let baseDrivers: usize = 0;
export let baseTypes: usize = 0;

export function indexBase(): void {
  if (baseRows === 0) return;
  const pins = pinCount();
  baseRowOfPin = allocate(4 * <usize>pins + 64);
  memory.fill(baseRowOfPin, 0xff, 4 * <usize>pins);
  for (let row = 0; row < baseRows; row++) {
    const pin = load<i32>(basePinOfRow + 4 * <usize>row);
    if (<u32>pin < <u32>pins) store<i32>(baseRowOfPin + 4 * <usize>pin, row);
  }
}

/** The row of the base that a row stands on, or -1. */
// @ts-ignore: decorator
@inline
export function baseRowOf(row: i32): i32 {
  return baseRows === 0 ? -1 : load<i32>(baseRowOfPin + 4 * <usize>load<i32>(pinOfRow + 4 * <usize>row));
}

/** The base's row, if it can be compared with, or -1. */
// @ts-ignore: decorator
@inline
export function comparedRow(row: i32): i32 {
  return baseComparable ? baseRowOf(row) : -1;
}

/** A value of the base. */
// @ts-ignore: decorator
@inline
export function baseAt(row: i32, column: i32): i32 {
  return load<i32>(baseValues + 4 * (<usize>columns * <usize>row + <usize>column));
}

/** The base's values are of no use. */
export function ignoreBaseValues(): void {
  baseComparable = false;
}

export function setRows(count: i32): void {
  rows = count;
}

/** Room for the circuit, once all names are known. */
export function beginCircuit(pins: i32, instances: i32): void {
  driverOfPin = allocate(4 * <usize>pins + 64);
  typeOfInstance = allocate(<usize>instances + 64);
  memory.fill(driverOfPin, 0xff, 4 * <usize>pins);
  memory.fill(typeOfInstance, 0, <usize>instances);
  if (baseRows === 0) return;
  memory.copy(driverOfPin, baseDrivers, 4 * <usize>min(pins, basePins));
  memory.copy(typeOfInstance, baseTypes, <usize>min(instances, baseInstances));
}
