import type { Printed, PrintedFigure } from "./printed.js";
import type { Edge, RecordPlace } from "./record-parts.js";

/** A pin against its limit of slew, capacitance or fanout: report_check_types, short or -verbose. */
export interface LimitCheck extends RecordPlace {
  readonly kind: "limit-check";
  /** "slew" is also what 2.0.17 calls transition. */
  readonly quantity: "slew" | "capacitance" | "fanout";
  readonly type: "max" | "min";
  readonly pin: string;
  /** Only -verbose names it. */
  readonly edge: Edge | null;
  readonly corner: string | null;
  readonly limit: PrintedFigure;
  readonly actual: PrintedFigure;
  /** Blank for fanout in 3.1.0. */
  readonly slack: PrintedFigure | null;
  readonly violated: boolean;
}

/** One end of a pulse, as -verbose prints it. */
export interface PulseEdge {
  readonly clock: string;
  readonly edge: "rise" | "fall";
  readonly time: PrintedFigure;
  readonly networkDelay: PrintedFigure | null;
  readonly propagated: boolean;
  readonly arrival: PrintedFigure | null;
}

/** A pulse against the least width that its pin needs: report_check_types, report_pulse_width_checks. */
export interface PulseWidthCheck extends RecordPlace {
  readonly kind: "pulse-width";
  readonly pin: string;
  readonly level: "high" | "low";
  readonly required: PrintedFigure;
  readonly actual: PrintedFigure;
  readonly slack: PrintedFigure;
  readonly violated: boolean;
  /** What follows only -verbose prints. */
  readonly open: PulseEdge | null;
  readonly close: PulseEdge | null;
  readonly crpr: PrintedFigure | null;
}

/** A clock's period against the least one that its pin needs. */
export interface MinPeriodCheck extends RecordPlace {
  readonly kind: "min-period";
  readonly pin: string;
  readonly period: PrintedFigure;
  readonly minPeriod: PrintedFigure;
  readonly slack: PrintedFigure;
  readonly violated: boolean;
}

/** The skew between two clock pins of a cell against the most that it bears. */
export interface MaxSkewCheck extends RecordPlace {
  readonly kind: "max-skew";
  readonly pin: string;
  /** Only -verbose names the reference pin, and only the short form the edges. */
  readonly reference: string | null;
  readonly referenceEdge: Edge | null;
  readonly edge: Edge | null;
  readonly referenceArrival: PrintedFigure | null;
  readonly arrival: PrintedFigure | null;
  readonly required: PrintedFigure;
  readonly actual: PrintedFigure;
  readonly slack: PrintedFigure;
  readonly violated: boolean;
}

/** A row of a path that stands alone: report_path, the clock paths of a -verbose max skew check. */
export interface PathRow extends RecordPlace {
  readonly kind: "path-row";
  /** The line of its table's header: rows with the same one belong together. */
  readonly table: number;
  /** A pin's name, or what the row says: `clock network delay (ideal)`. */
  readonly description: string;
  /** The library cell of a pin, `in` or `out` of a port; null if the row is no pin. */
  readonly cell: string | null;
  readonly edge: Edge | null;
  readonly fanout: Printed | null;
  readonly cap: PrintedFigure | null;
  readonly slew: PrintedFigure | null;
  readonly delay: PrintedFigure | null;
  readonly variation: PrintedFigure | null;
  readonly time: PrintedFigure | null;
}

export type DesignCheckRecord = LimitCheck | PulseWidthCheck | MinPeriodCheck | MaxSkewCheck | PathRow;
