import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { sealedFile } from "../../schemas/stage-seal.js";
import { FileObserver } from "../../src/ledger/file-observer.js";
import { everyReport } from "../opensta/every-report.js";

let reports: Map<string, Buffer>;
beforeAll(async () => {
  reports = await everyReport();
});

function kindOf(bytes: Uint8Array): string {
  const observer = new FileObserver("a.rpt", null);
  observer.push(bytes);
  return observer.finish().kind;
}

describe("the kind of a captured file", () => {
  it.each([
    ["paths", ["3.1.0/single/fmt_full_max", "2.0.17/single/types_verbose"]],
    ["endpoints", ["3.1.0/single/fmt_end_max", "2.0.17/single/types_end"]],
    ["figures", ["3.1.0/single/tns", "2.0.17/single/wns"]],
    ["checks", ["3.1.0/single/types", "2.0.17/single/pulse", "2.0.17/made/min_period", "2.0.17/made/max_skew"]],
    ["clocks", ["3.1.0/single/clkprop", "2.0.17/single/clkskew", "3.1.0/odd/clklat", "3.1.0/odd/minp"]],
    ["power", ["3.1.0/single/power", "3.1.0/single/power_json", "2.0.17/single/power_inst"]],
    ["annotation", ["3.1.0/single/annd", "2.0.17/made/ann2", "3.1.0/single/parann"]],
    ["arcs", ["3.1.0/single/edges_from", "3.1.0/single/disabled", "2.0.17/single/dcalc_and"]],
    ["pin-values", ["3.1.0/single/arr", "2.0.17/single/slews", "3.1.0/single/rpath"]],
    ["netlist", ["2.0.17/made/net5", "3.1.0/single/rinst", "2.0.17/single/rpin"]],
    ["setup", ["3.1.0/single/units", "3.1.0/single/setup"]],
    ["text", ["3.1.0/single/fanin", "3.1.0/single/props", "3.1.0/single/END"]],
  ])("is %s for what it holds", (kind, names) => {
    expect(names.map((name) => [name, kindOf(reports.get(`${name}.rpt`)!)])).toEqual(names.map((name) => [name, kind]));
  });

  it("is sdc and pins too, whether the tool wrote it or people did", async () => {
    for (const [name, bytes] of reports)
      if (name.endsWith(".sdc")) expect([name, kindOf(bytes)]).toEqual([name, "sdc"]);
    expect(kindOf(await readFile(new URL("../../examples/live/base.sdc", import.meta.url)))).toBe("sdc");
    expect(kindOf(Buffer.from("# pin\tslack_max\na/Y\t1\n"))).toBe("pins");
    expect(kindOf(await readFile(new URL("../../examples/live/small.v", import.meta.url)))).toBe("text");
  });

  it("of stages that were sealed before there were more kinds is still read", () => {
    const file = { name: "a", rawBytes: 1, storedBytes: 1, sha256: "0".repeat(64) };
    for (const kind of ["paths", "endpoints", "figures", "pins", "sdc", "text"])
      expect(sealedFile.parse({ ...file, kind }).kind).toBe(kind);
  });
});
