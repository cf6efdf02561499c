import type { LatchBorrow } from "../records/check-rows.js";
import { figureText, numberWidth, type ReportStyle, rule } from "./report-style.js";

const labelWidth = 36;

/** The sums, with a rule above them. */
const ruled: ReadonlySet<string> = new Set(["max time borrow", "time given to startpoint"]);

/** The lines of the block "Time Borrowing Information". */
export function latchBlockText({ rows }: LatchBorrow, style: ReportStyle): string[] {
  const width = numberWidth(style);
  const edge = rule(labelWidth + 1 + width);
  const lines = ["Time Borrowing Information", edge];
  for (const { label, value } of rows) {
    if (ruled.has(label)) lines.push(edge);
    lines.push(`${label.padEnd(labelWidth)} ${figureText(value).padStart(width)}`);
  }
  return [...lines, edge];
}
