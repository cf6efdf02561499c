import { InvalidArgumentError } from "commander";

/** Readers of option values for commander: each answers the value or says what it has to be. */

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** The number of an event: they count from 1. */
export const eventNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** After which event: 0 is before the first. */
export const afterEvent = wholeNumber(0, Number.MAX_SAFE_INTEGER);

export function decimalNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It is a number.");
  return value;
}

/** How long something may take. */
export function duration(text: string): number {
  const value = decimalNumber(text);
  if (value <= 0) throw new InvalidArgumentError("It is a number of seconds above 0.");
  return value;
}

export function pathType(text: string): "max" | "min" {
  if (text !== "max" && text !== "min") throw new InvalidArgumentError("It is max (setup) or min (hold).");
  return text;
}

/** A command key. */
export function uuid(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new InvalidArgumentError("It is a UUID.");
  return text.toLowerCase();
}

/** A tree head, as capture, log and verify print it. */
export function treeHead(text: string): string {
  if (!/^\d+-[0-9a-f]{64}$/.test(text))
    throw new InvalidArgumentError("It is a size and 64 hexadecimal digits, as `ckpt verify` prints it: 41-9f2c….");
  return text;
}

export function timeUnit(text: string): string {
  if (!/^\d*\.?\d*(fs|ps|ns|us|ms|s)$/.test(text)) throw new InvalidArgumentError("It is a time such as 1ns or 10ps.");
  return text;
}

export function notEmpty(text: string): string {
  if (text === "") throw new InvalidArgumentError("It is empty.");
  return text;
}
