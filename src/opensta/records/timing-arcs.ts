import type { PrintedFigure } from "./printed.js";
import type { Edge, MinMaxValue, RecordPlace } from "./record-parts.js";

/** An arc of report_edges. */
export interface TimingArc extends RecordPlace {
  readonly kind: "timing-arc";
  /** Ports of one cell, or the pins of a wire. */
  readonly from: string;
  readonly to: string;
  /** `combinational`, `Reg Clk to Q`, `setup`, `wire`, … */
  readonly role: string;
  readonly fromEdge: Edge;
  readonly toEdge: Edge;
  /** One for each corner. */
  readonly delays: readonly MinMaxValue[];
  readonly condition: string | null;
  /** Why the edge, or some arc of it, is disabled: `constant, timing_enable_preset_clear_arcs`. */
  readonly disabledBy: string | null;
  /** Whether this arc is marked so. */
  readonly disabled: boolean;
}

/** A line of report_disabled_edges. */
export interface DisabledEdge extends RecordPlace {
  readonly kind: "disabled-edge";
  /** null for a wire: its ends are pins then. */
  readonly instance: string | null;
  readonly from: string;
  readonly to: string;
  readonly when: string | null;
  /** `constant S=1, timing_enable_preset_clear_arcs` */
  readonly reason: string;
}

/** A variable of a table, and where in it the look-up stands. */
export interface LookupAxis {
  readonly variable: string;
  readonly value: PrintedFigure;
  /** What follows the value in parentheses: `ideal clock`. */
  readonly remark: string | null;
}

/** One look-up of report_dcalc: a delay, a slew or a check of an arc. */
export interface DelayCalculation extends RecordPlace {
  readonly kind: "delay-calculation";
  readonly library: string;
  readonly cell: string;
  /** Not of checks in 3.1.0. */
  readonly sense: string | null;
  readonly type: string;
  readonly from: string;
  readonly fromEdge: Edge;
  readonly to: string;
  readonly toEdge: Edge;
  readonly process: PrintedFigure | null;
  readonly voltage: PrintedFigure | null;
  readonly temperature: PrintedFigure | null;
  readonly axes: readonly LookupAxis[];
  /** The printed part of the table: its columns' index, and each row's index (null in a table of one axis) and values. */
  readonly columns: readonly PrintedFigure[];
  readonly rows: readonly { readonly index: PrintedFigure | null; readonly values: readonly PrintedFigure[] }[];
  readonly tableValue: PrintedFigure | null;
  readonly scaleFactor: PrintedFigure | null;
  readonly quantity: "delay" | "slew" | "check";
  readonly value: PrintedFigure;
  /** Only 3.1.0, of slews. */
  readonly driverWaveformSlew: PrintedFigure | null;
}

export type TimingArcRecord = TimingArc | DisabledEdge | DelayCalculation;
