import type { Printed } from "./printed.js";
import type { Edge, MinMaxValue, RecordPlace } from "./record-parts.js";

/** A line of report_arrival, report_required or report_slack; the line does not say which, nor of which pin. */
export interface PinTimes extends RecordPlace {
  readonly kind: "pin-times";
  /** null if no clock is concerned. */
  readonly clock: string | null;
  readonly clockEdge: Edge | null;
  /** One for each corner, in the tool's order. */
  readonly rise: readonly MinMaxValue[];
  readonly fall: readonly MinMaxValue[];
}

/** A line of report_slews. */
export interface PinSlews extends RecordPlace {
  readonly kind: "slews";
  readonly pin: string;
  readonly rise: readonly MinMaxValue[];
  readonly fall: readonly MinMaxValue[];
}

/** A row of a pin table. */
export interface PinRow extends RecordPlace {
  readonly kind: "pin-row";
  readonly pin: string;
  /**
   * By the header's column names, those of slacks as 3.x has them (`max_rise_slack` is `slack_max_rise`); null for an
   * empty cell; INF, -INF and other text as words.
   */
  readonly values: Readonly<Record<string, Printed | string | null>>;
}

export type PinValueRecord = PinTimes | PinSlews | PinRow;
