import type { ReportRecord } from "../report-records.js";
import type { PrintedFigure } from "../records/printed.js";
import { toNumber } from "../printed-number.js";
import { matchesAny } from "./glob.js";
import { instanceOf, type PathFilter } from "./path-filter.js";

/** What is asked of a record that is no path: whether it is wanted, and which parts of the filter it cannot answer. */
export interface RecordVerdict {
  readonly wanted: boolean;
  readonly unanswered: readonly (keyof PathFilter)[];
}

/** Kinds of rows about paths, endpoints and checks; others have nothing that a filter could ask about. */
const asked: ReadonlySet<ReportRecord["kind"]> = new Set([
  "endpoint",
  "summary",
  "group-slack",
  "short-path",
  "check",
  "limit-check",
  "pulse-width",
  "min-period",
  "max-skew",
]);

/** Applies a filter to a record that is no path, as far as the record's fields go; what it has no field for holds. */
export function judgeRecord(filter: PathFilter, record: ReportRecord): RecordVerdict {
  if (!asked.has(record.kind)) return { wanted: true, unanswered: [] };
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  const unanswered: (keyof PathFilter)[] = [];
  let wanted = true;
  const ask = (part: keyof PathFilter, answer: boolean | null) => {
    if (filter[part] === undefined) return;
    if (answer === null) unanswered.push(part);
    else wanted &&= answer;
  };
  const slack = slackOf(fields["slack"]);
  ask("slackMax", slack === undefined ? null : slack <= (filter.slackMax ?? Infinity));
  ask("slackMin", slack === undefined ? null : slack >= (filter.slackMin ?? -Infinity));
  const type = fields["pathType"] ?? fields["type"];
  ask("type", type === "max" || type === "min" ? type === filter.type : null);
  const named = (
    part: "groups" | "corners" | "startpoints" | "endpoints" | "launchClocks" | "captureClocks",
    name: unknown,
  ) =>
    ask(
      part,
      typeof name === "string"
        ? matchesAny(filter[part] ?? [], name) ||
            (part.endsWith("points") && matchesAny(filter[part] ?? [], instanceOf(name)))
        : null,
    );
  named("groups", fields["group"]);
  named("corners", fields["corner"]);
  named("startpoints", fields["startpoint"]);
  named("endpoints", fields["endpoint"] ?? fields["pin"]);
  named("launchClocks", fields["sourceClock"]);
  named("captureClocks", fields["targetClock"]);
  ask("throughs", null);
  ask("region", null);
  return { wanted, unanswered };
}

/** undefined: the record has no such field. Blank and unconstrained are the best there is. */
function slackOf(slack: unknown): number | undefined {
  if (slack === undefined) return undefined;
  if (slack === null || slack === "INF") return Infinity;
  if (slack === "-INF") return -Infinity;
  const { units, digits } = slack as Exclude<PrintedFigure, string>;
  return toNumber(units, digits);
}
