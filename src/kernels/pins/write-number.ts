/** Ordinals to printed numbers. */

import { digits, exponential, exponentOf, isNumber, lowest, negativeZero, span, unit, upperCase } from "./numbers";

/** Four digits of each number below ten thousand, as text. */
const fours = memory.data(4 * 10000);
for (let number = 0; number < 10000; number++) {
  let rest = number;
  for (let place = 3; place >= 0; place--) {
    store<u8>(fours + 4 * <usize>number + <usize>place, <u8>(48 + (rest % 10)));
    rest /= 10;
  }
}

/** Writes a value as it was printed, and answers its end. At most 32 bytes. */
// @ts-ignore: decorator
@inline
export function writeNumber(ordinal: i32, to: usize): usize {
  let at = to;
  if (!isNumber(ordinal)) {
    if (ordinal !== negativeZero) {
      if (ordinal < 0) store<u8>(at++, 45);
      store<u32>(at, upperCase ? 0x464e49 : 0x666e69);
      return at + 3;
    }
    store<u8>(at++, 45);
    ordinal = 0;
  } else if (ordinal < 0) {
    store<u8>(at++, 45);
    ordinal = -ordinal;
  }
  return exponential ? writeExponential(ordinal, at) : writeFixed(ordinal, at);
}

// @ts-ignore: decorator
@inline
function writeExponential(ordinal: i32, to: usize): usize {
  let exponent: i32 = lowest;
  let mantissa: i32 = 0;
  if (ordinal > 0) {
    exponent = exponentOf(ordinal - 1);
    mantissa = ordinal - 1 - exponent * span + unit;
  }
  let at = to;
  if (digits === 6) {
    const head = mantissa / 10000;
    const low = load<u32>(fours + 4 * <usize>(mantissa - head * 10000));
    const high = load<u32>(fours + 4 * <usize>head);
    store<u8>(at, <u8>(high >> 8));
    store<u8>(at + 1, 46);
    store<u16>(at + 2, <u16>(high >> 16));
    store<u32>(at + 4, low);
    at += 8;
  } else {
    for (let place = digits; place > 0; place--) {
      store<u8>(at + <usize>place + 1, <u8>(48 + (mantissa % 10)));
      mantissa /= 10;
    }
    store<u8>(at, <u8>(48 + mantissa));
    store<u8>(at + 1, 46);
    at += 2 + <usize>digits;
  }
  const shown = exponent - lowest;
  const size = shown < 0 ? -shown : shown;
  store<u8>(at, 101);
  store<u8>(at + 1, shown < 0 ? 45 : 43);
  store<u16>(at + 2, <u16>(load<u32>(fours + 4 * <usize>size) >> 16));
  return at + 4;
}

// @ts-ignore: decorator
@inline
function writeFixed(ordinal: i32, to: usize): usize {
  const whole = ordinal / unit;
  let rest = ordinal - whole * unit;
  let length: usize = 1;
  for (let size = whole; size > 9; size /= 10) length++;
  let number = whole;
  for (let place = length; place > 0; place--) {
    store<u8>(to + place - 1, <u8>(48 + (number % 10)));
    number /= 10;
  }
  store<u8>(to + length, 46);
  const start = to + length + 1;
  if (digits === 6) {
    const head = rest / 10000;
    store<u32>(start + 2, load<u32>(fours + 4 * <usize>(rest - head * 10000)));
    store<u16>(start, <u16>(load<u32>(fours + 4 * <usize>head) >> 16));
    return start + 6;
  }
  for (let place = digits; place > 0; place--) {
    store<u8>(start + <usize>place - 1, <u8>(48 + (rest % 10)));
    rest /= 10;
  }
  return start + <usize>digits;
}
