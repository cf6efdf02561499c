/** What a pin table says of the pins: their slacks, as ordinals of the table's numbers, and what drives them. */
import { Growing } from "../coding/growing";
import { digits as tableDigits, exponential, isNumber, toReal } from "../pins/numbers";

/** The ordinal of what the table does not say. */
export const unknown: i32 = i32.MAX_VALUE;

/** For each pin its slacks max rise, max fall, min rise, min fall; and its driver. */
const entryBytes: usize = 20;
const entries = Growing.make(40 << 20);
/** Pins from this id on are in no table. */
export let count: i32 = 0;

export function reset(): void {
  entries.clear();
  count = 0;
}

/** Begins a table of the pins below `pins`: what was said before is no longer so. */
export function begin(pins: i32): void {
  entries.used = 0;
  entries.add(<usize>pins * entryBytes);
  count = pins;
  for (let pin = 0; pin < pins; pin++) {
    const place = entries.start + <usize>pin * entryBytes;
    store<u64>(place, 0x7fffffff7fffffff);
    store<u64>(place + 8, 0x7fffffff7fffffff);
    store<i32>(place + 16, -1);
  }
}

/** Says which pin drives this one, -1 if none is known. */
export function setDriver(pin: i32, driver: i32): void {
  store<i32>(entries.start + <usize>pin * entryBytes + 16, driver);
}

/** `kind`: max rise, max fall, min rise, min fall. */
export function setSlack(pin: i32, kind: i32, ordinal: i32): void {
  store<i32>(entries.start + <usize>pin * entryBytes + 4 * <usize>kind, isNumber(ordinal) ? ordinal : unknown);
}

// @ts-ignore: decorator
@inline
export function driverOf(pin: i32): i32 {
  return pin >= 0 && pin < count ? load<i32>(entries.start + <usize>pin * entryBytes + 16) : -1;
}

/** `type`: 0 max, 1 min. */
// @ts-ignore: decorator
@inline
export function slackOf(pin: i32, type: i32, falling: i32): i32 {
  return pin >= 0 && pin < count
    ? load<i32>(entries.start + <usize>pin * entryBytes + 8 * <usize>type + 4 * <usize>falling)
    : unknown;
}

/** The worse one of both edges. */
// @ts-ignore: decorator
@inline
export function worstOf(pin: i32, type: i32): i32 {
  return min(slackOf(pin, type, 0), slackOf(pin, type, 1));
}

/** Which edge is the worse one: 0 rising, 1 falling, 2 not said. */
export function edge(pin: i32, type: i32): i32 {
  const rise = slackOf(pin, type, 0);
  const fall = slackOf(pin, type, 1);
  return rise === unknown && fall === unknown ? 2 : rise <= fall ? 0 : 1;
}

/** A slack, of the table that was read last, as it is printed with this many digits. */
export function rounded(ordinal: i32, digits: i32): i32 {
  let value = toReal(ordinal);
  let places = exponential ? digits : digits - tableDigits;
  for (; places > 0; places--) value *= 10;
  for (; places < 0; places++) value /= 10;
  return abs(value) < 2e9 ? <i32>nearest(value) : 0;
}
