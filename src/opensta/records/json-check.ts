import type { PrintedFigure } from "./printed.js";

/** One check of report_checks -format json. Times and capacitances are in the units asked for, exact to the printed digit. */
export interface JsonCheck {
  readonly kind: "check";
  /** `check`, `output_delay`, `gated_clk`, `latch_check`, `path_delay`, `unconstrained` … */
  readonly type: string;
  readonly group: string;
  /** "max" is setup, "min" is hold. */
  readonly pathType: string;
  /** Pins (or ports), unlike the instances of the full formats. */
  readonly startpoint: string;
  readonly endpoint: string;
  readonly sourceClock: string | null;
  readonly sourceClockEdge: string | null;
  readonly sourceClockPath: readonly JsonPoint[];
  readonly sourcePath: readonly JsonPoint[];
  readonly targetClock: string | null;
  readonly targetClockEdge: string | null;
  readonly targetClockPath: readonly JsonPoint[];
  /** This and what follows is null where it is not printed, as for an unconstrained path. */
  readonly arrival: PrintedFigure | null;
  readonly crpr: PrintedFigure | null;
  readonly margin: PrintedFigure | null;
  readonly multiCyclePath: number | null;
  readonly pathMargin: PrintedFigure | null;
  readonly pathDelay: PrintedFigure | null;
  readonly required: PrintedFigure | null;
  readonly slack: PrintedFigure | null;
  readonly byteOffset: number;
  readonly line: number;
}

/** One pin of a check's paths. */
export interface JsonPoint {
  readonly pin: string;
  /** null for a port. */
  readonly instance: string | null;
  readonly cell: string;
  readonly net: string | null;
  readonly hierPins: readonly string[];
  /** The Verilog source attribute. */
  readonly source: string | null;
  readonly arrival: PrintedFigure | null;
  readonly slew: PrintedFigure | null;
  /** Only of driving pins. */
  readonly capacitance: PrintedFigure | null;
}
