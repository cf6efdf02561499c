import { parseFigure } from "../figure-text.js";
import type { MinMaxValue } from "../records/record-parts.js";

/**
 * `2.74:2.74:2.82:2.82`: the least and the largest of each corner. `---` (3.1.0) and an infinite value (2.0.17) say that
 * there is none. Null if the text is no such list.
 */
export function minMaxList(text: string): MinMaxValue[] | null {
  const cells = text.split(":");
  if (cells.length % 2 === 1) return null;
  const values: MinMaxValue[] = [];
  for (let at = 0; at < cells.length; at += 2) {
    const [min, max] = [value(cells[at]!), value(cells[at + 1]!)];
    if (min === undefined || max === undefined) return null;
    values.push({ min, max });
  }
  return values;
}

function value(text: string): MinMaxValue["min"] | undefined {
  if (text === "---") return null;
  const figure = parseFigure(text);
  return figure === null ? undefined : typeof figure === "string" ? null : figure;
}
