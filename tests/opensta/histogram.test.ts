import fc from "fast-check";
import { expect, it } from "vitest";
import { slackHistogram } from "../../src/opensta/histogram.js";
import { toNumber } from "../../src/opensta/printed-number.js";
import { ofKind, read } from "./read-report.js";

/** As OpenROAD prints it for four endpoints. */
const printed = `[INFO ODB-0133]     Created 10 nets and 14 connections.
[ 9.433,  9.516): ************************* (1)
[ 9.516,  9.600):  (0)
[ 9.600,  9.684):  (0)
[ 9.684,  9.767): ************************* (1)
[ 9.767,  9.851]: ************************************************** (2)
`;

it("reads a bin from each line of OpenROAD's histogram", async () => {
  const { records } = await read(printed);
  const bins = ofKind(records, "histogram-bin");
  expect(records).toHaveLength(5);
  expect(bins.map((bin) => bin.count)).toEqual([1, 0, 0, 1, 2]);
  expect(bins.map((bin) => bin.closed)).toEqual([false, false, false, false, true]);
  expect(bins[0]).toMatchObject({ from: { units: 9433, digits: 3 }, to: { units: 9516, digits: 3 }, line: 2 });
});

it("reads negative edges, and takes no other line in brackets for a bin", async () => {
  const { records } = await read("[-0.120, -0.050): *** (3)\n[0, 2): *** (3)\n[INFO STA-0001] x (1)\n[7:0] (3)\n");
  expect(ofKind(records, "histogram-bin")).toMatchObject([{ from: { units: -120 }, count: 3 }]);
});

it("computes the bins that OpenROAD prints, and says that it computed them", async () => {
  const slacks = [9851, 9433, 9720, 9800].map((units) => ({ units, digits: 3 }));
  const { computed, bins, unbounded } = slackHistogram(slacks, 5);
  const bars = ofKind((await read(printed)).records, "histogram-bin");
  expect({ computed, unbounded }).toEqual({ computed: true, unbounded: 0 });
  expect(bins.map(({ count, closed }) => ({ count, closed }))).toEqual(
    bars.map(({ count, closed }) => ({ count, closed })),
  );
  for (const [at, bar] of bars.entries()) expect(bins[at]!.from).toBeCloseTo(toNumber(bar.from.units, 3), 2);
  expect(bins[4]!.to).toBe(9.851);
});

it("counts each bounded slack once, in the bin whose edges hold it", () => {
  const figure = fc.oneof(
    fc.record({ units: fc.integer({ min: -99_999, max: 99_999 }), digits: fc.constantFrom(2, 4) }),
    fc.constantFrom("INF" as const, "-INF" as const),
  );
  fc.assert(
    fc.property(fc.array(figure, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (slacks, count) => {
      const { bins, unbounded } = slackHistogram(slacks, count);
      const values = slacks.flatMap((slack) =>
        typeof slack === "string" ? [] : [toNumber(slack.units, slack.digits)],
      );
      expect(unbounded).toBe(slacks.length - values.length);
      expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(values.length);
      const least = Math.min(...values);
      for (const bin of bins) {
        const inside = values.filter((value) => value > bin.from + 1e-9 && value < bin.to - 1e-9).length;
        expect(bin.count).toBeGreaterThanOrEqual(inside);
        expect(bin.from).toBeGreaterThanOrEqual(least);
      }
    }),
  );
});

it("makes one bin of equal slacks, none of no slacks, and refuses a number of bins that is none", () => {
  const same = { units: 25, digits: 2 };
  expect(slackHistogram([same, same, "INF"]).bins).toEqual([{ from: 0.25, to: 0.25, closed: true, count: 2 }]);
  expect(slackHistogram(["INF"])).toEqual({ computed: true, bins: [], unbounded: 1 });
  expect(() => slackHistogram([same], 0)).toThrow(RangeError);
});
