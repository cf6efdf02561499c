import type { PrintedFigure } from "./printed.js";
import type { Edge, RecordPlace } from "./record-parts.js";

/** A row of report_clock_properties. */
export interface ClockProperties extends RecordPlace {
  readonly kind: "clock";
  readonly name: string;
  readonly period: PrintedFigure;
  /** Times of the edges, the first of them rising; empty if the clock has no waveform. */
  readonly waveform: readonly PrintedFigure[];
  readonly generated: boolean;
}

/** One end of a clock's worst skew; the latency is positive in both versions (3.1.0 prints the target's negated). */
export interface SkewEnd {
  readonly pin: string;
  readonly edge: Edge;
  readonly latency: PrintedFigure;
  /** Only 3.1.0, with -include_internal_latency. */
  readonly internalLatency: PrintedFigure | null;
}

/** A clock of report_clock_skew; without launch and capture paths all but its name is null. */
export interface ClockSkew extends RecordPlace {
  readonly kind: "clock-skew";
  readonly clock: string;
  /** null where the tool (2.0.17) does not say. */
  readonly type: "setup" | "hold" | null;
  readonly source: SkewEnd | null;
  readonly target: SkewEnd | null;
  /** Only 3.1.0, and only if there is one. */
  readonly uncertainty: PrintedFigure | null;
  readonly crpr: PrintedFigure | null;
  readonly skew: PrintedFigure | null;
}

/** The shortest or the longest way of an edge through a clock's network. */
export interface LatencyEnd {
  readonly source: PrintedFigure;
  readonly network: PrintedFigure | null;
  readonly pin: string | null;
  readonly internal: PrintedFigure | null;
  readonly total: PrintedFigure;
}

/** One block of report_clock_latency (3.1.0): a clock's edge and the edge that it arrives as. */
export interface ClockLatency extends RecordPlace {
  readonly kind: "clock-latency";
  readonly clock: string;
  readonly from: "rise" | "fall";
  readonly to: "rise" | "fall";
  readonly min: LatencyEnd;
  readonly max: LatencyEnd;
  readonly skew: PrintedFigure;
}

/** A line of report_clock_min_period (3.1.0). */
export interface ClockMinPeriod extends RecordPlace {
  readonly kind: "clock-min-period";
  readonly clock: string;
  readonly minPeriod: PrintedFigure;
  /** In MHz; INF for a clock without paths. */
  readonly maxFrequency: PrintedFigure;
}

export type ClockRecord = ClockProperties | ClockSkew | ClockLatency | ClockMinPeriod;
