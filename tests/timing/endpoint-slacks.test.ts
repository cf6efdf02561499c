import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ReportRecord } from "../../src/opensta/report-records.js";
import { ReportScanner } from "../../src/opensta/report-scanner.js";
import { EndpointCollector, EndpointSlacks } from "../../src/timing/endpoint-slacks.js";
import { PinSlacks } from "../../src/timing/pin-slacks.js";
import { read, reports } from "../opensta/read-report.js";

/** What the columns of a report tell: series, group, pin and slack in the report's unit. */
function collected(bytes: Uint8Array): Record<string, number> {
  const collector = new EndpointCollector("typ");
  const scanner = new ReportScanner({
    paths: (batch) => collector.addPaths(batch),
    pathRows: false,
    endpoints: (batch) => collector.addEndpoints(batch),
  });
  scanner.push(bytes);
  scanner.finish();
  const { pins } = scanner.batch.names;
  const told: [string, number][] = [];
  for (const series of collector.series()) {
    const { corner, type, digits } = series;
    for (const [group, slacks] of series.groups())
      for (const [pin, units] of slacks.byName(pins))
        told.push([`${type} ${corner} ${group} ${pin}`, units / 10 ** digits]);
    for (const pin of series.unconstrained.byName(pins).keys()) told.push([`${type} ${corner} ${pin}`, Infinity]);
  }
  scanner.close();
  return Object.fromEntries(told);
}

/** The same, from the records. */
function expected(records: readonly ReportRecord[]): Record<string, number> {
  const worst = new Map<string, number>();
  for (const record of records) {
    if (record.kind !== "endpoint" && record.kind !== "path") continue;
    const { group, type, slack: printed } = record;
    const pin = record.kind === "path" ? record.points.at(-1)?.pin : record.pin;
    if (pin === undefined) continue;
    const corner = (record.kind === "path" ? record.corner : null) ?? "typ";
    const slack = printed !== null && typeof printed === "object" ? printed.units / 10 ** printed.digits : printed;
    const key = typeof slack === "number" ? `${type} ${corner} ${group} ${pin}` : `${type} ${corner} ${pin}`;
    worst.set(key, Math.min(worst.get(key) ?? Infinity, typeof slack === "number" ? slack : Infinity));
  }
  return Object.fromEntries(worst);
}

describe("endpoint slacks", () => {
  it.each(reports)("of %s are those of its records", async (_, bytes) => {
    expect(collected(bytes)).toEqual(expected((await read(bytes)).records));
  });

  it("count an endpoint once, with its worst slack in any group and the most digits", () => {
    const slacks = new EndpointSlacks("slow", "max");
    slacks.add(7, slacks.group("clk"), -12, 1);
    slacks.add(7, slacks.group("io"), -125, 2);
    slacks.add(8, slacks.group("io"), 3, 0);
    slacks.add(9, slacks.group("none"), Infinity, 0);
    expect(slacks.digits).toBe(2);
    expect(slacks.groups().map(([name]) => name)).toEqual(["clk", "io"]);
    expect([...slacks.worst().pins]).toEqual([7, 8]);
    expect([...slacks.worst().units]).toEqual([-125, 300]);
    expect([...slacks.unconstrained.pins]).toEqual([9]);
  });
});

describe("slacks by pin", () => {
  it("keep the least of each pin, in the order in which the pins came", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.integer()), { maxLength: 500 }), (added) => {
        const slacks = new PinSlacks();
        const model = new Map<number, number>();
        for (const [pin, units] of added) {
          slacks.add(pin, units);
          model.set(pin, Math.min(model.get(pin) ?? Infinity, units));
        }
        expect([...slacks.pins]).toEqual([...model.keys()]);
        expect([...slacks.units]).toEqual([...model.values()]);
      }),
    );
  });

  it("are found again however many there are", () => {
    const slacks = new PinSlacks();
    for (let round = 1; round <= 2; round++) for (let pin = 0; pin < 100_000; pin++) slacks.add(pin * 64, pin / round);
    expect(slacks.size).toBe(100_000);
    expect(slacks.units[99_999]).toBe(99_999 / 2);
  });
});
