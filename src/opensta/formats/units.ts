/**
 * report_units (3.1.0):
 *
 *      time 1ns
 *      capacitance 1pF
 */
import { parseFigure } from "../figure-text.js";
import type { Line } from "../line.js";
import type { Emit, ReportFormat, SectionReader } from "../report-format.js";

export const units: ReportFormat = {
  name: "units",
  initials: " ",
  open: (line, emit) => (line.startsWith(" time ") && takesUnit(line, emit, []) ? new UnitsReader(emit) : null),
};

const quantities = new Set(["time", "capacitance", "resistance", "voltage", "current", "power", "distance"]);

class UnitsReader implements SectionReader {
  readonly #seen = ["time"];

  constructor(private readonly emit: Emit) {}

  take(line: Line) {
    return takesUnit(line, this.emit, this.#seen) ? "taken" : "foreign";
  }
}

/** Each quantity comes once. */
function takesUnit(line: Line, emit: Emit, seen: string[]): boolean {
  if (line.first !== 32 || line.to - line.from > 40) return false;
  const cells = /^ (\w+) (\d+(?:\.\d+)?(?:e[-+]?\d+)?)([A-Za-z]+)\s*$/.exec(line.text);
  const scale = cells && parseFigure(cells[2]!);
  if (!cells || !scale || typeof scale === "string") return false;
  const quantity = cells[1]!;
  if (!quantities.has(quantity) || seen.includes(quantity)) return false;
  seen.push(quantity);
  emit({ kind: "unit", quantity, scale, unit: cells[3]!, ...line.place });
  return true;
}
