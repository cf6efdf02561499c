import { toNumber } from "../printed-number.js";
import type { PrintedFigure } from "../records/printed.js";

/** What a report's text depends on beside its records. */
export interface ReportStyle {
  readonly version: "2.0.17" | "3.1.0";
  /** -digits of the command; 2 if not given, as the tool has it. */
  readonly digits?: number;
}

export const digitsOf = ({ digits = 2 }: ReportStyle): number => digits;

/** The width of a number column, as the tool computes it: four figures before the point, and a sign. */
export const numberWidth = (style: ReportStyle): number => digitsOf(style) + 5;

/** A figure as printed: all its digits, INF as a word. */
export function figureText(figure: PrintedFigure): string {
  return typeof figure === "string" ? figure : fixed(toNumber(figure.units, figure.digits), figure.digits);
}

/** A number with its digits; the tool prints the sign of a negative zero. */
export const fixed = (value: number, digits: number): string =>
  `${Object.is(value, -0) ? "-" : ""}${value.toFixed(digits)}`;

export const rule = (width: number): string => "-".repeat(width);
