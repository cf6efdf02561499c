import { toNumber } from "./printed-number.js";
import type { Printed } from "./records/printed.js";
import type { ReportRecord } from "./report-records.js";

/** A record as `ckpt parse` prints it: one line of JSON, numbers as numbers, INF and -INF as words. */
export function recordToJson(record: ReportRecord): string {
  // Paths hold plain numbers already, and there may be millions of them.
  return record.kind === "path" ? JSON.stringify(record) : JSON.stringify(record, plain);
}

function plain(_: string, value: unknown): unknown {
  return isPrinted(value) ? numberOf(value) : value;
}

/** Beyond 22 digits a power of ten is no exact binary number; the text still names the nearest one. */
function numberOf({ units, digits }: Printed): number {
  return digits <= 22 ? toNumber(units, digits) : Number(`${units}e-${digits}`);
}

function isPrinted(value: unknown): value is Printed {
  if (typeof value !== "object" || value === null || !("units" in value) || !("digits" in value)) return false;
  return typeof value.units === "number" && typeof value.digits === "number";
}
