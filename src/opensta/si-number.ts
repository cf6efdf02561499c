import type { PrintedFigure } from "./records/printed.js";

/** The units that SI values are told in: powers of ten of a second and of a farad. */
export interface ReportUnits {
  readonly time: number;
  readonly capacitance: number;
}

/** Nanoseconds and picofarads. */
export const defaultUnits: ReportUnits = { time: -9, capacitance: -12 };

/** Digits after the point; what lies beyond is nothing that a tool could measure. */
const digitsMax = 20;
/** What OpenSTA holds for infinite, 1e30, is the largest number that it prints. */
const infiniteExponent = 30;

const pattern = /^(-?)(\d{1,15})(?:\.(\d{0,15}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * A number in SI units, as -format json prints it, in units of 10^`unit`: the decimal point is moved, nothing is rounded,
 * but that what has more than twenty digits is zero. null if `text` is no number, or one too large to keep.
 * @example readSi("-1.293e-10", -9) // { units: -1293, digits: 4 }: -0.1293 ns
 */
export function readSi(text: string, unit: number): PrintedFigure | null {
  const infinity = /^(-?)inf$/i.exec(text);
  if (infinity) return infinity[1] === "-" ? "-INF" : "INF";
  const parts = pattern.exec(text);
  if (!parts) return null;
  const [, sign, whole, fraction = "", exponent = "0"] = parts;
  const mantissa = Number(whole! + fraction);
  if (mantissa === 0) return { units: 0, digits: Math.min(fraction.length, digitsMax) };
  if (Number(exponent) >= infiniteExponent) return sign === "-" ? "-INF" : "INF";
  const digits = fraction.length - Number(exponent) + unit;
  const units = digits < 0 ? mantissa * 10 ** -digits : mantissa;
  if (units > Number.MAX_SAFE_INTEGER) return null;
  if (digits > digitsMax) return { units: 0, digits: digitsMax };
  return { units: sign === "-" ? -units : units, digits: Math.max(digits, 0) };
}

const prefixes = new Map([
  ["", 0],
  ["m", -3],
  ["u", -6],
  ["n", -9],
  ["p", -12],
  ["f", -15],
  ["a", -18],
]);

/**
 * The power of ten of a unit such as `1ns`, `100ps` or `10fF`.
 * @param base what it is a unit of: seconds or farads
 * @throws {RangeError} if it is none of `1`, `10` or `100` times a prefix and `base`.
 * @example unitExponent("100ps", "s") // -10
 */
export function unitExponent(unit: string, base: "s" | "F"): number {
  const parts = /^(1|10|100)?([munpfa]?)([sF])$/.exec(unit);
  if (!parts || parts[3] !== base) {
    const [quantity, example] = base === "s" ? ["time", "1ns or 100ps"] : ["capacitance", "1pF or 10fF"];
    throw new RangeError(`"${unit}" is no unit of ${quantity}; say for example ${example}`);
  }
  return prefixes.get(parts[2]!)! + (parts[1]?.length ?? 1) - 1;
}
