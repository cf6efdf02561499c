/** Writes report_checks -format end and summary; their forms are shown in formats/. */
import type { SummaryRow } from "../records/check-rows.js";
import type { EndpointSlack } from "../report-records.js";
import { figureText, numberWidth, type ReportStyle, rule } from "./report-style.js";

const pinWidth = 36;

/**
 * The text of report_checks -format end, a table for each group and path type in the order given.
 * @example [...renderEnd(rows, { version: "3.1.0", digits: 4 })].join("")
 */
export function* renderEnd(rows: Iterable<EndpointSlack>, style: ReportStyle): Generator<string> {
  const width = numberWidth(style);
  const cell = (text: string) => text.padStart(width);
  let last: EndpointSlack | null = null;
  for (const row of rows) {
    if (row.group !== last?.group || row.type !== last.type) {
      if (last) yield "\n";
      yield `${row.type === "max" ? "max_delay/setup" : "min_delay/hold"} group ${row.group}\n\n`;
      const words = [cell("Required"), cell("Actual")];
      yield `${" ".repeat(pinWidth + 1)}${words.join(" ")}\n`;
      yield `${"Endpoint".padEnd(pinWidth)} ${["Delay", "Delay", "Slack"].map(cell).join(" ")}\n`;
      yield `${rule(pinWidth + 3 * width + 3)}\n`;
    }
    const figures = [row.required, row.actual, row.slack].map((figure) => cell(figureText(figure)));
    yield `${`${row.pin} (${row.cell})`.padEnd(pinWidth)} ${figures.join(" ")} (${row.met ? "MET" : "VIOLATED"})\n`;
    last = row;
  }
  if (last) yield "\n";
}

/**
 * The text of report_checks -format summary.
 * @example [...renderSummary(rows, { version: "2.0.17" })].join("")
 */
export function* renderSummary(rows: Iterable<SummaryRow>, style: ReportStyle): Generator<string> {
  const width = numberWidth(style);
  const line = (names: readonly [string, string], figure: string) =>
    `${names.map((name) => name.padEnd(pinWidth)).join(" ")} ${figure.padStart(width)}\n`;
  yield line(["Startpoint", "Endpoint"], "Slack");
  yield `${rule(2 * pinWidth + 1 + width)}\n`;
  if (style.version === "2.0.17") yield "\n";
  for (const row of rows) {
    const { startpoint, startpointCell, endpoint, endpointCell } = row;
    const names = [`${startpoint} (${startpointCell})`, `${endpoint} (${endpointCell})`] as const;
    yield line(names, figureText(row.slack));
  }
  yield "\n";
}
