/** Decimals as printed: whole units of 10^-digits, so that sums are exact. */

/** The same decimal with more digits (exact), or with fewer: half toward zero. */
export function rescale(units: number, from: number, to: number): number {
  if (to >= from) return units * 10 ** (to - from);
  const divisor = 10 ** (from - to);
  const magnitude = Math.abs(units);
  const whole = Math.floor(magnitude / divisor);
  const rounded = (magnitude - whole * divisor) * 2 > divisor ? whole + 1 : whole;
  return units < 0 ? -rounded || 0 : rounded;
}

/** `-1009.61` from -100961 and 2. */
export function decimalText(units: number, digits: number): string {
  const text = String(Math.abs(units)).padStart(digits + 1, "0");
  const sign = units < 0 ? "-" : "";
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The nearest binary number. */
export function decimalNumber(units: number, digits: number): number {
  return units / 10 ** digits;
}

/** Units of a decimal text such as `-1009.61`, with its digits. */
export function parseDecimal(text: string): { units: number; digits: number } {
  const digits = text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
  return { units: Number(text.replace(".", "")), digits };
}
