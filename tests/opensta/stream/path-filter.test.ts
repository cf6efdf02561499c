import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesGlob } from "../../../src/opensta/filter/glob.js";
import type { PathFilter } from "../../../src/opensta/filter/path-filter.js";
import { Placement, readPlacement } from "../../../src/opensta/filter/placement.js";
import { parseReport } from "../../../src/opensta/parse-report.js";
import type { EndpointSlack, ReportNote, TimingPath } from "../../../src/opensta/report-records.js";
import { RecordStream } from "../../../src/opensta/stream/record-stream.js";

const reports = join(import.meta.dirname, "..", "..", "data", "reports");

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function paths(bytes: Uint8Array, filter?: PathFilter): Promise<TimingPath[]> {
  const seen: TimingPath[] = [];
  const records = filter ? new RecordStream(only(bytes), { filter }) : parseReport(only(bytes));
  for await (const record of records) if (record.kind === "path") seen.push(record);
  return seen;
}

/** The clock of the first clock edge in one part of a path. */
function clock(path: TimingPath, part: "arrival" | "required"): string | undefined {
  return path.labels
    .filter((label) => label.part === part)
    .map((label) => /^clock (.+) \((?:rise|fall) edge\)$/.exec(label.label)?.[1])
    .find((name) => name !== undefined);
}

const slackBelow = (bound: number) => (path: TimingPath) =>
  path.slack === "-INF" || (typeof path.slack === "number" && path.slack <= bound);

describe("a filter of paths", () => {
  it.each<[string, PathFilter, (path: TimingPath) => boolean]>([
    ["slack", { slackMax: 0 }, slackBelow(0)],
    ["slack on both sides", { slackMax: 1, slackMin: 0 }, (path) => slackBelow(1)(path) && Number(path.slack) >= 0],
    ["group", { groups: ["clk_*", "io?in"] }, (path) => /^(clk_.*|io.in)$/.test(path.group)],
    ["type", { type: "min" }, (path) => path.type === "min"],
    ["corner", { corners: ["slow"] }, (path) => path.corner === "slow"],
    ["launching clock", { launchClocks: ["clk_a"] }, (path) => clock(path, "arrival") === "clk_a"],
    ["capturing clock", { captureClocks: ["clk_b"] }, (path) => clock(path, "required") === "clk_b"],
    ["endpoint", { endpoints: ["*/D"] }, (path) => path.points.at(-1)?.pin.endsWith("/D") ?? false],
    ["startpoint", { startpoints: ["_7*"] }, (path) => path.startpoint.startsWith("_7")],
    ["through", { throughs: ["*/Y"] }, (path) => path.points.some((point) => point.pin.endsWith("/Y"))],
  ])("by %s lets through what the same rule lets through of the objects", async (_, filter, rule) => {
    let kept = 0;
    for (const name of readdirSync(reports)) {
      const bytes = readFileSync(join(reports, name));
      const expected = (await paths(bytes)).filter(rule);
      kept += expected.length;
      expect(await paths(bytes, filter), name).toEqual(expected);
    }
    expect(kept).toBeGreaterThan(0);
  });

  it("by region lets through the paths that touch an instance placed there", async () => {
    const bytes = readFileSync(join(reports, "3.1.0-fields_all.rpt"));
    const whole = await paths(bytes);
    const instances = [
      ...new Set(whole.flatMap((path) => path.points.map((point) => point.pin.replace(/\/[^/]*$/, "")))),
    ];
    const placement = new Placement();
    for (const [at, instance] of instances.entries()) placement.add(instance, at, at % 10);
    const region = placement.within({ left: 0, bottom: 0, right: 20, top: 4 });
    expect(region.size).toBeGreaterThan(5);
    const expected = whole.filter((path) => path.points.some((point) => region.has(point.pin.replace(/\/[^/]*$/, ""))));
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(whole.length);
    expect(await paths(bytes, { region })).toEqual(expected);
  });

  it("judges rows that are no paths by the fields that they have, and says what it cannot judge", async () => {
    const bytes = readFileSync(join(reports, "3.1.0-fmt_end_minmax.rpt"));
    const rows = async (filter?: PathFilter) => {
      const notes: ReportNote[] = [];
      const seen: EndpointSlack[] = [];
      const stream = new RecordStream(only(bytes), {
        ...(filter ? { filter } : {}),
        onNote: (note) => notes.push(note),
      });
      for await (const record of stream) if (record.kind === "endpoint") seen.push(record);
      return { seen, notes };
    };
    const all = (await rows()).seen;
    const slack = ({ slack: printed }: EndpointSlack) =>
      typeof printed === "string" ? Infinity : printed.units / 10 ** printed.digits;
    const bound = all.map(slack).toSorted((one, other) => one - other)[3]!;
    expect((await rows({ slackMax: bound })).seen).toEqual(all.filter((row) => slack(row) <= bound));
    expect((await rows({ type: "min" })).seen).toEqual(all.filter((row) => row.type === "min"));
    const { seen, notes } = await rows({ throughs: ["nosuch"], launchClocks: ["clk"] });
    expect(seen).toEqual(all);
    expect(notes.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^not-filtered .*launchClocks.*endpoint/),
      expect.stringMatching(/^not-filtered .*throughs.*endpoint/),
    ]);
  });

  it("takes a block of time borrowing with the path that it belongs to", async () => {
    const bytes = readFileSync(join(reports, "2.0.17-corners_thru_latch.rpt"));
    const kinds = async (filter: PathFilter) => {
      const seen: string[] = [];
      for await (const record of new RecordStream(only(bytes), { filter })) seen.push(record.kind);
      return seen;
    };
    expect(await kinds({ slackMax: 1e9 })).toContain("latch-borrow");
    expect(await kinds({ groups: ["nosuch"] })).not.toContain("latch-borrow");
  });

  it("that is none is refused, with the place", () => {
    expect(() => new RecordStream(only(Buffer.alloc(0)), { filter: { groups: "clk" as never } })).toThrow(
      /filter.groups/,
    );
    expect(() => new RecordStream(only(Buffer.alloc(0)), { filter: { slackMax: Number.NaN } })).toThrow(/slackMax/);
  });

  it("counts what it read and what it kept", async () => {
    const bytes = readFileSync(join(reports, "3.1.0-fields_all.rpt"));
    const stream = new RecordStream(only(bytes), { filter: { slackMax: -1000 } });
    for await (const record of stream) expect(record.kind).not.toBe("path");
    expect(stream.counters.pathsRead).toBe((await paths(bytes)).length);
    expect(stream.counters.pathsKept).toBe(0);
  });
});

