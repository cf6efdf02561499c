/**
 * report_power -format json (3.1.0), a line a member:
 *
 *     {
 *       "Sequential": {
 *         "internal": 4.35e-02,
 *         "switching": 1.27e-02,
 *         "leakage": 1.41e-07,
 *         "total": 5.62e-02
 *       },
 *
 * and with -instances, a list of objects:
 *
 *     {
 *       "name": "u_div_ff",
 *       "internal": 4.35e-02,
 */
import { parseFigure } from "../figure-text.js";
import type { Line } from "../line.js";
import type { PowerRow } from "../records/power.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";
import { instanceName } from "./power-table.js";

export const powerJson: ReportFormat = {
  name: "power-json",
  initials: "{",
  open: (line, emit) => (/^\{\s*$/.test(line.beginning) ? new PowerJsonReader(emit) : null),
};

const group = /^ {2}"(Sequential|Combinational|Clock|Macro|Pad|Total)": \{\s*$/;
/** Quotes within a name are not escaped by the tool. */
const instance = /^ {2}"name": "(.*)",\s*$/;
const member = /^ +"(internal|switching|leakage|total)": (\S+?),?\s*$/;

type Figures = Partial<Record<"internal" | "switching" | "leakage" | "total", PrintedFigure | null>>;

class PowerJsonReader implements SectionReader {
  /** A brace alone begins any JSON. */
  readonly tentative = true;
  #row: (Pick<PowerRow, "scope" | "name" | "byteOffset" | "line"> & { readonly figures: Figures }) | null = null;

  constructor(private readonly emit: Emit) {}

  take(line: Line): LineVerdict {
    if (line.isBlank) return "foreign";
    const { text } = line;
    const named = group.exec(text) ?? instance.exec(text);
    if (named) {
      const scope = text.endsWith("{") ? "group" : "instance";
      this.#row = { scope, name: instanceName(named[1]!), ...line.place, figures: {} };
      return "taken";
    }
    const value = this.#row && member.exec(text);
    if (value) {
      this.#row!.figures[value[1] as keyof Figures] = parseFigure(value[2]!);
      if (value[1] === "total") this.#tell();
      return "taken";
    }
    return this.#row === null && /^[[\]{},\s]*$/.test(text) ? "taken" : "foreign";
  }

  #tell(): void {
    const { figures, ...row } = this.#row!;
    const { internal = null, switching = null, leakage = null, total = null } = figures;
    this.emit({ kind: "power", ...row, internal, switching, leakage, total, share: null });
    this.#row = null;
  }
}
