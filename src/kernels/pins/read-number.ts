/** Printed numbers to ordinals: only such as print the same again. */

import {
  digits,
  exponential,
  formatKnown,
  isSpelling,
  lowest,
  minusInfinity,
  negativeZero,
  ordinalMax,
  plusInfinity,
  setNotation,
  span,
  unit,
} from "./numbers";

/** Where the number that `readNumber` read ends; 0 if it was none of this format. */
export let numberEnd: usize = 0;

/** Reads the number at `at`, which must print the same. The caller looks at what stands at `numberEnd`. */
export function readNumber(at: usize): i32 {
  const first = load<u8>(at);
  const negative = first === 45;
  const start = negative ? at + 1 : at;
  const letter = load<u8>(start) | 32;
  if (letter === 105) return readInfinity(start, negative);
  if (!formatKnown && !learnFormat(start)) return fault();
  const ordinal = exponential ? readExponential(start) : readFixed(start);
  if (ordinal === 0 && negative) return negativeZero;
  return negative ? -ordinal : ordinal;
}

function fault(): i32 {
  numberEnd = 0;
  return 0;
}

function readInfinity(at: usize, negative: bool): i32 {
  const word = load<u32>(at) & 0xffffff;
  const upper = word === 0x464e49;
  if (!upper && word !== 0x666e69) return fault();
  if (!isSpelling(upper)) return fault();
  numberEnd = at + 3;
  return negative ? minusInfinity : plusInfinity;
}

/** The format of the first number of a table. */
function learnFormat(at: usize): bool {
  let end = at;
  while (isDigit(load<u8>(end))) end++;
  if (end === at || load<u8>(end) !== 46) return false;
  const point = end++;
  while (isDigit(load<u8>(end)) && end - point < 12) end++;
  const found = <i32>(end - point) - 1;
  return found > 0 && setNotation(load<u8>(end) === 101, found);
}

// @ts-ignore: decorator
@inline
function isDigit(letter: u8): bool {
  return letter >= 48 && letter <= 57;
}

// @ts-ignore: decorator
@inline
function readExponential(start: usize): i32 {
  let mantissa: i32 = 0;
  let at = start;
  if (digits === 6) {
    const word = load<u64>(at);
    // The digits without the point, and a zero before them.
    let figures = ((word >> 16) << 16) | ((word & 0xff) << 8) | 48;
    figures -= 0x3030303030303030;
    if (((figures | (figures + 0x7676767676767676)) & 0x8080808080808080) !== 0 || ((word >> 8) & 0xff) !== 46)
      return fault();
    figures = (figures * 10 + (figures >> 8)) & 0x00ff00ff00ff00ff;
    figures = (figures * 100 + (figures >> 16)) & 0x0000ffff0000ffff;
    mantissa = <i32>((figures * 10000 + (figures >> 32)) & 0xffffffff);
    at += 8;
  } else {
    if (!isDigit(load<u8>(at)) || load<u8>(at + 1) !== 46) return fault();
    mantissa = load<u8>(at) - 48;
    at += 2;
    for (let index = 0; index < digits; index++) {
      if (!isDigit(load<u8>(at))) return fault();
      mantissa = mantissa * 10 + load<u8>(at++) - 48;
    }
  }
  const sign = load<u8>(at + 1);
  const tens = <i32>load<u8>(at + 2) - 48;
  const ones = <i32>load<u8>(at + 3) - 48;
  if (load<u8>(at) !== 101 || (sign !== 43 && sign !== 45) || <u32>tens > 9 || <u32>ones > 9) return fault();
  const size = tens * 10 + ones;
  numberEnd = at + 4;
  if (mantissa < unit) return mantissa === 0 && sign === 43 && size === 0 ? 0 : fault();
  if (size > 57 || (size === 0 && sign === 45)) return fault();
  return (lowest + (sign === 45 ? -size : size)) * span + mantissa - unit + 1;
}

// @ts-ignore: decorator
@inline
function readFixed(start: usize): i32 {
  let at = start;
  let number: i64 = 0;
  while (isDigit(load<u8>(at)) && at - start < 10) number = number * 10 + load<u8>(at++) - 48;
  const whole = at - start;
  if (whole === 0 || (whole > 1 && load<u8>(start) === 48) || load<u8>(at++) !== 46) return fault();
  for (let index = 0; index < digits; index++) {
    if (!isDigit(load<u8>(at))) return fault();
    number = number * 10 + load<u8>(at++) - 48;
  }
  if (number >= ordinalMax) return fault();
  numberEnd = at;
  return <i32>number;
}
