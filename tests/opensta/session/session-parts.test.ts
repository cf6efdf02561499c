import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorLines } from "../../../src/opensta/script-run.js";
import { FrameReader } from "../../../src/opensta/session/frame-reader.js";
import { parsePsTimes } from "../../../src/opensta/session/process-cpu.js";
import { asksForTiming, changesState } from "../../../src/opensta/session/read-only-commands.js";
import { replayChanges } from "../../../src/opensta/session/replay-changes.js";
import { figuresDifference } from "../../../src/opensta/session/timing-figures.js";
import { readError, separateMessages } from "../../../src/opensta/session/separate-messages.js";
import { toolVersion } from "../../../src/opensta/session/tool-version.js";
import { Transcript } from "../../../src/opensta/session/transcript.js";

const seed = Number(process.env["CKPT_SEED"] ?? Date.now() % 2 ** 31);

describe("messages of the tool", () => {
  it("are told from what was asked, in the shapes of every version; what only informs stays", () => {
    const { text, messages } = separateMessages(
      [
        "before",
        "Warning: base.sdc, 47 object 'x' not found.",
        "Error 511: f.tcl line 1, report_checks command failed.",
        "[WARNING STA-0366] port 'x' not found.",
        "[INFO ODB-0227] read.",
        "after",
        "",
      ].join("\n"),
    );
    expect(text).toBe("before\n[INFO ODB-0227] read.\nafter\n");
    expect(messages).toEqual([
      { level: "warning", code: null, file: "base.sdc", line: 47, text: "object 'x' not found.", items: [] },
      { level: "error", code: "511", file: "f.tcl", line: 1, text: "report_checks command failed.", items: [] },
      { level: "warning", code: "STA-0366", file: null, line: null, text: "port 'x' not found.", items: [] },
    ]);
  });

  it("take the list of names behind them along, and no line of a report", () => {
    const { text, messages } = separateMessages("Warning: no such pins\n  a/b\n  c/d\n  two words\nWarnings: none\n");
    expect(messages).toMatchObject([{ text: "no such pins", items: ["a/b", "c/d"] }]);
    expect(text).toBe("  two words\nWarnings: none\n");
  });

  it("are bounded in number, and so are their lists", () => {
    const { messages } = separateMessages("Warning: x\n".repeat(5000));
    expect(messages).toHaveLength(1001);
    expect(messages.at(-1)!.text).toBe("4000 more messages");
    expect(separateMessages(`Warning: x\n${"  a\n".repeat(5000)}`).messages[0]!.items).toHaveLength(1000);
  });

  it("go on over several lines where Tcl wrote them", () => {
    expect(readError("Error: f.tcl, 6 missing operand\nin expression")).toMatchObject({
      file: "f.tcl",
      line: 6,
      text: "missing operand\nin expression",
    });
    expect(readError("Warning: f.tcl, 6 x")).toBeNull();
  });
});

describe("the output of a child", () => {
  it("is cut at the marks wherever the pipe cuts it", () => {
    process.stdout.write(`frames: CKPT_SEED=${seed} repeats this run\n`);
    const mark = "f00d";
    const texts = fc.array(fc.string({ unit: fc.constantFrom("a", "\n", "f", "0", "d", " ", "é") }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (parts, cuts) => {
        fc.pre(parts.every((part) => !`${part}\n`.includes(`\n${mark} `)));
        const bytes = Buffer.from(parts.map((part) => `${part}\n${mark} end\n`).join(""));
        const seen: string[] = [""];
        const reader = new FrameReader(
          (text) => (seen[seen.length - 1] += text.toString("latin1")),
          () => seen.push(""),
        );
        reader.expect(mark);
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = at + cuts[turn % cuts.length]!;
          reader.push(bytes.subarray(at, end));
          at = end;
        }
        reader.finish();
        expect(seen.map((text) => Buffer.from(text, "latin1").toString())).toEqual([...parts, ""]);
      }),
      { seed },
    );
  });

  it("shows its error lines wherever it is cut", () => {
    const bytes = Buffer.from("Error: a.tcl, 3 one\nnot an Error: x\n[ERROR STA-5] two\nErrors\nError 5: three\nlast");
    for (let size = 1; size <= bytes.length; size++) {
      const lines = new ErrorLines();
      for (let at = 0; at < bytes.length; at += size) lines.push(bytes.subarray(at, at + size));
      lines.finish();
      expect(lines.count).toBe(3);
      expect(lines.first).toMatchObject({ file: "a.tcl", line: 3, text: "one" });
    }
  });
});

