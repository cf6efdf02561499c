import type { TimingPath } from "../opensta/report-records.js";
import { parseReport } from "../opensta/parse-report.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import type { Ledger } from "./ledger.js";
import { filesOf, findStage, openStage } from "./stage-access.js";

export interface PathQuery {
  readonly slackMax?: number | undefined;
  readonly group?: string | undefined;
  /** Launching or capturing clock. */
  readonly clock?: string | undefined;
  readonly type?: string | undefined;
  /** The end pin, or the instance as printed. */
  readonly endpoint?: string | undefined;
  readonly file?: string | undefined;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface PathPage {
  readonly ok: true;
  readonly paths: readonly (TimingPath & { readonly file: string })[];
  /** Hand it back as `cursor` for the next page; null at the end. */
  readonly next: string | null;
}

/** The captured paths of a stage that meet the filter, in the order of the reports; a page at a time. */
export async function findPaths(ledger: Ledger, reference: string, query: PathQuery): Promise<PathPage | Refusal> {
  const found = await findStage(ledger, reference);
  if (!found.ok) return found;
  const files = (await filesOf(ledger, found.row)).filter(
    ({ kind, name }) => kind === "paths" && (query.file === undefined || name === query.file),
  );
  if (files.length === 0)
    return refuse(
      "not-found",
      `${reference} has no report of paths${query.file === undefined ? "" : ` called "${query.file}"`}`,
      `\`ckpt show ${reference}\` lists its files.`,
    );
  const cursor = /^(\d+):(\d+)$/.exec(query.cursor ?? "0:0");
  if (!cursor) return refuse("invalid", `"${query.cursor}" is no cursor`, "Use `next` of the page before.");
  const [fileAt, pathAt] = [Number(cursor[1]), Number(cursor[2])];
  const reader = await openStage(ledger, found.row);
  const paths: (TimingPath & { file: string })[] = [];
  for (const [index, { name }] of files.entries()) {
    if (index < fileAt) continue;
    let ordinal = 0;
    for await (const record of parseReport(reader.stream(name))) {
      if (record.kind !== "path") continue;
      if ((index > fileAt || ordinal >= pathAt) && matches(record, query)) {
        if (paths.length === query.limit) return { ok: true, paths, next: `${index}:${ordinal}` };
        paths.push({ ...record, file: name });
      }
      ordinal++;
    }
  }
  return { ok: true, paths, next: null };
}

function matches(path: TimingPath, { slackMax, group, clock, type, endpoint }: PathQuery): boolean {
  if (slackMax !== undefined && !(typeof path.slack === "number" && path.slack <= slackMax) && path.slack !== "-INF")
    return false;
  if (group !== undefined && path.group !== group) return false;
  if (type !== undefined && path.type !== type) return false;
  if (endpoint !== undefined && path.endpoint !== endpoint && path.points.at(-1)?.pin !== endpoint) return false;
  return (
    clock === undefined ||
    [path.startpointReason, path.endpointReason].some((reason) => clocksIn(reason).includes(clock))
  );
}

/** `rising edge-triggered flip-flop clocked by clk_a'` names clk_a. */
function clocksIn(reason: string | null): string[] {
  const clock = /(?:clocked by|clock source|check against (?:rising|falling)-edge clock) '?(.+?)'*$/.exec(
    reason ?? "",
  )?.[1];
  return clock === undefined ? [] : [clock];
}
