import { TestScheduler } from "rxjs/testing";
import { describe, expect, it } from "vitest";
import {
  countBy,
  endpointHistogram,
  sampleEvenly,
  topWorst,
  worstPerEndpoint,
} from "../../../src/opensta/stream/operators.js";
import type { TimingPath } from "../../../src/opensta/report-records.js";

const path = (endpoint: string, slack: TimingPath["slack"], group = "g") => ({
  endpoint,
  slack,
  group,
  digits: 2,
  points: [],
});
const values = {
  a: path("x", -0.5),
  b: path("y", 0.25),
  c: path("x", -1, "h"),
  d: path("z", "INF"),
  e: path("w", null),
  f: path("y", "-INF"),
};

/** Runs marbles; the operators answer when their source completes. */
function marbles(run: Parameters<TestScheduler["run"]>[0]): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run);
}

describe("operators over paths", () => {
  it("topWorst gives the worst, worst first, when the paths have ended", () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold("a-b-c-d-e-|", values).pipe(topWorst(2))).toBe("----------(r|)", {
        r: [values.c, values.a],
      });
      expectObservable(cold("de|", values).pipe(topWorst(5))).toBe("--(r|)", { r: [values.d, values.e] });
      expectObservable(cold("-|", values).pipe(topWorst(5))).toBe("-(r|)", { r: [] });
    });
  });

  it("topWorst keeps the worst of many, as sorting them all would", () => {
    marbles(({ cold, expectObservable }) => {
      const many = Array.from({ length: 1000 }, (_, at) => path(`p${at}`, ((at * 7919) % 1000) - 500));
      const expected = many.toSorted((one, other) => Number(one.slack) - Number(other.slack)).slice(0, 10);
      const all = Object.fromEntries(many.map((each, at) => [String.fromCodePoint(0x4e00 + at), each]));
      expectObservable(cold(`(${Object.keys(all).join("")}|)`, all).pipe(topWorst(10))).toBe("(r|)", { r: expected });
    });
  });

  it("worstPerEndpoint keeps one path an endpoint", () => {
    marbles(({ cold, expectObservable }) => {
      const r = new Map([
        ["x", values.c],
        ["y", values.f],
        ["z", values.d],
      ]);
      expectObservable(cold("abcdf|", values).pipe(worstPerEndpoint())).toBe("-----(r|)", { r });
    });
  });

  it("countBy counts each key, anew for each subscriber", () => {
    marbles(({ cold, expectObservable }) => {
      const counted = cold("abc|", values).pipe(countBy((each) => each.group));
      const r = new Map([
        ["g", 2],
        ["h", 1],
      ]);
      expectObservable(counted).toBe("---(r|)", { r });
      expectObservable(counted).toBe("---(r|)", { r });
    });
  });

  it("endpointHistogram counts every endpoint once, with its worst slack", () => {
    marbles(({ cold, expectObservable }) => {
      const r = {
        computed: true,
        bins: [
          { from: -1, to: -0.375, closed: false, count: 1 },
          { from: -0.375, to: 0.25, closed: true, count: 1 },
        ],
        unbounded: 1,
      };
      expectObservable(cold("abcde|", values).pipe(endpointHistogram(2))).toBe("-----(r|)", { r });
    });
  });

  it("sampleEvenly draws the same for the same seed, and each about as often", () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold("abc|", values).pipe(sampleEvenly(5))).toBe("---(r|)", {
        r: [values.a, values.b, values.c],
      });
    });
    const drawn = new Map<string, number>();
    marbles(({ cold, flush }) => {
      for (let seed = 1; seed <= 600; seed++)
        cold("(abcdef|)", values)
          .pipe(sampleEvenly(2, seed * 7919))
          .subscribe((sample) =>
            sample.forEach((each) =>
              drawn.set(each.endpoint + each.slack, (drawn.get(each.endpoint + each.slack) ?? 0) + 1),
            ),
          );
      flush();
    });
    for (const count of drawn.values()) expect(count).toBeGreaterThan(140);
    expect(drawn.size).toBe(6);
  });

  it("pass a failure on", () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold("a-#", values).pipe(topWorst(1))).toBe("--#");
    });
  });
});
