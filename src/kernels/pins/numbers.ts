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
let upperCase: bool = false;
let formatKnown: bool = false;
let spellingKnown: bool = false;

/** 10^digits, and how many mantissas there are. */
let unit: i32 = 1;
let span: i32 = 9;
const lowest: i32 = 60;
const powers = memory.data(8 * 128);
const inverses = memory.data(8 * 128);
/** Four digits of each number below ten thousand, as text. */
const fours = memory.data(4 * 10000);

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
  if (load<u32>(fours) === 0)
    for (let number = 0; number < 10000; number++) {
      let rest = number;
      for (let place = 3; place >= 0; place--) {
        store<u8>(fours + 4 * <usize>number + <usize>place, <u8>(48 + (rest % 10)));
        rest /= 10;
      }
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
  exponential = (bits & 1) !== 0;
  upperCase = (bits & 2) !== 0;
  digits = bits >> 2;
  formatKnown = true;
  spellingKnown = true;
  if (digits < 0 || digits > (exponential ? 6 : 9)) return false;
  unit = 1;
  for (let index = 0; index < digits; index++) unit *= 10;
  span = exponential ? 9 * unit : 9;
  prepare();
  return true;
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
function exponentOf(size: i32): i32 {
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
  let exponent = lowest;
  while (size * load<f64>(inverses + 8 * <usize>exponent) < <f64>unit && exponent > 0) exponent--;
  while (size * load<f64>(inverses + 8 * <usize>exponent) >= <f64>unit * 10) exponent++;
  const mantissa = <i32>nearest(size * load<f64>(inverses + 8 * <usize>exponent));
  const ordinal = exponent * span + mantissa - unit + 1;
  return real < 0 ? -ordinal : ordinal;
}

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
  if (!spellingKnown) {
    spellingKnown = true;
    upperCase = upper;
  }
  if (upper !== upperCase) return fault();
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
  const known = spellingKnown;
  const capitals = upperCase;
  const found = <i32>(end - point) - 1;
  if (found === 0 || !setFormat((found << 2) | (load<u8>(end) === 101 ? 1 : 0))) {
    clearFormat();
    spellingKnown = known;
    upperCase = capitals;
    return false;
  }
  spellingKnown = known;
  upperCase = capitals;
  return true;
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
