/** Printed numbers: whole units and the digits after the point, never a binary fraction. */
import { dash } from "./bytes";

/** The number read last: units × 10^-digits; infinite units for INF and -INF. */
export let units: f64 = 0;
export let digits: u8 = 0;

/** Reads [from, to) as `12`, `-0.35`, `INF` or `inf`; false if it is none of them. */
export function readNumber(from: usize, to: usize): bool {
  const negative = load<u8>(from) === dash;
  const first = negative ? from + 1 : from;
  if (first >= to) return false;
  let whole: f64 = 0;
  let point: usize = 0;
  for (let at = first; at < to; at++) {
    const digit = load<u8>(at) - 48;
    if (digit < 10) whole = whole * 10 + <f64>digit;
    else if (digit === 254 && point === 0) point = at;
    else return at === first && readInfinity(at, to, negative);
  }
  if (point === to - 1 && to - first === 1) return false;
  units = negative ? -whole : whole;
  digits = point === 0 ? 0 : <u8>(to - point - 1);
  return true;
}

function readInfinity(from: usize, to: usize, negative: bool): bool {
  if (to - from !== 3 || (load<u16>(from) | 0x2020) !== 0x6e69 || (load<u8>(from + 2) | 32) !== 0x66) return false;
  units = negative ? -Infinity : Infinity;
  digits = 0;
  return true;
}

/**
 * Reads the number that ends at `to`, back to the space before it but not beyond `from`; answers where it begins, or 0
 * where it is no plain number of at most fifteen digits (the slower way knows the rest).
 */
// @ts-ignore: decorator
@inline
export function readBack(from: usize, to: usize): usize {
  let whole: u64 = 0;
  let scale: u64 = 1;
  let point: usize = 0;
  let at = to - 1;
  for (; at >= from; at--) {
    const digit = load<u8>(at) - 48;
    if (digit < 10) {
      whole += scale * <u64>digit;
      scale *= 10;
    } else if (digit === 254 && point === 0) point = at;
    else break;
  }
  if (scale === 1 || to - at > 16) return 0;
  let value = <f64>whole;
  if (at >= from && load<u8>(at) === dash) {
    value = -value;
    at--;
  }
  if (at >= from && load<u8>(at) !== 32) return 0;
  units = value;
  digits = point === 0 ? 0 : <u8>(to - point - 1);
  return at + 1;
}
