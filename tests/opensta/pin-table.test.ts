import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPinSlacks } from "../../src/opensta/pin-table.js";

async function* pieces(bytes: Uint8Array, cuts: readonly number[] = []): AsyncGenerator<Uint8Array> {
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  // A source may reuse its buffer as soon as the next piece is asked for.
  for (let at = 1; at < places.length; at++) {
    const piece = Buffer.from(bytes.subarray(places[at - 1], places[at]));
    yield piece;
    piece.fill(0);
  }
}

const read = async (text: string | Uint8Array, pins: readonly string[], cuts: readonly number[] = []) =>
  Object.fromEntries(await readPinSlacks(pieces(Buffer.from(text), cuts), new Set(pins)));

const header = "# pin\tslack_max_rise\tslack_max_fall\tslack_min_rise\tarrival_max_rise\n";

describe("the slacks of wanted pins", () => {
  it("are the worst of each type, exact to the printed digit, by the header's columns", async () => {
    const table = `${header}a/Y\t1.627123\t1.5\t-0.000001\t-9\nb[0]\tINF\tINF\t-INF\t1\nc\t1\t1\t1\t1\n`;
    expect(await read(table, ["a/Y", "b[0]", "none"])).toEqual({
      "a/Y": { max: { units: 15, digits: 1 }, min: { units: -1, digits: 6 } },
      "b[0]": { max: "INF", min: "-INF" },
    });
  });

  it("are the same from 2.0.17, whose columns and numbers look otherwise", async () => {
    const table = "# pin\tmin_fall_slack\tmax_rise_slack\na\t-2.000000e-02\tinf\nb\t1.5e+01\t1.234567e+00\n";
    expect(await read(table, ["a", "b"])).toEqual({
      a: { max: "INF", min: { units: -2000000, digits: 8 } },
      b: { max: { units: 1234567, digits: 6 }, min: { units: 15, digits: 0 } },
    });
  });

  it("are null where the table has no column or no number", async () => {
    expect(await read("# pin\tslack_max\na\t\nb\tx\nc\n", ["a", "b", "c"])).toEqual({
      a: { max: null, min: null },
      b: { max: null, min: null },
    });
  });

  it("are the same however the bytes are split, in a last line without its end too", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `g_lane[${at % 7}].é/_${at * 37}_/Y`);
    const table = Buffer.from(header + names.map((name, at) => `${name}\t${at}.5\t${at}\t-${at}\t0`).join("\n"));
    const wanted = names.filter((_, at) => at % 3 === 0).concat(names.at(-1)!);
    const whole = await read(table, wanted);
    expect(Object.keys(whole)).toHaveLength(new Set(wanted).size);
    expect(whole[names.at(-1)!]).toEqual({ max: { units: 199, digits: 0 }, min: { units: -199, digits: 0 } });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(table.length), { maxLength: 40 }), async (cuts) => {
        expect(await read(table, wanted, cuts)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it("pass over a line without end, and any bytes", async () => {
    const long = `${header}${"x".repeat(3 << 20)}\t1\t1\t1\t1\na\t1\t2\t3\t4\n`;
    for (const cuts of [[], [100], [1 << 20, 2 << 20], [3 << 20, (3 << 20) + 200]])
      expect(await read(long, ["a"], cuts)).toEqual({
        a: { max: { units: 1, digits: 0 }, min: { units: 3, digits: 0 } },
      });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await read(Buffer.concat([Buffer.from(header), bytes]), ["a", ""]);
      }),
    );
  });

  it("need nothing of the table but themselves", async () => {
    const names = Array.from({ length: 5000 }, (_, at) => `p${at}`);
    const table = header + names.map((name, at) => `${name}\t${at}\t${at}\t${at}\t0\n`).join("");
    const found = await read(table, names);
    expect(
      Object.entries(found).every(
        ([name, { max }]) => max !== null && typeof max !== "string" && name === `p${max.units}`,
      ),
    ).toBe(true);
    expect(Object.keys(found)).toHaveLength(5000);
    expect(await read(table, [])).toEqual({});
  });
});
