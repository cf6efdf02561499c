/**
 * Pins wait, a few dozen at a time, to be looked up together: the places of one and of the next are fetched from memory
 * at the same time then, where a lookup by itself would stand still for each.
 */
import { allocate } from "./memory";
import { hashOf, idOf, NameTable } from "./names";
import { rowCell, rowName } from "./batch";

const waitingMax = 64;
const entryBytes = 32;
/** Where the pin begins and ends, where its cell does, its row, its hash, the record that is looked at first. */
const entries = allocate(waitingMax * entryBytes);
const pinFromAt: usize = 0;
const pinToAt: usize = 4;
const cellFromAt: usize = 8;
const cellToAt: usize = 12;
const rowAt: usize = 16;
const hashAt: usize = 20;
const recordAt: usize = 24;
let end = entries;
/** Keeps the touching loop from being left out as useless. */
let touched: u32 = 0;

// @ts-ignore: decorator
@inline
export function isFull(): bool {
  return end === entries + waitingMax * entryBytes;
}

// @ts-ignore: decorator
@inline
export function add(row: i32, pinFrom: usize, pinTo: usize, cellFrom: usize, cellTo: usize): void {
  store<u32>(end + pinFromAt, <u32>pinFrom);
  store<u32>(end + pinToAt, <u32>pinTo);
  store<u32>(end + cellFromAt, <u32>cellFrom);
  store<u32>(end + cellToAt, <u32>cellTo);
  store<i32>(end + rowAt, row);
  store<u32>(end + hashAt, hashOf(pinFrom, pinTo - pinFrom));
  end += entryBytes;
}

/** Looks up all that wait, and writes their rows. */
export function resolve(pins: NameTable, cells: NameTable): void {
  for (let entry = entries; entry < end; entry += entryBytes)
    store<u32>(entry + recordAt, <u32>pins.firstRecord(load<u32>(entry + hashAt)));
  for (let entry = entries; entry < end; entry += entryBytes) touched |= load<u32>(load<u32>(entry + recordAt));
  for (let entry = entries; entry < end; entry += entryBytes) {
    const pin = pins.internHashed(load<u32>(entry + hashAt), load<u32>(entry + pinFromAt), load<u32>(entry + pinToAt));
    const row = load<i32>(entry + rowAt);
    store<i32>(rowName + 4 * row, idOf(pin));
    const cell = cells.internBeside(pin, load<u32>(entry + cellFromAt), load<u32>(entry + cellToAt));
    store<i32>(rowCell + 4 * row, idOf(cell));
  }
  end = entries;
}
