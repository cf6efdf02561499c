/** What the parsers deliver: one typed object for each record of a report, the moment it ends. */
import type { AnnotationRecord } from "./records/annotation.js";
import type { ClockRecord } from "./records/clocks.js";
import type { DesignCheckRecord } from "./records/design-checks.js";
import type { NetlistRecord } from "./records/netlist.js";
import type { PinValueRecord } from "./records/pin-values.js";
import type { PowerRecord } from "./records/power.js";
import type { SetUpRecord } from "./records/set-up.js";
import type { TimingArcRecord } from "./records/timing-arcs.js";
import type { GroupSlack, LatchBorrow, NoPaths, SummaryRow } from "./records/check-rows.js";
import type { HistogramBin } from "./records/histogram-bin.js";
import type { JsonCheck } from "./records/json-check.js";
import type { PrintedFigure } from "./records/printed.js";
import type { Section, ToolMessage } from "./records/session.js";

export type { Printed, PrintedFigure } from "./records/printed.js";

/** "max" is setup, "min" is hold. */
export type PathType = "max" | "min";

/** One pin row: the columns that were printed, by the header's own names in lower case. */
export interface PathPoint {
  readonly pin: string;
  /** Library cell, or `in` / `out` for a port, as printed between the parentheses. */
  readonly cell: string;
  /** `^` rising, `v` falling. */
  readonly edge: "^" | "v";
  readonly delay?: number;
  readonly time?: number;
  readonly slew?: number;
  readonly cap?: number;
  readonly fanout?: number;
  readonly variation?: number;
  /** The Src Attr column of 3.x. */
  readonly src_attr?: string;
}

/** One row that is not a pin: `clock clk_a (rise edge)`, `library setup time`, `clock uncertainty` … */
export interface PathLabel {
  readonly part: "arrival" | "required";
  readonly label: string;
  readonly delay: number | null;
  readonly time: number | null;
  /** Some rows have these too: the slew of a clock, what 2.0.17 prints beside a net. */
  readonly fanout?: number;
  readonly cap?: number;
  readonly slew?: number;
  readonly variation?: number;
  readonly edge?: "^" | "v";
  /** How many pin rows of its part were printed before it: its place among the points. */
  readonly at: number;
}

/** Where a path begins and ends, as its header lines print it. */
export interface PathEnds {
  /** As printed: an instance or a port, without the reason in parentheses. */
  readonly startpoint: string;
  readonly startpointReason: string | null;
  readonly endpoint: string;
  readonly endpointReason: string | null;
  readonly group: string;
  readonly type: string;
  /** Only if the report names it. */
  readonly corner: string | null;
}

/** A record of report_checks -format short: header lines only. */
export interface ShortPath extends PathEnds {
  readonly kind: "short-path";
  readonly byteOffset: number;
  readonly line: number;
}

/** A whole record of report_checks full, full_clock or full_clock_expanded. */
export interface TimingPath extends PathEnds {
  readonly kind: "path";
  /** What the report says behind the slack, MET or VIOLATED: a slack that prints as zero may be either. null if unconstrained. */
  readonly met: boolean | null;
  /** null if the path is unconstrained. */
  readonly slack: number | "INF" | "-INF" | null;
  readonly arrival: number | "INF" | "-INF" | null;
  readonly required: number | "INF" | "-INF" | null;
  /** Digits printed after the point of the slack (of the arrival if there is none). */
  readonly digits: number;
  readonly points: readonly PathPoint[];
  readonly requiredPoints: readonly PathPoint[];
  readonly labels: readonly PathLabel[];
  /** Where the record begins in the text: bytes from 0, lines from 1. */
  readonly byteOffset: number;
  readonly line: number;
}

/** One row of report_checks -format end. */
export interface EndpointSlack {
  readonly kind: "endpoint";
  /** The end pin (or port) as printed. */
  readonly pin: string;
  readonly cell: string;
  readonly group: string;
  readonly type: PathType;
  readonly required: PrintedFigure;
  readonly actual: PrintedFigure;
  readonly slack: PrintedFigure;
  /** As printed: a slack that prints as 0.00 may be either. */
  readonly met: boolean;
  readonly byteOffset: number;
  readonly line: number;
}

/** A line of report_wns, report_tns or report_worst_slack. */
export interface TimingFigure {
  readonly kind: "figure";
  readonly name: "wns" | "tns" | "worst_slack";
  /** null where the tool (2.0.17) does not say. */
  readonly type: PathType | null;
  readonly value: PrintedFigure;
  readonly byteOffset: number;
  readonly line: number;
}

/** What has no parser of its own: kept whole, told as its span. */
export interface TextSpan {
  readonly kind: "text";
  readonly byteOffset: number;
  readonly line: number;
  readonly text: string;
}

export type ReportRecord =
  | TimingPath
  | ShortPath
  | EndpointSlack
  | TimingFigure
  | DesignCheckRecord
  | ClockRecord
  | PowerRecord
  | AnnotationRecord
  | PinValueRecord
  | TimingArcRecord
  | NetlistRecord
  | SetUpRecord
  | SummaryRow
  | GroupSlack
  | NoPaths
  | LatchBorrow
  | JsonCheck
  | HistogramBin
  | Section
  | TextSpan;

/** Something between or inside records that the user should know; never fatal. */
export interface ReportNote {
  readonly severity: "info" | "warning";
  readonly code:
    "info-line" | "warning-line" | "error-line" | "junk" | "cut-record" | "long-record" | "not-filtered" | "long-line";
  readonly byteOffset: number;
  readonly line: number;
  readonly message: string;
  /** For a cut record: the endpoint, if it was read. */
  readonly endpoint?: string;
  /** For a message of the tool: its parts. */
  readonly tool?: ToolMessage;
}
