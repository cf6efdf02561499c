/**
 * report_dcalc: a look-up of a delay, a slew or a check for each arc. Checks of 3.1.0 name no sense:
 *
 *     Library: osu018_typ
 *     Cell: AND2X2
 *     Arc sense: positive_unate
 *     Arc type: combinational
 *     B ^ -> Y ^
 *     P = 1.00 V = 1.80 T = 25.00
 *     ------- total_output_net_capacitance = 0.45
 *     |       input_net_transition = 0.04
 *     |        0.06     0.18
 *     v      --------------------
 *     0.15 | 0.21     0.22
 *     0.30 | 0.34     0.35
 *     Table value = 0.46
 *     PVT scale factor = 1.00
 *     Slew = 0.56
 *     Driver waveform slew = 0.56
 */
import { parseFigures } from "../figure-text.js";
import type { Line } from "../line.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Edge } from "../records/record-parts.js";
import type { DelayCalculation } from "../records/timing-arcs.js";
import type { Emit, LineVerdict, ReportFormat, SectionReader } from "../report-format.js";

export const delayCalculations: ReportFormat = {
  name: "delay-calculations",
  initials: "L",
  open(line, emit) {
    const library = line.startsWith("Library: ") ? line.after(9) : "";
    return library === "" ? null : new DelayCalculationReader(library, emit);
  },
};

type Draft = { -readonly [Name in keyof DelayCalculation]: DelayCalculation[Name] };
type Arc = Pick<Draft, "library" | "cell" | "sense" | "type" | "from" | "fromEdge" | "to" | "toEdge">;
type Corner = Pick<Draft, "process" | "voltage" | "temperature">;
type Table = Pick<Draft, "axes" | "tableValue" | "scaleFactor"> & {
  columns: PrintedFigure[];
  rows: { index: PrintedFigure | null; values: PrintedFigure[] }[];
};

const noTable = (): Table => ({ axes: [], columns: [], rows: [], tableValue: null, scaleFactor: null });
const noCorner: Corner = { process: null, voltage: null, temperature: null };
const noArc = (library: string): Arc => ({
  library,
  cell: "",
  sense: null,
  type: "",
  from: "",
  fromEdge: "^",
  to: "",
  toEdge: "^",
});

/** Rows of a table that are kept: the tool prints the four values around the look-up. */
const rowsMax = 64;

class DelayCalculationReader implements SectionReader {
  readonly tentative = true;
  #arc: Arc;
  #corner = noCorner;
  #table = noTable();
  #place: { readonly byteOffset: number; readonly line: number } | null = null;
  /** A slew, until the next line says whether the driver's waveform follows. */
  #slew: DelayCalculation | null = null;

  constructor(
    library: string,
    private readonly emit: Emit,
  ) {
    this.#arc = noArc(library);
  }

  take(line: Line): LineVerdict {
    if (line.isBlank) {
      this.finish();
      return this.#arc.cell === "" ? "foreign" : "taken";
    }
    const { text } = line;
    const driver = /^Driver waveform slew = (\S+)\s*$/.exec(text);
    const [figure] = (driver && parseFigures([driver[1]])) ?? [];
    if (figure && this.#slew) this.#slew = { ...this.#slew, driverWaveformSlew: figure };
    if (driver) this.finish();
    if (driver || /^\.{10,}\s*$/.test(text)) return "taken";
    const slew = this.#slew;
    const known = this.#heading(text) || this.#inTable(text) || this.#result(text);
    if (!known) return "foreign";
    if (slew === this.#slew) this.finish();
    this.#place ??= line.place;
    return "taken";
  }

  finish(): void {
    if (this.#slew) this.emit(this.#slew);
    this.#slew = null;
  }

  #heading(text: string): boolean {
    const said = /^(Library|Cell|Arc sense|Arc type): (\S.*?)\s*$/.exec(text);
    if (said) {
      const value = said[2]!;
      if (said[1] === "Library") this.#arc = noArc(value);
      else if (said[1] === "Cell") this.#arc.cell = value;
      else if (said[1] === "Arc sense") this.#arc.sense = value;
      else this.#arc.type = value;
      this.#restart();
      return true;
    }
    const ends = /^(\S+) ([\^v]) -> (\S+) ([\^v])\s*$/.exec(text);
    if (ends) {
      const [from, fromEdge, to, toEdge] = ends.slice(1) as [string, Edge, string, Edge];
      this.#restart();
      this.#arc = { ...this.#arc, from, fromEdge, to, toEdge };
      return true;
    }
    const corner = parseFigures((/^P = (\S+) V = (\S+) T = (\S+)\s*$/.exec(text) ?? []).slice(1));
    if (!corner || corner.length < 3) return false;
    const [process, voltage, temperature] = corner as [PrintedFigure, PrintedFigure, PrintedFigure];
    this.#corner = { process, voltage, temperature };
    return true;
  }

  #inTable(text: string): boolean {
    const axis = /^(?:-+|\|)? *(\w+) = (\S+)(?: \((.*)\))?\s*$/.exec(text);
    const [value] = (axis && parseFigures([axis[2]])) ?? [];
    const variable = axis?.[1];
    if (variable !== undefined && value && !/^(?:Delay|Slew|Check)$/.test(variable)) {
      this.#table.axes = [...this.#table.axes, { variable, value, remark: axis![3] ?? null }].slice(0, 3);
      return true;
    }
    if (/^v? *-+\s*$|^Table is indexed by\s*$/.test(text)) return true;
    const row = /^(?:(\S+) )?\| +(\S.*?)\s*$/.exec(text) ?? /^()( *-?\d.*?)\s*$/.exec(text);
    const values = row && parseFigures(row[2]!.trim().split(/ +/));
    const index = row?.[1] ? parseFigures([row[1]]) : null;
    if (!values || (row[1] && !index) || this.#table.rows.length >= rowsMax) return false;
    if (!index && this.#table.columns.length === 0) this.#table.columns = values;
    else this.#table.rows.push({ index: index?.[0] ?? null, values });
    return true;
  }

  #result(text: string): boolean {
    const said = /^(Table value(?: constant)?|PVT scale factor|Delay|Slew|Check) = (\S+)\s*$/.exec(text);
    const [value] = (said && parseFigures([said[2]])) ?? [];
    if (!value) return false;
    const name = said![1]!;
    if (name.startsWith("Table value")) this.#table.tableValue = value;
    else if (name === "PVT scale factor") this.#table.scaleFactor = value;
    else this.#tell(name.toLowerCase() as DelayCalculation["quantity"], value);
    return true;
  }

  #tell(quantity: DelayCalculation["quantity"], value: PrintedFigure): void {
    const place = this.#place;
    if (!place || this.#arc.from === "") return;
    const found = { ...this.#arc, ...this.#corner, ...this.#table, quantity, value, driverWaveformSlew: null };
    const record: DelayCalculation = { kind: "delay-calculation", ...found, ...place };
    if (quantity === "slew") this.#slew = record;
    else this.emit(record);
    this.#table = noTable();
    this.#place = null;
  }

  #restart(): void {
    this.#corner = noCorner;
    this.#table = noTable();
    this.#place = null;
  }
}
