import type { Printed } from "./printed.js";

/** One line of OpenROAD's report_timing_histogram. */
export interface HistogramBin {
  readonly kind: "histogram-bin";
  readonly from: Printed;
  readonly to: Printed;
  /** Whether `to` belongs to the bin: so it is for the last one. */
  readonly closed: boolean;
  readonly count: number;
  readonly byteOffset: number;
  readonly line: number;
}