describe("a glob", () => {
  it("matches what the regular expression of the same meaning matches", () => {
    const piece = fc.constantFrom("a", "b", "[", "]", "/", "*", "?", "\\*");
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.constantFrom("a", "b", "[", "]", "/", "*")), (pattern, letters) => {
        const expression = pattern
          .map((each) =>
            each === "*" ? ".*" : each === "?" ? "." : each === "\\*" ? "\\*" : `\\${each}`.replace(/\\([ab])/, "$1"),
          )
          .join("");
        const text = letters.join("");
        expect(matchesGlob(pattern.join(""), text)).toBe(new RegExp(`^${expression}$`).test(text));
      }),
    );
  });

  it("takes no long time for many stars", () => {
    expect(matchesGlob("*a".repeat(30) + "b", "a".repeat(10_000))).toBe(false);
  });
});

describe("a placement", () => {
  it("is read from a DEF, statement by statement, over any pieces", async () => {
    const def = Buffer.from(
      "VERSION 5.8 ;\nUNITS DISTANCE MICRONS 2000 ;\nCOMPONENTS 4 ;\n" +
        "    - u_lane/_1996_ DFFPOSX1 + SOURCE TIMING + PLACED ( 24000 -2000 ) FS ;\n" +
        "    - g\\[3\\]/u AND2X1\n      + FIXED ( 2000 4000 ) N ;\n    - loose AND2X1 ;\n    - far INV + PLACED ( 900000 900000 ) N ;\nEND COMPONENTS\n- not/one INV + PLACED ( 0 0 ) N ;\n",
    );
    for (const size of [7, def.length]) {
      async function* source(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < def.length; at += size) yield def.subarray(at, at + size);
      }
      const placement = await readPlacement(source());
      expect(placement.size).toBe(3);
      expect([...placement.within({ left: 0, bottom: -1, right: 12, top: 2 })].toSorted()).toEqual([
        "g[3]/u",
        "u_lane/_1996_",
      ]);
    }
  });

  it("says so when the text places nothing", async () => {
    await expect(readPlacement(only(Buffer.from("VERSION 5.8 ;\n")))).rejects.toThrow("no COMPONENTS");
    const cut = "UNITS DISTANCE MICRONS 1000 ;\nCOMPONENTS 2 ;\n- a INV + PLACED ( 0 0 ) N ;\n";
    await expect(readPlacement(only(Buffer.from(cut)))).rejects.toThrow("instances are missing");
    expect(new Placement().within({ left: 0, bottom: 0, right: 1, top: 1 }).size).toBe(0);
  });
});
