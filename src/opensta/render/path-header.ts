import type { PathEnds, ShortPath } from "../report-records.js";
import type { ReportStyle } from "./report-style.js";

export interface HeaderStyle extends ReportStyle {
  /** false for -no_line_splits. */
  readonly splitLines?: boolean;
}

const lineMax = 80;

/** The lines from `Startpoint:` to `Path Type:` or `Corner:`. */
export function headerText(ends: PathEnds, { splitLines = true }: HeaderStyle): string[] {
  return [
    ...end("Startpoint: ", ends.startpoint, ends.startpointReason, splitLines),
    ...end("Endpoint: ", ends.endpoint, ends.endpointReason, splitLines),
    `Path Group: ${ends.group}`,
    `Path Type: ${ends.type}`,
    ...(ends.corner === null ? [] : [`Corner: ${ends.corner}`]),
  ];
}

/**
 * The text of one record of report_checks -format short, which is its header alone, with the blank lines below it.
 * @example renderShort(record, { version: "2.0.17" })
 */
export function renderShort(record: ShortPath, style: HeaderStyle): string {
  return `${headerText(record, style).join("\n")}\n\n\n`;
}

function end(key: string, name: string, reason: string | null, splitLines: boolean): string[] {
  if (reason === null) return [`${key}${name}`];
  const whole = `${key}${name} (${reason})`;
  return splitLines && whole.length > lineMax ? [`${key}${name}`, `${" ".repeat(key.length)}(${reason})`] : [whole];
}