describe("a command", () => {
  it.each([
    ["report_checks -to [get_pins u1/D] > out.rpt", false],
    ["get_property [get_clocks *] period; report_tns", false],
    ["puts {[set_load 1 x]}", false],
    ["# only said: set_load", false],
    ["set_load 1 x", true],
    ["report_checks; set_load 1 x", true],
    ["report_checks -to [set_load 1 x]", true],
    ['puts "now [replace_cell u1 INVX2]"', true],
    ["report_checks {*}[set_load 1 x]", true],
    ["source base.sdc", true],
    ["foreach p $pins {report_slack $p}", true],
    ["set x 1", true],
    ["nosuch", true],
    ["puts [list [list [set x 1]]]", true],
  ])("is known to change the design or not: %s", (command, changes) => {
    expect(changesState(command)).toBe(changes);
  });

  it("is known to ask for timing or not", () => {
    expect(["report_checks -to x", "report_wns", "get_cells *"].map(asksForTiming)).toEqual([true, true, false]);
  });
});

describe("a transcript", () => {
  it("repeats changes that ended, in order, and keeps a bounded number of queries", () => {
    const transcript = new Transcript();
    transcript.begin("set a 1")("ok", 0);
    transcript.begin("set b 2")("lost", 0);
    for (let at = 0; at < 10_050; at++) transcript.begin("report_tns")("ok", 9);
    transcript.begin("set c 3")("error", 0);
    transcript.begin("set d 4");
    expect(transcript.replayable.map(({ command }) => command)).toEqual(["set a 1", "set c 3"]);
    expect(transcript.entries).toHaveLength(10_004);
    const indices = transcript.entries.map(({ index }) => index);
    expect(indices).toEqual([...indices].sort((one, other) => one - other));
    expect(transcript.entries.at(-1)).toMatchObject({ index: 10_053, outcome: "running", changesState: true });
  });

  it("is compared where the figures were known, not where it ends", async () => {
    const transcript = new Transcript();
    for (const command of ["set a 1", "set b 2", "set c 3"]) transcript.begin(command)("ok", 0);
    let ran = 0;
    const figures = (wns: number) => ({ max: { wns, tns: wns }, min: { wns: 0, tns: 0 } });
    const replay = async (wns: number) => {
      ran = 0;
      return await replayChanges({
        changes: transcript.replayable,
        known: { changes: 2, figures: figures(-2) },
        run: () => Promise.resolve({ ok: ++ran > 0 }),
        figures: () => Promise.resolve(figures(ran === 2 ? wns : -99)),
      });
    };
    expect(await replay(-2)).toBeNull();
    expect(await replay(-2.5)).toBe("wns max is -2.5 and was -2, tns max is -2.5 and was -2");
    expect(ran).toBe(3);
  });
});

describe("figures", () => {
  it("are the same but for the rounding of single precision", () => {
    const of = (tns: number) => ({ max: { wns: -1, tns }, min: { wns: 0, tns: 0 } });
    expect(figuresDifference(of(-1000), of(-1000.005))).toBeNull();
    expect(figuresDifference(of(-1000), of(-1000.5))).toContain("tns max");
    expect(figuresDifference(of(0), of(-0.001))).toContain("tns max");
    expect(figuresDifference(of(-1), of(Number.NaN))).toContain("tns max");
  });
});

describe("the CPU time of ps", () => {
  it.each([
    ["S    1-02:03:04", 93_784_000, false],
    ["U 3:04.56", 184_560, true],
    ["R+ 00:00:07", 7000, false],
  ])("is read: %s", (printed, cpuMs, waitsForDisk) => {
    expect(parsePsTimes(printed)).toEqual({ cpuMs, waitsForDisk });
  });

  it("is none of a process that has ended", () => {
    expect([parsePsTimes(""), parsePsTimes("Z 0:00.00")]).toEqual([null, null]);
  });
});

describe("a tool", () => {
  it("is told by what it can do", () => {
    expect(toolVersion(["2.0.17", "0", ""])).toEqual({ tool: "sta", version: "2.0.17", generation: 2 });
    expect(toolVersion(["3.1.0", "1", ""])).toEqual({ tool: "sta", version: "3.1.0", generation: 3 });
    expect(toolVersion(["2.6.0", "0", "v2.0-1"])).toEqual({ tool: "openroad", version: "v2.0-1", generation: 2 });
  });
});
