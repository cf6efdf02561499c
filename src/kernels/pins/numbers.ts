/**
 * Printed numbers as ordinals: integers that grow with the number, one apart where the last printed digit is one apart.
 * `%f` with n digits: the number in units of its last digit. `%e` with n digits: (exponent + 60) * 9 * 10^n + mantissa - 10^n + 1.
 * Both negated for negative numbers; infinities and the negative zero stand beyond all numbers.
 */

export const plusInfinity: i32 = 0x7fffff00;
export const minusInfinity: i32 = -0x7fffff00;
export const negativeZero: i32 = 0x7fffff01;
/** Ordinals of numbers are smaller than this, without sign. */
export const ordinalMax: i32 = 0x40000000;

export let exponential: bool = false;
export let digits: i32 = 0;
/** How infinity is spelled. */
export let upperCase: bool = false;
export let formatKnown: bool = false;
let spellingKnown: bool = false;

/** 10^digits, and how many mantissas there are. */
export let unit: i32 = 1;
export let span: i32 = 9;
export const lowest: i32 = 60;
/** Per exponent of a binary number: the decimal exponent of the least such number. */
const decimals = memory.data(2048);
const powers = memory.data(8 * 128);
const inverses = memory.data(8 * 128);
function prepare(): void {
  let power: f64 = 1;
  for (let step = 0; step < 60; step++) {
    store<f64>(powers + 8 * <usize>(lowest + step), power / <f64>unit);
    store<f64>(inverses + 8 * <usize>(lowest + step), <f64>unit / power);
    store<f64>(powers + 8 * <usize>(lowest - step), 1 / power / <f64>unit);
    store<f64>(inverses + 8 * <usize>(lowest - step), power * <f64>unit);
    power *= 10;
  }
  store<f64>(powers, 1 / power / <f64>unit);
  store<f64>(inverses, power * <f64>unit);
  let exponent: i32 = 0;
  for (let binary: u64 = 800; binary < 1300; binary++) {
    const size = reinterpret<f64>(binary << 52);
    while (exponent < 119 && size * load<f64>(inverses + 8 * <usize>(exponent + 1)) >= <f64>unit) exponent++;
    store<u8>(decimals + <usize>binary, <u8>exponent);
  }
}

/** Forgets the format: the first number that is read decides it. */
export function clearFormat(): void {
  setFormat(0);
  formatKnown = false;
  spellingKnown = false;
}

/** bit 0: exponential; bit 1: infinity in capitals; from bit 2: digits. */
export function formatBits(): i32 {
  return (exponential ? 1 : 0) | (upperCase ? 2 : 0) | (digits << 2);
}

export function setFormat(bits: i32): bool {
  upperCase = (bits & 2) !== 0;
  spellingKnown = true;
  return setNotation((bits & 1) !== 0, bits >> 2);
}

/** The notation, which the first number of a table tells. */
export function setNotation(isExponential: bool, digitCount: i32): bool {
  if (digitCount < 0 || digitCount > (isExponential ? 6 : 9)) return false;
  exponential = isExponential;
  digits = digitCount;
  formatKnown = true;
  unit = 1;
  for (let index = 0; index < digits; index++) unit *= 10;
  span = exponential ? 9 * unit : 9;
  prepare();
  return true;
}

/** Whether infinity is spelled so; the first one of a table decides it. */
export function isSpelling(upper: bool): bool {
  if (!spellingKnown) upperCase = upper;
  spellingKnown = true;
  return upper === upperCase;
}

/** Whether a value is a number: no infinity, no negative zero. */
// @ts-ignore: decorator
@inline
export function isNumber(ordinal: i32): bool {
  return ordinal < plusInfinity && ordinal > minusInfinity;
}

/** A division by a constant, where digits are as usual, is much quicker. */
// @ts-ignore: decorator
@inline
export function exponentOf(size: i32): i32 {
  return span === 9000000 ? <i32>(<u32>size / 9000000) : size / span;
}

// @ts-ignore: decorator
@inline
export function toReal(ordinal: i32): f64 {
  if (!exponential || ordinal === 0) return <f64>ordinal;
  const size = (ordinal < 0 ? -ordinal : ordinal) - 1;
  const exponent = exponentOf(size);
  const real = <f64>(size - exponent * span + unit) * load<f64>(powers + 8 * <usize>min(exponent, 119));
  return ordinal < 0 ? -real : real;
}

/** The ordinal whose number is nearest. */
export function toOrdinal(real: f64): i32 {
  if (!exponential) return <i32>max<f64>(-<f64>ordinalMax, min<f64>(<f64>ordinalMax, nearest(real)));
  const size = abs(real);
  if (!(size > 1e-58)) return 0;
  if (size > 1e57) return real < 0 ? -ordinalMax : ordinalMax;
  // The power of ten below the power of two, or the one after it.
  let exponent = <i32>load<u8>(decimals + <usize>((reinterpret<u64>(size) >> 52) & 2047));
  if (size * load<f64>(inverses + 8 * <usize>exponent) >= <f64>unit * 10) exponent++;
  const mantissa = <i32>nearest(size * load<f64>(inverses + 8 * <usize>exponent));
  const ordinal = exponent * span + mantissa - unit + 1;
  return real < 0 ? -ordinal : ordinal;
}
