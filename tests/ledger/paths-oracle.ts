/** Paths found by parsing the whole text into objects and looking at each: slow, and plain to see. */
import type { PathQuery } from "../../src/ledger/paths.js";
import { parseReport } from "../../src/opensta/parse-report.js";
import type { TimingPath } from "../../src/opensta/report-records.js";

export type FoundPath = TimingPath & { readonly file: string };

/** All paths of the files that hold any, in their order, with their cursors. */
export async function pathsIn(files: ReadonlyMap<string, Uint8Array>): Promise<{ path: FoundPath; cursor: string }[]> {
  const all: { path: FoundPath; cursor: string }[] = [];
  let index = 0;
  for (const [file, bytes] of files) {
    let ordinal = 0;
    for await (const record of parseReport(one(bytes)))
      if (record.kind === "path") all.push({ path: { ...record, file }, cursor: `${index}:${ordinal++}` });
    index++;
  }
  return all;
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export function isWanted(path: FoundPath, query: Omit<PathQuery, "limit">): boolean {
  const { slackMax, slackMin, group, clock, type, corner, endpoint, file } = query;
  if (file !== undefined && path.file !== file) return false;
  if (slackMax !== undefined && !(typeof path.slack === "number" && path.slack <= slackMax) && path.slack !== "-INF")
    return false;
  if (slackMin !== undefined && !(typeof path.slack === "number" && path.slack >= slackMin) && path.slack !== "INF")
    return false;
  if (group !== undefined && path.group !== group) return false;
  if (type !== undefined && path.type !== type) return false;
  if (corner !== undefined && path.corner !== corner) return false;
  if (endpoint !== undefined && path.endpoint !== endpoint && path.points.at(-1)?.pin !== endpoint) return false;
  return (
    clock === undefined ||
    [path.startpointReason, path.endpointReason].some((reason) => clocksIn(reason).includes(clock))
  );
}

/** `rising edge-triggered flip-flop clocked by clk_a'` names clk_a. */
export function clocksIn(reason: string | null): string[] {
  const clock = /(?:clocked by|clock source|check against (?:rising|falling)-edge clock) '?(.+?)'*$/.exec(
    reason ?? "",
  )?.[1];
  return clock === undefined ? [] : [clock];
}
