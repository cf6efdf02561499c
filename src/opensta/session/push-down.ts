import type { PathFilter } from "../filter/path-filter.js";
import type { ReportChecksQuery } from "./report-checks-command.js";

/** Digits that the tool prints unless told otherwise. */
const digitsDefault = 2;

/**
 * A query that asks the tool for no more than a filter lets through, as far as the tool's own options say the same: what
 * the filter wants is always among what the query gives, and the filter still has the last word. What the query itself
 * says stays. Patterns are left to the filter: the tool's do not cross hierarchy as these do.
 * @example pushDown({ slackMax: 0, groups: ["clk"] }, { endpoints: 100 }) // { endpoints: 100, slackThreshold: 0.01, group: ["clk"] }
 */
export function pushDown(filter: PathFilter, query: ReportChecksQuery): ReportChecksQuery {
  const { slackMax, type, groups, corners, startpoints, endpoints, throughs } = filter;
  const { digits = digitsDefault } = query;
  const corner = plain(corners);
  const through = plain(throughs);
  const wanted: ReportChecksQuery = {
    // The tool leaves out what equals its bound, and compares before it rounds.
    ...(slackMax === undefined ? {} : { slackThreshold: Number((slackMax + 10 ** -digits).toFixed(digits)) }),
    ...(type === undefined ? {} : { pathDelay: type }),
    ...named("group", plain(groups)),
    ...named("from", plain(startpoints)),
    ...named("to", plain(endpoints)),
    ...(corner?.length === 1 ? { corner: corner[0]! } : {}),
    ...(through ? { through: [...(query.through ?? []), through] } : {}),
  };
  const { through: both, ...rest } = wanted;
  return { ...rest, ...query, ...(both ? { through: both } : {}) };
}

function named<Key extends string>(key: Key, names: readonly string[] | null): { [K in Key]?: readonly string[] } {
  return names ? ({ [key]: names } as { [K in Key]: readonly string[] }) : {};
}

/** Names that are names and no patterns; null if one is not, or none is given. */
function plain(names: readonly string[] | undefined): readonly string[] | null {
  return names && names.length > 0 && names.every((name) => !/[*?\\]/.test(name)) ? names : null;
}
