import type { PrintedFigure } from "./printed.js";

/** One row of report_checks -format summary. */
export interface SummaryRow {
  readonly kind: "summary";
  /** Pins (or ports) as printed. */
  readonly startpoint: string;
  /** As printed; the tool prints the endpoint's cell for some startpoints. */
  readonly startpointCell: string;
  readonly endpoint: string;
  readonly endpointCell: string;
  /** The Slack column. The tool prints the arrival there if the path is unconstrained, and the row does not say so. */
  readonly slack: PrintedFigure;
  readonly byteOffset: number;
  readonly line: number;
}

/** One row of report_checks -format slack_only: neither endpoint nor setup/hold is printed. */
export interface GroupSlack {
  readonly kind: "group-slack";
  readonly group: string;
  readonly slack: PrintedFigure;
  readonly byteOffset: number;
  readonly line: number;
}

/** `No paths found.`, or the empty `checks` of -format json: nothing answered the query. */
export interface NoPaths {
  readonly kind: "no-paths";
  readonly byteOffset: number;
  readonly line: number;
}

/** The block "Time Borrowing Information": it belongs to the path before it. */
export interface LatchBorrow {
  readonly kind: "latch-borrow";
  /** Every row, in the order printed. */
  readonly rows: readonly LatchBorrowRow[];
  /** `max time borrow`, or the user's limit if `userLimit`. */
  readonly maxTimeBorrow: PrintedFigure | null;
  readonly userLimit: boolean;
  readonly actualTimeBorrow: PrintedFigure | null;
  readonly byteOffset: number;
  readonly line: number;
}

export interface LatchBorrowRow {
  readonly label: string;
  readonly value: PrintedFigure;
}
