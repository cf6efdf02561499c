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

const spaces: u64 = 0x2020202020202020;

/**
 * Reads the eight bytes before `to`, without a branch for each: spaces, perhaps a dash, and a number with `expected`
 * digits after its point. What stands before `from` does not count. Answers where the number begins; `to` if there are
 * only spaces; 0 if it is anything else (`readNumber` knows the rest).
 */
// @ts-ignore: decorator
@inline
export function readColumn(from: usize, to: usize, expected: u8): usize {
  let bytes = load<u64>(to - 8);
  if (from + 8 > to) {
    const before = ((<u64>1) << (((from + 8 - to) << 3) as u64)) - 1;
    bytes = (bytes & ~before) | (spaces & before);
  }
  if (bytes === spaces) return to;
  if ((bytes & 0x8080808080808080) !== 0 || expected > 6) return 0;
  let figures = bytes ^ 0x3030303030303030;
  if (expected > 0) {
    const point = <u64>(7 - expected) << 3;
    if (((bytes >> point) & 0xff) !== 0x2e) return 0;
    const whole = ((<u64>1) << point) - 1;
    // The point goes: what stands before it moves up, and a space comes in below.
    figures = ((figures & whole) << 8) | (figures & ~((whole << 8) | 0xff)) | 0x10;
  }
  const others = (figures + 0x7676767676767676) & 0x8080808080808080;
  const blanks = 64 - clz(others);
  if (blanks === 64) return 0;
  const blank = ((<u64>1) << blanks) - 1;
  const sign = (figures ^ 0x1010101010101010) & blank;
  if (sign !== 0 && sign !== ((<u64>0x0d) << (blanks - 8))) return 0;
  let value = figures & ~blank;
  value = ((value * 2561) >> 8) & 0x00ff00ff00ff00ff;
  value = ((value * 6553601) >> 16) & 0x0000ffff0000ffff;
  value = (value * 42949672960001) >> 32;
  units = sign === 0 ? <f64>value : -<f64>value;
  digits = expected;
  return to - 8 + <usize>(blanks >> 3) - (expected > 0 ? 1 : 0) - (sign === 0 ? 0 : 1);
}
