import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { ReportRecord } from "../../src/opensta/report-records.js";
import { recordToJson } from "../../src/opensta/record-json.js";
import { recordedStages } from "../../examples/recorded-stages.js";
import { reportFormats } from "../../src/opensta/formats/formats.js";
import { bare, everyReport, readRecords } from "./every-report.js";

let reports: Map<string, Buffer>;
beforeAll(async () => {
  reports = await everyReport();
});

/** Files by their names without the folder; the same command in several folders has the same name. */
function named(pattern: RegExp): [string, Buffer][] {
  return [...reports].filter(([name]) => pattern.test(name.slice(name.lastIndexOf("/") + 1)));
}

const count = (records: readonly ReportRecord[], kind: string) =>
  records.filter((record) => record.kind === kind).length;

const linesLike = (bytes: Buffer, pattern: RegExp) =>
  bytes
    .toString()
    .split("\n")
    .filter((line) => pattern.test(line)).length;

/** What a line of a record looks like, told by an expression alone, and in which files. */
const oracles: readonly (readonly [kind: ReportRecord["kind"], files: RegExp, line: RegExp])[] = [
  [
    "limit-check",
    /^(?:c?tv?_|types|corner_types|max(?:fan|cap)|tran)/,
    /^\S+ +\d\S* +\d\S* [^a-z]*\((?:MET|VIOLATED)\)$|^Slack .*\(/,
  ],
  ["pulse-width", /^(?:ctv?_min_pulse|types|corner_types|pulse|pw)/, /^\S+ \((?:high|low)\) |required pulse width/],
  ["min-period", /^(?:period|min_period)/, /^\S+ +\d\S+ +\d\S+ +-?\d\S+ \(|min_period/],
  ["max-skew", /^max_skew/, /\([v^]->[v^]\)|allowable skew/],
  ["path-row", /^(?:rpath|rp2|max_skew)/, /^ +\d\S+ .*(?:\(\w+ edge\)|network delay .*|[\^v] \S+ \(\w+\))$/],
  ["clock", /^clkp/, /^(?!Clock +Period)\w.* \d/],
  ["clock-skew", /^(?:clkskew|corner_skew|skew)/, /^Clock /],
  ["clock-latency", /^clklat/, /^(?:rise|fall) -> /],
  ["clock-min-period", /^(?:clkminp|minp)/, /period_min/],
  ["unit", /^units\.rpt/, /^ \w+ 1\w+$/],
  ["power", /^(?:power|corner_power|pwi)/, /^\w.*%$|^ +\d\S+e\S+ .* \D\S*$|"total"/],
  ["power-shares", /^(?:power|corner_power)/, /^ .*%$/],
  ["annotation", /^ann/, /^(?:\w.*)?(?: +\d+){2,3} *$/],
  ["annotated-arc", /^ann/, /^ \S/],
  ["annotation-total", /^(?:actann|parann)/, /annotated/],
  ["pin-times", /^(?:arr|req|slk|pin_times)/, / r \S+ f |^\(.*\) r /],
  ["slews", /^slews/, / \^ /],
  ["timing-arc", /^edges/, /^ {2}[v^] -> /],
  ["disabled-edge", /^disabled/, /./],
  ["delay-calculation", /^(?:dcalc|corner_dcalc)/, /^(?:Delay|Slew|Check) = /],
  ["net", /^net[2-9]/, /^Net /],
  ["net-pin", /^net[2-9]/, /^ \S+ (?:in|out)put/],
  ["instance", /^(?:rinst|inst_h|top)/, /^Instance /],
  ["instance-pin", /^(?:rinst|inst_h|top)/, /^ {2}\S+ (?:in|out)put/],
  ["connected-pin", /^(?:rinst|inst_h|top)/, /^ {3}\S/],
  ["instance-child", /^inst_h/, /^ {2}\S+ \(/],
  ["pin", /^r?pin[12.]/, /^Pin /],
  ["setup-warning", /^setup/, /^ {2}\S/],
  ["constraint", /^out\.sdc/, /^[a-z]/],
  ["figure", /^(?:wns|tns|ws|units2)/, /^(?:wns|tns|worst)/],
];

/** What is left as text, and why. */
const left: readonly (readonly [reason: string, file: RegExp, line: RegExp])[] = [
  ["a result or an error of the script that ran the tool", /./, /^(?:RESULT|CAUGHT): |^(?:none|done)$/],
  ["a line of the tool's own that belongs to nothing", /^(?:rp2|net1|clklat)/, /^(?:Tag group: 38|Net \S+|Clock vio)$/],
  ["a banner of the script", /^unconstrained\.log/, /^(?:--|##)/],
  ["a list of names: no line of it tells that it is one", /^(?:fanin|fanout|names|obj)/, /^\S+$/],
  ["report_constant: no line of it tells that it is one", /^const/, /^\S+ [01X](?: \w+=\d)?$/],
  ["a name and a property: no line of it tells that it is one", /^(?:props|tedges_prop)/, /^\S+ /],
  ["the commands themselves", /^_commands/, /\t|^END$/],
  ["a message of the tool with a list below it", /^(?:unconstrained\.log|fmt|from|nofrom)/, /^ {2}/],
  [
    "formats of report_checks with readers elsewhere",
    /^(?:fmt_|summary|slack_only|json|smax|corner_slk|two|types|ct_|corner_types|nopaths|from_none|\w*_none|unconstrained)/,
    /^(?:Startpoint +Endpoint|Group +Slack|-+$|\S.* \(\S*\) +\S+ \(\S*\) |\S.* +-?(?:\d+\.\d+|INF)$|No paths found\.)|^ *["{}[\]]/,
  ],
];

describe("all reports of both versions", () => {
  it.each(oracles)("give one %s for each line that looks like one", async (kind, files, line) => {
    const found = named(files);
    const sums = await Promise.all(
      found.map(async ([name, bytes]) => [name, count((await readRecords(bytes)).records, kind)] as const),
    );
    expect(sums).toEqual(found.map(([name, bytes]) => [name, linesLike(bytes, line)]));
    expect(Math.max(...sums.map(([, sum]) => sum))).toBeGreaterThan(0);
  });

  it("leave as text only what is known to have no reader, and lose no line", async () => {
    const unknown: string[] = [];
    const used = new Set<string>();
    for (const [path, bytes] of reports) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      for (const record of (await readRecords(bytes)).records)
        for (const line of record.kind === "text" ? record.text.split("\n").filter((each) => each.trim() !== "") : []) {
          const reason = left.find(([, file, pattern]) => file.test(name) && pattern.test(line));
          if (reason) used.add(reason[0]);
          else unknown.push(`${path}: ${line}`);
        }
    }
    expect(unknown).toEqual([]);
    expect(used).toContain(left[0]![0]);
  });

  it("are no records of another kind than their command's: paths, netlists, scripts and libraries begin no table", async () => {
    const others = new Set<string>(oracles.map(([kind]) => kind).filter((kind) => kind !== "figure"));
    for (const [path, bytes] of named(/^(?:fmt|full|fields|digits|borrow|async|gating|genclk|vio|end|json|summary)/))
      expect([path, (await readRecords(bytes)).records.filter(({ kind }) => others.has(kind))]).toEqual([path, []]);
    const sources = ["examples/live/small.v", "examples/live/base.sdc", "examples/live/stages.tcl", "docs/reports.md"];
    const root = new URL("../../", import.meta.url);
    for (const source of [...sources, "package-lock.json", "src/opensta/formats/formats.ts"]) {
      const { records } = await readRecords(await readFile(new URL(source, root)));
      expect([source, [...new Set(records.map(({ kind }) => kind))]]).toEqual([source, ["text"]]);
    }
  });
});

it("the files of a stage are told apart, and a pin table gives a row for each pin", async () => {
  const archive = new URL("../../examples/data/stages.tar.zst", import.meta.url);
  for await (const { files } of recordedStages(archive)) {
    const kinds: Record<string, string[]> = {};
    for (const { name, bytes } of files) {
      const { records } = await readRecords(bytes);
      kinds[name] = [...new Set(records.map(({ kind }) => kind))];
      if (name === "pins.tsv") expect(records).toHaveLength(linesLike(Buffer.from(bytes), /\t/) - 1);
      if (name === "out.sdc") expect(records).toHaveLength(linesLike(Buffer.from(bytes), /^[a-z]/));
    }
    expect(kinds).toMatchObject({
      "clocks.rpt": ["clock", "clock-skew"],
      "max_end.rpt": ["endpoint"],
      "max_full.rpt": ["path", "latch-borrow"],
      "out.sdc": ["constraint"],
      "pins.tsv": ["pin-row"],
      "out.v": ["text"],
    });
    break;
  }
});

it("every kind of record is told in the documentation", async () => {
  const documentation = await readFile(new URL("../../docs/reports.md", import.meta.url), "utf8");
  const described = oracles.map(([kind]) => kind).filter((kind) => kind !== "figure");
  for (const kind of [...described, "pin-row", "annotation-pin", "name", "constant", "property"])
    expect(documentation).toContain(`\`${kind}\``);
});

/** One report of each kind, small enough to be read many times. */
const samples =
  /^(?:3\.1\.0\/single\/(?:types|types_verbose|ctv_max_slew|clkprop|clkskew|clklat|clkminp|units|power|power_inst|power_json|annd_l|arr_out|slews|edges_from|dcalc_and|dcalc_chk|rinst|rpath|setup|parann|tns)|3\.1\.0\/odd\/(?:maxfan|out|pulse)|2\.0\.17\/(?:odd\/(?:clkskew|pulse2|power)|single\/(?:clkskew|rpin|setup|slk_clk)|made\/(?:net5|max_skew|min_period|edges3|edges4|dcalc1d|inst_h|ann2|ann3|clkp|setup2)))\.(?:rpt|sdc)$/;

describe("every kind of section", () => {
  const small = () => [...reports].filter(([name]) => samples.test(name));

  it("is the same however the bytes are split", async () => {
    expect(small().length).toBeGreaterThan(40);
    for (const [, bytes] of small()) {
      const whole = (await readRecords(bytes)).records.map(recordToJson);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
          expect((await readRecords(bytes, {}, cuts)).records.map(recordToJson)).toEqual(whole);
        }),
        { numRuns: 10 },
      );
    }
  });

  it("survives a warning between any two of its lines", async () => {
    for (const [name, bytes] of small()) {
      const read = async (lines: readonly string[], between: string) =>
        bare((await readRecords(Buffer.from(lines.join(between)))).records.filter(({ kind }) => kind !== "path"));
      const lines = bytes.toString().split("\n").slice(0, 120);
      const noisy = await read(lines, "\nWarning 101: f.tcl line 1, object not found.\n");
      expect([name, noisy]).toEqual([name, await read(lines, "\n")]);
    }
  });

  it("survives that another section before it was cut anywhere", async () => {
    const pieces = small().map(([name, bytes]) => ({ name, lines: bytes.toString().split("\n").slice(0, 150) }));
    // What is left of a full record takes indented lines for its own.
    const sections = pieces.filter(({ name }) => !name.endsWith("types_verbose.rpt"));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...sections), fc.constantFrom(...pieces), fc.nat(), async (before, own, at) => {
        // A check whose table has not begun takes the next table for its own.
        fc.pre(!(before.name.endsWith("pulse.rpt") && own.name.endsWith("rpath.rpt")));
        const cut = `${before.lines.slice(0, at % before.lines.length).join("\n")}\n`;
        const alone = await readRecords(Buffer.from(own.lines.join("\n")));
        const both = await readRecords(Buffer.from(cut + own.lines.join("\n")));
        const from = Buffer.byteLength(cut);
        const after = both.records.filter((record) => record.byteOffset >= from);
        expect([before.name, bare(after)]).toEqual([before.name, bare(alone.records)]);
      }),
      { numRuns: 1500 },
    );
  });

  it("reads any bytes without failing", async () => {
    const pieces = small().map(([, bytes]) => bytes);
    const change = fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pieces), fc.array(change, { maxLength: 20 }), async (bytes, changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, by] of changes)
          damaged.set(by.subarray(0, damaged.length - (at % damaged.length)), at % damaged.length);
        expect((await readRecords(damaged)).records.map(recordToJson).join("\n")).not.toContain('"undefined"');
      }),
      { numRuns: 500 },
    );
  });

  it("is not held up by any line, however long", async () => {
    const many = (text: string, bytes = 60_000) => text.repeat(Math.ceil(bytes / text.length));
    const long = [
      many(" "),
      many("x "),
      many("1.00 "),
      many("("),
      many(" ^ 1:2 v"),
      many(" -> "),
      many("a=1, "),
      many("\t"),
      many("- "),
    ];
    const odd = long.flatMap((line) => [
      `x${line}y`,
      `${line}y`,
      `Clock ${line}`,
      `Pin ${line} (MET)`,
      `  ^ -> v ${line}`,
    ]);
    const begun = Date.now();
    for (const [, bytes] of small()) {
      const lines = bytes.toString().split("\n").slice(0, 12);
      for (const at of lines.keys()) {
        const text = lines
          .toSpliced(at, 0, odd[at % odd.length]!, odd[(at * 7 + bytes.length) % odd.length]!)
          .join("\n");
        await readRecords(Buffer.from(text));
      }
    }
    for (const { name } of reportFormats)
      for (const line of odd) await readRecords(Buffer.from(`${line}\n${line}\n`), { as: name });
    expect(Date.now() - begun).toBeLessThan(20_000);
  });
});
