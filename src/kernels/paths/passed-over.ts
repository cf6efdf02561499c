/** Pins that were passed over last where each of a list was the next endpoint or was not: they may come late. */
import { copyShort } from "../coding/copy";
import { allocate } from "../report/memory";

export const passedMax: i32 = 32;
const passed = allocate(4 * passedMax + 16);
export let count: i32 = 0;

export function clear(): void {
  count = 0;
}

/** Takes a pin in; the oldest leaves when there is no room. */
export function add(pin: i32): void {
  if (count === passedMax) remove(0);
  store<i32>(passed + 4 * count++, pin);
}

export function at(index: i32): i32 {
  return load<i32>(passed + 4 * index);
}

/** Where a pin stands that was passed over, -1 if it was not: the first time. */
export function indexOf(pin: i32): i32 {
  for (let index = 0; index < count; index++) if (at(index) === pin) return index;
  return -1;
}

/** The same, the last time. */
export function lastIndexOf(pin: i32): i32 {
  for (let index = count - 1; index >= 0; index--) if (at(index) === pin) return index;
  return -1;
}

export function remove(index: i32): void {
  count--;
  copyShort(passed + 4 * index, passed + 4 * index + 4, 4 * (count - index));
}
