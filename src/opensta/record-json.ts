import type { Printed, ReportRecord } from "./report-records.js";
import { toNumber } from "./printed-number.js";

/** A record as `ckpt parse` prints it: one line of JSON, numbers as numbers, INF and -INF as words. */
export function recordToJson(record: ReportRecord): string {
  switch (record.kind) {
    case "path":
    case "short-path":
    case "text":
      return JSON.stringify(record);
    case "endpoint":
      return JSON.stringify({
        ...record,
        required: plain(record.required),
        actual: plain(record.actual),
        slack: plain(record.slack),
      });
    case "figure":
      return JSON.stringify({ ...record, value: plain(record.value) });
    default:
      return record satisfies never;
  }
}

function plain(value: Printed | "INF" | "-INF"): number | "INF" | "-INF" {
  return typeof value === "string" ? value : toNumber(value.units, value.digits);
}
