import type { PrintedFigure } from "./records/printed.js";

/** Endpoint slacks counted into bins. It is computed here, and no report of the tool's. */
export interface SlackHistogram {
  readonly computed: true;
  readonly bins: readonly SlackBin[];
  /** Slacks of INF or -INF, which are in no bin. */
  readonly unbounded: number;
}

export interface SlackBin {
  readonly from: number;
  readonly to: number;
  /** Whether `to` belongs to the bin: so it is for the last one. */
  readonly closed: boolean;
  readonly count: number;
}

/** What OpenROAD's report_timing_histogram takes if it is not told. */
const binsDefault = 10;

/**
 * Counts slacks into bins of equal width from the least to the greatest, as OpenROAD's report_timing_histogram does.
 * Equal slacks alone make one bin; none make no bin. Slacks are counted as printed, by whole numbers.
 * @param slacks one of each endpoint, in one unit
 * @throws {RangeError} if the number of bins is none
 * @example slackHistogram(rows.map((row) => row.slack), 5).bins
 */
export function slackHistogram(slacks: readonly PrintedFigure[], bins = binsDefault): SlackHistogram {
  if (!Number.isSafeInteger(bins) || bins < 1 || bins > 10_000)
    throw new RangeError(`a histogram has from 1 to 10000 bins, not ${bins}`);
  const digits = slacks.reduce((most, slack) => (typeof slack === "string" ? most : Math.max(most, slack.digits)), 0);
  const unit = 10 ** digits;
  const units = slacks.flatMap((slack) =>
    typeof slack === "string" ? [] : slack.units * 10 ** (digits - slack.digits),
  );
  const unbounded = slacks.length - units.length;
  if (units.length === 0) return { computed: true, bins: [], unbounded };
  const least = units.reduce((one, other) => Math.min(one, other));
  const range = units.reduce((one, other) => Math.max(one, other)) - least;
  const counts = Array.from({ length: range === 0 ? 1 : bins }, () => 0);
  const last = counts.length - 1;
  for (const each of units) counts[range === 0 ? 0 : Math.min(Math.floor(((each - least) * bins) / range), last)]!++;
  const edge = (at: number) => (least + (range * at) / counts.length) / unit;
  return {
    computed: true,
    bins: counts.map((count, at) => ({ from: edge(at), to: edge(at + 1), closed: at === last, count })),
    unbounded,
  };
}
