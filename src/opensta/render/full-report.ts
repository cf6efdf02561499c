/** Writes report_checks -format full, full_clock and full_clock_expanded; their form is shown in report-scanner.ts. */
import { valueColumns } from "../path-arrays.js";
import type { LatchBorrow } from "../records/check-rows.js";
import type { PathLabel, PathPoint, TimingPath } from "../report-records.js";
import { latchBlockText } from "./latch-block.js";
import { headerText, type HeaderStyle } from "./path-header.js";
import { digitsOf, fixed, numberWidth, rule } from "./report-style.js";

type ValueColumn = (typeof valueColumns)[number];

/** The style of a full report. */
export interface FullStyle extends HeaderStyle {
  /** The columns of -fields that the records alone may not tell, as all their cells can be blank. */
  readonly fields?: readonly (ValueColumn | "src_attr")[];
}

interface Layout {
  readonly columns: readonly { readonly name: ValueColumn; readonly width: number; readonly digits: number }[];
  readonly hasAttribute: boolean;
  readonly rule: string;
}

const descriptionWidth = 36;
const attributeWidth = 40;

/**
 * The text of one record with the blank lines below it, as the tool prints it.
 * @param borrow the latch block of the path, if it has one
 * @example renderPath(path, { version: "3.1.0", digits: 4, fields: ["slew"] })
 */
export function renderPath(path: TimingPath, style: FullStyle, borrow: LatchBorrow | null = null): string {
  const layout = layoutOf(path, style);
  const total = (time: string, text: string) => row(layout, new Map([["time", time]]), `   ${text}`);
  const figure = (value: TimingPath["slack"]) => (typeof value === "number" ? fixed(value, path.digits) : `${value}`);
  const lines = [
    ...headerText(path, style),
    "",
    heading(layout),
    layout.rule,
    ...part(path.points, labelsOf(path, "arrival"), layout),
    total(figure(path.arrival), "data arrival time"),
  ];
  if (path.slack === null) lines.push(layout.rule, "(Path is unconstrained)");
  else
    lines.push(
      "",
      ...part(path.requiredPoints, labelsOf(path, "required"), layout),
      total(figure(path.required), "data required time"),
      layout.rule,
      total(figure(path.required), "data required time"),
      total(negated(figure(path.arrival)), "data arrival time"),
      layout.rule,
      total(figure(path.slack), `slack (${path.met === false ? "VIOLATED" : "MET"})`),
    );
  if (borrow) lines.push("", ...latchBlockText(borrow, style));
  return `${lines.join("\n")}\n\n\n`;
}

function layoutOf(path: TimingPath, style: FullStyle): Layout {
  const { fields = [], version } = style;
  const rows = [...path.points, ...path.requiredPoints];
  const has = (name: ValueColumn | "src_attr") =>
    fields.includes(name) || rows.some((point) => point[name] !== undefined);
  const width = numberWidth(style);
  const digits = digitsOf(style);
  const columns = valueColumns
    .filter((name) => name === "delay" || name === "time" || has(name))
    .map((name) =>
      name === "fanout" ? { name, width: version === "2.0.17" ? 5 : 6, digits: 0 } : { name, width, digits },
    );
  const hasAttribute = has("src_attr");
  const numbers = columns.reduce((sum, column) => sum + column.width, 0);
  return { columns, hasAttribute, rule: rule(numbers + 43 + (hasAttribute ? attributeWidth : 0)) };
}

/** Names that are wider than their column push the heading to the right, but not the rows. */
function heading({ columns, hasAttribute }: Layout): string {
  const names = columns.map(({ name, width }) => `${name[0]!.toUpperCase()}${name.slice(1)}`.padStart(width));
  const description = hasAttribute ? `${"Description".padEnd(descriptionWidth)} Src Attr` : "Description";
  return `${names.join(" ")}   ${description}`;
}

/** The rows of one part in the order printed: a label stands before the point whose number it has. */
function part(points: readonly PathPoint[], labels: readonly PathLabel[], layout: Layout): string[] {
  const lines: string[] = [];
  let next = 0;
  for (let at = 0; at <= points.length; at++) {
    for (; next < labels.length && labels[next]!.at === at; next++) lines.push(labelLine(labels[next]!, layout));
    if (at < points.length) lines.push(pointLine(points[at]!, layout));
  }
  return lines;
}

function pointLine(point: PathPoint, layout: Layout): string {
  const name = `${point.pin} (${point.cell})`;
  const attribute = layout.hasAttribute ? point.src_attr : undefined;
  const text = attribute === undefined ? name : `${name.padEnd(descriptionWidth)} ${attribute}`;
  return row(layout, cells(point, layout), ` ${point.edge} ${text}`);
}

function labelLine(label: PathLabel, layout: Layout): string {
  return row(layout, cells(label, layout), ` ${label.edge ?? " "} ${label.label}`);
}

function cells(values: { readonly [name in ValueColumn]?: number | null }, { columns }: Layout): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { name, digits } of columns) {
    const value = values[name];
    if (value !== undefined && value !== null) texts.set(name, fixed(value, digits));
  }
  return texts;
}

function row({ columns }: Layout, texts: ReadonlyMap<string, string>, description: string): string {
  return columns.map(({ name, width }) => (texts.get(name) ?? "").padStart(width)).join(" ") + description;
}

const labelsOf = (path: TimingPath, own: PathLabel["part"]): PathLabel[] =>
  path.labels.filter((label) => label.part === own);

const negated = (text: string): string => (text.startsWith("-") ? text.slice(1) : `-${text}`);
