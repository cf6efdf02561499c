import type { PrintedFigure } from "./printed.js";
import type { RecordPlace } from "./record-parts.js";

/** A row of report_power, text or JSON; null where the tool prints NaN. */
export interface PowerRow extends RecordPlace {
  readonly kind: "power";
  readonly scope: "group" | "instance";
  /** A group (`Sequential`, …, `Total`), or an instance. */
  readonly name: string;
  /** In watts. */
  readonly internal: PrintedFigure | null;
  readonly switching: PrintedFigure | null;
  readonly leakage: PrintedFigure | null;
  readonly total: PrintedFigure | null;
  /** Per cent of the design's power; only in the text table of groups. */
  readonly share: PrintedFigure | null;
}

/** The last line of report_power's table: per cent of the total. */
export interface PowerShares extends RecordPlace {
  readonly kind: "power-shares";
  readonly internal: PrintedFigure;
  readonly switching: PrintedFigure;
  readonly leakage: PrintedFigure;
}

export type PowerRecord = PowerRow | PowerShares;
