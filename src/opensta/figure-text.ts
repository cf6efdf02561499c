import { parsePrinted } from "./printed-number.js";
import type { PrintedFigure } from "./records/printed.js";

/**
 * A printed number from text, or null: as in the path reports, and with an exponent as report_power and the properties
 * of 2.0.17 have it. The point moves, no digit is lost.
 * @example parseFigure("1.627123e-02") // { units: 1627123, digits: 8 }
 */
export function parseFigure(text: string): PrintedFigure | null {
  const split = /^(-?\d+(?:\.\d*)?)[eE]([-+]?\d{1,3})$/.exec(text);
  if (!split) return parsePrinted(text);
  const mantissa = parsePrinted(split[1]!);
  if (!mantissa || typeof mantissa === "string") return mantissa;
  const digits = mantissa.digits - Number(split[2]);
  return digits >= 0 ? { units: mantissa.units, digits } : { units: mantissa.units * 10 ** -digits, digits: 0 };
}

/** Each text as a number; null if one of them is none. */
export function parseFigures(texts: readonly (string | undefined)[]): PrintedFigure[] | null {
  const figures: PrintedFigure[] = [];
  for (const text of texts) {
    const figure = text === undefined ? null : parseFigure(text);
    if (!figure) return null;
    figures.push(figure);
  }
  return figures;
}

/** The same figure with its sign turned. */
export function negated(figure: PrintedFigure): PrintedFigure {
  if (typeof figure === "string") return figure === "INF" ? "-INF" : "INF";
  return { units: figure.units === 0 ? 0 : -figure.units, digits: figure.digits };
}
