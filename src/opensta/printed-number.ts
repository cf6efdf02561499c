import type { Printed } from "./report-records.js";

/** What a number field holds: `units` × 10^-`digits`; INF and -INF are infinite units with 0 digits. */
export interface NumberField {
  units: number;
  digits: number;
}

/**
 * Reads `source[from, to)` as a printed number into `into`; false if it is none. Accepts `12`, `-0.35`, `INF`, `inf`.
 */
export function readNumber(source: Uint8Array, from: number, to: number, into: NumberField): boolean {
  let at = from;
  const negative = source[at] === 45;
  if (negative) at++;
  if (at >= to) return false;
  let units = 0;
  let point = -1;
  for (; at < to; at++) {
    const byte = source[at]!;
    if (byte >= 48 && byte <= 57) units = units * 10 + (byte - 48);
    else if (byte === 46 && point < 0) point = at;
    else return isInfinity(source, at, to) && at === from + (negative ? 1 : 0) && infinite(into, negative);
  }
  if (point === to - 1 && to - from === (negative ? 2 : 1)) return false;
  into.units = negative ? -units : units;
  into.digits = point < 0 ? 0 : to - point - 1;
  return true;
}

/** The nearest binary number: exact to the last printed digit. */
export function toNumber(units: number, digits: number): number {
  return units / powersOfTen[digits]!;
}

/** Where the bytes of short texts are put. */
const scratch = new Uint8Array(64);

/** A printed number from text, or null. */
export function parsePrinted(text: string): Printed | "INF" | "-INF" | null {
  const field = { units: 0, digits: 0 };
  const { length } = text;
  const bytes = length <= scratch.length ? scratch : new Uint8Array(length);
  // Only ASCII makes numbers.
  for (let at = 0; at < length; at++) bytes[at] = Math.min(text.charCodeAt(at), 0x80);
  if (!readNumber(bytes, 0, length, field)) return null;
  if (field.units === Infinity) return "INF";
  if (field.units === -Infinity) return "-INF";
  return field;
}

const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

function isInfinity(source: Uint8Array, at: number, to: number): boolean {
  return (
    to - at === 3 && (source[at]! | 32) === 105 && (source[at + 1]! | 32) === 110 && (source[at + 2]! | 32) === 102
  );
}

function infinite(into: NumberField, negative: boolean): true {
  into.units = negative ? -Infinity : Infinity;
  into.digits = 0;
  return true;
}
