import { parseFigure } from "../figure-text.js";
import type { PathRow } from "../records/design-checks.js";
import type { PrintedFigure } from "../records/printed.js";
import type { Edge } from "../records/record-parts.js";

/** A row of a path as its text tells it. */
export type RowText = Omit<PathRow, "kind" | "table" | "byteOffset" | "line">;

/** Where the columns of a path's table end, by the header's words. */
export type PathColumns = readonly { readonly name: string; readonly end: number }[];

const words = /Fanout|Cap|Slew|Delay|Variation|Time/g;

export function isPathHeading(text: string): boolean {
  return /^ *(?:(?:Fanout|Cap|Slew|Delay|Variation|Time) +)*Time +Description(?: +Src Attr)?\s*$/.test(text);
}

/**
 * The columns of a header line. Those of times are all as wide as the last one; where that is less than the word
 * Variation takes, the heading is pushed to the right from there on, but not the rows.
 */
export function pathColumns(heading: string): PathColumns {
  const printed = [...heading.matchAll(words)].map((word) => ({ name: word[0], end: word.index + word[0].length }));
  const pushed = printed.findIndex(({ name }) => name === "Variation");
  const [before, last] = printed.slice(-2);
  if (pushed < 0 || !before || !last) return printed;
  const overhang = Math.max(0, "Variation".length - (last.end - before.end - 1));
  return printed.map(({ name, end }, at) => ({ name, end: at < pushed ? end : end - overhang }));
}

/** Delay and Time, two digits. */
const usual: PathColumns = pathColumns("  Delay    Time   Description");

/**
 * Reads a row of a path's table, null if it is none. A number belongs to the column that ends nearest to it: cells may
 * be blank, long numbers push to the right, and some rows of 2.0.17 stand one place to the left.
 */
export function pathRow(text: string, columns: PathColumns | null): RowText | null {
  const cells: Record<string, PrintedFigure> = {};
  let at = 0;
  for (const number of text.matchAll(/ *(\S+)/gy)) {
    const figure = parseFigure(number[1]!);
    if (!figure) break;
    at = number.index + number[0].length;
    cells[nearest(columns ?? usual, at)] = figure;
  }
  const rest = /^ +(?:([\^v]) )? *(\S.*?)\s*$/.exec(text.slice(at));
  if (at === 0 || !rest) return null;
  const edge = (rest[1] as Edge | undefined) ?? null;
  const pin = edge && /^(\S+) \(([^()\s]+)\)$/.exec(rest[2]!);
  const figure = (name: string): PrintedFigure | null => cells[name] ?? null;
  const fanout = figure("Fanout");
  return {
    description: pin?.[1] ?? rest[2]!,
    cell: pin?.[2] ?? null,
    edge,
    fanout: typeof fanout === "string" ? null : fanout,
    cap: figure("Cap"),
    slew: figure("Slew"),
    delay: figure("Delay"),
    variation: figure("Variation"),
    time: figure("Time"),
  };
}

function nearest(columns: PathColumns, end: number): string {
  let best = columns[0]!;
  for (const column of columns) if (Math.abs(column.end - end) < Math.abs(best.end - end)) best = column;
  return best.name;
}
