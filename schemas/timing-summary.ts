import { z } from "zod";

/** A figure and where it comes from: the report, and the digits it was printed with. Slacks are in the report's unit. */
const figure = z.strictObject({
  value: z.number(),
  /** The decimal text at the source's own digits, exact. */
  text: z.string(),
  /** Name of the captured file. */
  source: z.string(),
  digits: z.int().min(0),
  /** Whether the tool printed this very figure, or it was added up from its endpoints. */
  how: z.enum(["printed", "computed"]),
});

const groupSummary = z.strictObject({
  group: z.string(),
  wns: z.number(),
  tns: z.number(),
  endpoints: z.int(),
  violations: z.int(),
});

const histogram = z.strictObject({
  /** Left edge of the first bin and width of all bins, in the report's unit. */
  from: z.number(),
  width: z.number(),
  counts: z.array(z.int()).max(64),
  /** Always "computed": no OpenSTA prints a histogram. */
  how: z.literal("computed"),
  source: z.string(),
});

/** One corner and one type of one stage. */
export const timingSummary = z.strictObject({
  corner: z.string().nullable(),
  /** "max" is setup, "min" is hold. */
  type: z.enum(["max", "min"]),
  /** Worst negative slack, as report_wns has it: 0 when nothing is violated. */
  wns: z.number().nullable(),
  tns: z.number().nullable(),
  /** The smallest slack of all, which may be positive. */
  worstSlack: z.number().nullable(),
  /** Counts are null if only figures were captured: nobody knows then. */
  endpoints: z.int().nullable(),
  violations: z.int().nullable(),
  unconstrained: z.int().nullable(),
  /** The file that the endpoints and violations were counted in; null if only figures were captured. */
  source: z.string().nullable(),
  /** The same two figures with their text, source and digits; the second is the tool's rounder print, if captured. */
  wnsFigures: z.array(figure).max(4),
  tnsFigures: z.array(figure).max(4),
  groups: z.array(groupSummary).max(200),
  groupsOmitted: z.int().optional(),
  histogram: histogram.nullable(),
});
export type TimingSummary = z.infer<typeof timingSummary>;
export type TimingFigureSource = z.infer<typeof figure>;
export type SlackHistogram = z.infer<typeof histogram>;
