/** The columns of a path's rows, in reports with all fields and digits, written by the renderer. */
import { describe, expect, it } from "vitest";
import { renderPath } from "../../src/opensta/render/full-report.js";
import type { PathPoint, TimingPath } from "../../src/opensta/report-records.js";
import { ofKind, read } from "./read-report.js";

const fields = ["fanout", "cap", "slew", "variation", "src_attr"] as const;
type Field = (typeof fields)[number];

const subsets = <Item>(items: readonly Item[]): Item[][] =>
  items.reduce<Item[][]>((sets, item) => sets.flatMap((set) => [set, [...set, item]]), [[]]);

const values = { fanout: 4, cap: 0.5, slew: 0.25, variation: 0.125, src_attr: "top.v:3" };

interface Cells {
  readonly filled: readonly Field[];
  readonly digits: number;
  readonly scale: number;
}

/** A path whose rows have values in the filled fields alone. */
function pathWith({ filled, digits, scale }: Cells): TimingPath {
  const printed = (value: number) => Number((value * scale).toFixed(digits));
  const point = (pin: string, time: number): PathPoint => ({
    pin,
    cell: "INVX1",
    edge: "^",
    delay: printed(1.5),
    time: printed(time),
    ...Object.fromEntries(
      filled.map((field) => {
        const value = values[field];
        return [field, typeof value === "number" && field !== "fanout" ? printed(value) : value];
      }),
    ),
  });
  const edge = { label: "clock clk (rise edge)", at: 0 };
  return {
    kind: "path",
    startpoint: "a",
    startpointReason: "input port clocked by clk",
    endpoint: "b",
    endpointReason: "output port clocked by clk",
    group: "clk",
    type: "max",
    corner: null,
    slack: printed(3),
    met: true,
    arrival: printed(4),
    required: printed(7),
    digits,
    points: [point("a", 2.5), point("u1/A", 3), point("b", 4)],
    requiredPoints: [],
    labels: [
      { part: "arrival", ...edge, delay: 0, time: 0 },
      { part: "required", ...edge, delay: printed(7), time: printed(7) },
    ],
    byteOffset: 0,
    line: 1,
  };
}

/** The fields that are printed, and which of them have values in the rows. */
const prints = subsets(fields).flatMap((columns) => subsets(columns).map((filled) => ({ columns, filled })));
const digits = [0, 1, 2, 3, 4, 6];

describe("the columns of paths", () => {
  it.each(digits)("hold the cells that are filled and those that are blank, with %i digits", async (count) => {
    for (const { columns, filled } of prints)
      for (const scale of [1, 1000]) {
        const path = pathWith({ filled, digits: count, scale });
        const { records, notes } = await read(renderPath(path, { version: "3.1.0", digits: count, fields: columns }));
        expect({ records, notes }, JSON.stringify({ columns, filled, scale })).toEqual({ records: [path], notes: [] });
      }
  });

  it.each(digits)("are found in a table without the lines that name the ends, with %i digits", async (count) => {
    const filled = ["slew", "variation"] as const;
    const path = pathWith({ filled, digits: count, scale: 1000 });
    const text = renderPath(path, { version: "3.1.0", digits: count, fields: filled });
    const rows = ofKind((await read(text.slice(text.indexOf("\n\n") + 2))).records, "path-row");
    const [, ...pins] = rows.slice(0, 4);
    expect(pins.map(({ slew, delay, variation, time }) => [slew, delay, variation, time])).toEqual(
      path.points.map((point) =>
        [point.slew, point.delay, point.variation, point.time].map((value) => ({
          units: Math.round(value! * 10 ** count),
          digits: count,
        })),
      ),
    );
  });
});
