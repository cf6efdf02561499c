import { beforeAll, describe, expect, it } from "vitest";
import { formatNames, formatsNamed, reportFormats } from "../../src/opensta/formats/formats.js";
import { recordToJson } from "../../src/opensta/record-json.js";
import { everyReport, readRecords } from "./every-report.js";

let reports: Map<string, Buffer>;
beforeAll(async () => {
  reports = await everyReport();
});

/** The records of a report as `ckpt parse` prints them, without the places. */
async function printed(source: string, options: { as?: string } = {}): Promise<Record<string, unknown>[]> {
  const bytes = reports.get(source) ?? Buffer.from(source);
  return (await readRecords(bytes, options)).records
    .filter(({ kind }) => kind !== "text" && kind !== "path")
    .map((record) => {
      const { byteOffset: _, line: __, ...rest } = JSON.parse(recordToJson(record)) as Record<string, unknown>;
      return rest;
    });
}

describe("checks of the design", () => {
  it("are limits with the pin, in short and with -verbose, and a blank slack is null", async () => {
    const bare = { edge: null, corner: null, violated: false };
    expect(await printed("2.0.17/corners/ct_max_transition.rpt")).toEqual([
      {
        kind: "limit-check",
        quantity: "slew",
        type: "max",
        pin: "_7420_/R",
        limit: 2.5,
        actual: 1.28,
        slack: 1.22,
        ...bare,
      },
    ]);
    expect(await printed("3.1.0/single/ctv_max_slew.rpt")).toEqual([
      {
        kind: "limit-check",
        quantity: "slew",
        type: "max",
        pin: "g_lane[0].u_lane.u_rst_buf/Y",
        limit: 2.5,
        actual: 0.93,
        slack: 1.57,
        ...bare,
        edge: "^",
      },
    ]);
    const fanout = {
      kind: "limit-check",
      quantity: "fanout",
      type: "max",
      pin: "in2",
      limit: 1,
      actual: 2,
      slack: null,
    };
    expect(await printed("3.1.0/odd/maxfan.rpt")).toEqual([
      { ...fanout, edge: null, corner: null, violated: true },
      { ...fanout, edge: null, corner: null, violated: true },
    ]);
    expect(await printed("3.1.0/odd/maxcap.rpt")).toMatchObject([
      { quantity: "capacitance", slack: -0.06, edge: null },
      { quantity: "capacitance", slack: -0.06, edge: "^" },
    ]);
  });

  it("are pulse widths, with both edges where they are printed", async () => {
    const pin =
      "a_very_long_instance_name_that_goes_well_past_the_eighty_column_limit_of_the_start_point_line_0001/CLK";
    const check = { kind: "pulse-width", pin, level: "low", required: 0.9, actual: 1, slack: 0.1, violated: false };
    const open = { clock: "clk main", edge: "fall", time: 1, networkDelay: 0.33, propagated: true, arrival: 1.33 };
    const close = { clock: "clk main", edge: "rise", time: 2, networkDelay: 0.27, propagated: true, arrival: 2.33 };
    for (const version of ["2.0.17", "3.1.0"])
      expect(await printed(`${version}/odd/pulse.rpt`)).toEqual([
        { ...check, open, close, crpr: 0.06 },
        { ...check, open: null, close: null, crpr: null },
      ]);
    // Four digits move the columns.
    expect(await printed("2.0.17/made/pw.rpt")).toMatchObject([
      { required: 0.2833, open: { time: 0.2, arrival: 0.2 } },
    ]);
  });

  it("are minimum periods and maximum skews", async () => {
    const period = { kind: "min-period", pin: "_7443_/CLK", period: 4, minPeriod: 3.9, slack: 0.1, violated: false };
    expect(await printed("2.0.17/made/min_period.rpt")).toEqual([period, period]);
    const skews = (await printed("2.0.17/made/max_skew.rpt")).filter(({ kind }) => kind === "max-skew");
    const skew = { kind: "max-skew", pin: "f1/S", required: 0.3, actual: 0.5, slack: -0.2, violated: true };
    const unsaid = { reference: null, referenceArrival: null, arrival: null };
    expect(skews[0]).toEqual({ ...skew, ...unsaid, referenceEdge: "^", edge: "^" });
    const said = { reference: "f1/CLK", referenceArrival: 0, arrival: 0.5 };
    expect(skews[1]).toEqual({ ...skew, ...said, referenceEdge: null, edge: null });
  });

  it("leave paths that stand alone as their rows", async () => {
    const rows = await printed("3.1.0/single/rpath.rpt");
    expect(rows[0]).toMatchObject({
      description: "clock clk_a' (rise edge)",
      cell: null,
      edge: null,
      delay: 2,
      time: 2,
    });
    expect(rows[2]).toEqual({
      kind: "path-row",
      table: 1,
      description: "g_lane[0].u_lane.u_cg_latch/CLK",
      cell: "LATCH",
      edge: "^",
      fanout: null,
      cap: null,
      slew: null,
      delay: 0,
      variation: null,
      time: 2.65,
    });
    const fields =
      "Fanout     Cap    Slew   Delay    Time   Description\n----\n     2    0.01    0.02          1000.00 v a/Y (B)\n";
    expect(await printed(fields)).toMatchObject([{ fanout: 2, cap: 0.01, slew: 0.02, delay: null, time: 1000 }]);
  });
});

describe("clocks", () => {
  it("have their period and edges, whatever the name", async () => {
    expect(await printed("3.1.0/single/clkprop.rpt")).toEqual(await printed("2.0.17/single/clkprop.rpt"));
    const clocks = await printed("2.0.17/made/clkp.rpt");
    expect(clocks[2]).toEqual({ kind: "clock", name: "clk_d", period: 8, waveform: [0, 4], generated: true });
    expect(clocks[4]).toMatchObject({ name: "a clock of a very long name 7", period: 3, waveform: [0, 1.5] });
    const blank =
      "Clock                   Period          Waveform\n-----\nclk 2                     4.00                      \n";
    expect(await printed(blank)).toMatchObject([{ name: "clk 2", period: 4, waveform: [] }]);
  });

  it("have the same skew in both versions, with positive latencies", async () => {
    const [old] = await printed("2.0.17/odd/clkskew.rpt");
    const [now] = await printed("3.1.0/odd/clkskew.rpt");
    expect(now).toEqual({ ...old, type: "setup" });
    expect(now).toMatchObject({
      clock: "clk main",
      source: { edge: "^", latency: 0.33 },
      target: { pin: "end{point}#1/CLK", edge: "^", latency: 0.27, internalLatency: null },
      uncertainty: null,
      crpr: -0.03,
      skew: 0.03,
    });
    const all = await printed("3.1.0/single/clkskew_hold.rpt");
    expect(all[0]).toMatchObject({ type: "hold", target: { latency: 0.72 }, uncertainty: -0.05, skew: -0.52 });
    expect(all[3]).toMatchObject({ clock: "vio", type: null, source: null, target: null, skew: null });
  });

  it("have latencies by their edges, each number in its column", async () => {
    const [first, second] = await printed("3.1.0/single/clklat_int.rpt");
    expect(first).toEqual({
      kind: "clock-latency",
      clock: "clk_a",
      from: "rise",
      to: "rise",
      min: { source: 0.25, network: 0.25, pin: "_7420_/CLK", internal: null, total: 0.5 },
      max: { source: 0.25, network: 0.7185, pin: "_7483_/CLK", internal: null, total: 0.9685 },
      skew: 0.4685,
    });
    expect(second).toMatchObject({ from: "rise", to: "fall", skew: 0 });
  });

  it("have minimum periods; a clock without paths has no highest frequency", async () => {
    const periods = await printed("3.1.0/single/clkminp.rpt");
    expect(periods[0]).toEqual({ kind: "clock-min-period", clock: "clk_a", minPeriod: 3.47, maxFrequency: 287.8 });
    expect(periods[3]).toMatchObject({ clock: "vio", maxFrequency: "INF" });
    expect(await printed("3.1.0/odd/minp.rpt")).toMatchObject([{ clock: "clk main" }]);
  });

  it("come with units", async () => {
    const units = await printed("3.1.0/single/units.rpt");
    expect(units[1]).toEqual({ kind: "unit", quantity: "capacitance", scale: 1, unit: "pF" });
    expect(units).toHaveLength(7);
  });
});

describe("power", () => {
  it("is exact in watts, as text and as JSON", async () => {
    const text = await printed("3.1.0/single/power.rpt");
    expect(text[0]).toEqual({
      kind: "power",
      scope: "group",
      name: "Sequential",
      internal: 4.35e-2,
      switching: 1.27e-2,
      leakage: 1.41e-7,
      total: 5.62e-2,
      share: 42.4,
    });
    expect(text.at(-1)).toEqual({ kind: "power-shares", internal: 64.1, switching: 35.9, leakage: 0 });
    const json = await printed("3.1.0/single/power_json.rpt");
    expect(json).toEqual(text.slice(0, -1).map((row) => ({ ...row, share: null })));
    const { records } = await readRecords(reports.get("3.1.0/single/power.rpt")!);
    expect(records[0]).toMatchObject({ leakage: { units: 141, digits: 9 } });
  });

  it("of instances has the names of the netlist in both versions", async () => {
    for (const version of ["2.0.17", "3.1.0"])
      expect(await printed(`${version}/single/power_inst.rpt`)).toMatchObject([
        { scope: "instance", name: "g_lane[0].u_lane.u_cg_and", share: null },
        { scope: "instance", name: "g_lane[0].u_lane.u_cg_latch" },
      ]);
    const json =
      '[\n{\n  "name": "u"1",\n  "internal": 1.0e-30,\n  "switching": nan,\n  "leakage": 0.0e+00,\n  "total": 2.5e+03\n}\n,\n{\n  "name": "u2",\n  "internal": 1e0,\n  "switching": 1e0,\n  "leakage": 1e0,\n  "total": 1e0\n}\n]\n';
    expect(await printed(json)).toMatchObject([
      { scope: "instance", name: 'u"1', internal: 1e-30, switching: null, leakage: 0, total: 2500 },
      { scope: "instance", name: "u2" },
    ]);
  });
});

describe("annotation", () => {
  it("is counted by kinds of arcs, and arcs are listed", async () => {
    const rows = await printed("2.0.17/made/ann3.rpt");
    expect(rows[0]).toEqual({
      kind: "annotation",
      of: "check",
      arcs: "cell setup arcs",
      total: 727,
      annotated: 1,
      notAnnotated: 726,
    });
    expect(rows[1]).toMatchObject({ arcs: "constant arcs", total: null, annotated: 0, notAnnotated: 0 });
    expect(rows[4]).toMatchObject({ arcs: "total", total: 2591 });
    const arc = { kind: "annotated-arc", annotated: false };
    expect(rows.slice(5, 7)).toEqual([
      { ...arc, role: "setup", from: "_7420_/CLK", to: "_7420_/D", condition: "S\\&R" },
      { ...arc, role: "min width", from: "_7420_/CLK", to: null, condition: null },
    ]);
    expect(await printed("3.1.0/single/annd_l.rpt")).toEqual(await printed("2.0.17/single/annd_l.rpt"));
  });

  it("of parasitics and activities is a count, with the pins below it", async () => {
    expect(await printed("3.1.0/single/parann.rpt")).toEqual([
      { kind: "annotation-total", of: "parasitics", origin: "unannotated", pins: 4510 },
      { kind: "annotation-total", of: "parasitics", origin: "partially unannotated", pins: 0 },
    ]);
    expect(await printed("3.1.0/single/actann.rpt")).toMatchObject([{ of: "activity", pins: 15162 }]);
    expect(await printed("Found 1 partially unannotated drivers.\n u1/Y\n  u2/A\n")).toMatchObject([
      { pins: 1 },
      { kind: "annotation-pin", pin: "u1/Y", load: null },
      { kind: "annotation-pin", pin: "u1/Y", load: "u2/A" },
    ]);
  });
});

describe("values of pins", () => {
  it("are a pair for each corner, null where there is none in either version", async () => {
    const edges = { clock: "clk_a", clockEdge: "^" };
    expect(await printed("3.1.0/single/slk_clk.rpt")).toEqual([
      { kind: "pin-times", ...edges, rise: [{ min: -2.86, max: 0.76 }], fall: [{ min: null, max: null }] },
    ]);
    const [corners] = await printed("2.0.17/corners/slk_clk.rpt");
    expect(corners).toMatchObject({ ...edges, rise: [{ min: -3.13, max: 1.92 }, { min: -2.49 }, { max: 0.76 }] });
    expect(corners!["fall"]).toEqual([1, 2, 3].map(() => ({ min: null, max: null })));
    const bare = await printed("2.0.17/made/pin_times.rpt");
    expect(bare[2]).toMatchObject({ clock: null, clockEdge: null, rise: [{ min: 0, max: 0 }] });
    expect(await printed("3.1.0/single/slews.rpt")).toEqual([
      {
        kind: "slews",
        pin: "g_lane[0].u_lane.u_cg_and/B",
        rise: [{ min: 0.04, max: 0.04 }],
        fall: [{ min: 0.05, max: 0.05 }],
      },
    ]);
  });

  it("are rows of a table by its header, and columns of 2.0.17 have the names of 3.x", async () => {
    const old = "# pin\tmax_rise_slack\tdirection\tarea\na/Y\t-1.627123e-02\toutput\t\ncut\t1\nb/Y\tinf\tinput\t3\n";
    expect(await printed(old)).toEqual([
      { kind: "pin-row", pin: "a/Y", values: { slack_max_rise: -0.01627123, direction: "output", area: null } },
      { kind: "pin-row", pin: "b/Y", values: { slack_max_rise: "INF", direction: "input", area: 3 } },
    ]);
  });
});

describe("arcs", () => {
  it("have delays, conditions and why they are disabled", async () => {
    const arcs = await printed("2.0.17/made/edges3.rpt");
    expect(arcs[0]).toEqual({
      kind: "timing-arc",
      from: "CLK",
      to: "S",
      role: "removal",
      fromEdge: "^",
      toEdge: "^",
      delays: [{ min: 0.13, max: 0.13 }],
      condition: "!D*R",
      disabledBy: "constant",
      disabled: false,
    });
    expect(arcs[4]).toMatchObject({ role: "Reg Clk to Q", condition: null, disabledBy: null });
    expect((await printed("2.0.17/made/edges4.rpt"))[1]).toMatchObject({ role: "Reg Set/Clr", disabled: true });
    expect((await printed("2.0.17/corners/edges_from.rpt"))[0]!["delays"]).toHaveLength(3);
  });

  it("that are disabled have a reason; a line alone is no proof", async () => {
    const edges = await printed("3.1.0/single/disabled.rpt");
    expect(edges[0]).toEqual({
      kind: "disabled-edge",
      instance: "_7420_",
      from: "CLK",
      to: "S",
      when: "!D*R",
      reason: "constant",
    });
    expect(edges[4]).toMatchObject({ when: null, reason: "constant S=1, timing_enable_preset_clear_arcs" });
    expect(await printed("this is constant\nthe end\n")).toEqual([]);
    expect(await printed("a/Y b/A loop\nu1 A Y constraint\n")).toMatchObject([
      { instance: null, from: "a/Y", to: "b/A", reason: "loop" },
      { instance: "u1", reason: "constraint" },
    ]);
  });

  it("have their delay calculation, with the corner of the table that was used", async () => {
    const looks = await printed("3.1.0/single/dcalc_and.rpt");
    expect(looks[1]).toEqual({
      kind: "delay-calculation",
      library: "osu018_typ",
      cell: "AND2X2",
      sense: "positive_unate",
      type: "combinational",
      from: "B",
      fromEdge: "^",
      to: "Y",
      toEdge: "^",
      process: 1,
      voltage: 1.8,
      temperature: 25,
      axes: [
        { variable: "total_output_net_capacitance", value: 0.45, remark: null },
        { variable: "input_net_transition", value: 0.04, remark: null },
      ],
      columns: [0.06, 0.18],
      rows: [
        { index: 0.15, values: [0.19, 0.2] },
        { index: 0.3, values: [0.38, 0.38] },
      ],
      tableValue: 0.56,
      scaleFactor: 1,
      quantity: "slew",
      value: 0.56,
      driverWaveformSlew: 0.56,
    });
    const [old] = await printed("2.0.17/single/dcalc_chk.rpt");
    const [now] = await printed("3.1.0/single/dcalc_chk.rpt");
    expect(now).toEqual({ ...old, sense: null });
    expect(now).toMatchObject({ quantity: "check", axes: [{ remark: "ideal clock" }, { remark: null }] });
    expect((await printed("2.0.17/made/dcalc1d.rpt")).slice(0, 2)).toMatchObject([
      { process: null, columns: [0.1, 0.2], rows: [{ index: null, values: [0.1, 0.2] }] },
      { axes: [], tableValue: 0.05, quantity: "slew", driverWaveformSlew: null },
    ]);
  });
});

describe("the netlist", () => {
  it("has nets with their pins", async () => {
    const [net, driver, load, port] = await printed("2.0.17/made/net5.rpt");
    expect(net).toEqual({
      kind: "net",
      name: "g_lane[0].u_lane.q[0]",
      pinCapacitance: { rise: 0.33, fall: 0.33, text: "r 0.33 f 0.33" },
      wireCapacitance: { rise: 0, fall: 0, text: "0.00" },
      totalCapacitance: { rise: 0.33, fall: 0.33, text: "r 0.33 f 0.33" },
      drivers: 1,
      loads: 2,
      pins: 3,
    });
    const of = { kind: "net-pin", net: "g_lane[0].u_lane.q[0]" };
    expect(driver).toEqual({
      ...of,
      role: "driver",
      pin: "_7877_/Q",
      direction: "output",
      cell: "DFFPOSX1",
      port: false,
      rest: null,
    });
    expect(load).toMatchObject({ role: "load", cell: "XOR2X1", rest: "r 0.03 f 0.03" });
    expect(port).toMatchObject({ role: "load", pin: "q[0]", cell: null, port: true, rest: "pin 0.30" });
  });

  it("has instances with their pins, what these lead to, and their children", async () => {
    const records = await printed("2.0.17/made/inst_h.rpt");
    const of = { instance: "hier[1]/sub" };
    expect(records[0]).toEqual({
      kind: "instance",
      name: "hier[1]/sub",
      cell: "sub",
      library: "verilog",
      pathCells: "sub",
    });
    expect(records[1]).toEqual({ kind: "instance-pin", ...of, pin: "ck", direction: "input", net: "c2" });
    expect(records[5]).toMatchObject({ kind: "connected-pin", pin: "d", connected: "b1/A", direction: "input" });
    expect(records.at(-1)).toEqual({ kind: "instance-child", ...of, child: "reg/with.slash[3]", cell: "DFFPOSX1" });
    expect(await printed("3.1.0/single/rinst.rpt")).toHaveLength(4);
  });

  it("has pins, connected or not", async () => {
    expect(await printed("2.0.17/made/pin2.rpt")).toEqual([
      {
        kind: "pin",
        name: "u_div_ff/S",
        direction: "input",
        capacitance: { rise: 0.01, fall: 0.02, text: "r 0.01 f 0.02" },
        net: "one_",
      },
    ]);
    expect(await printed("2.0.17/made/pin1.rpt")).toMatchObject([
      { direction: "input port", capacitance: null, net: "a[0]" },
    ]);
    expect(await printed("Pin u/QN output (unconnected)\n")).toMatchObject([{ name: "u/QN", net: null }]);
  });
});

describe("the set-up", () => {
  it("has warnings with the objects below them", async () => {
    expect((await printed("2.0.17/made/setup2.rpt")).slice(0, 2)).toEqual([
      { kind: "setup-warning", problem: "input port missing set_input_delay", count: 1, object: "set_n" },
      { kind: "setup-warning", problem: "unconstrained endpoints", count: 6, object: "_7424_/D" },
    ]);
    const { records, notes } = await readRecords(Buffer.from("Warning: There are 2 loops.\nwns -1.00\n"));
    expect(records).toMatchObject([{ kind: "figure" }]);
    expect(notes).toMatchObject([{ code: "warning-line", line: 1 }]);
  });

  it("has constraints, continued lines joined, and a cut command costs only itself", async () => {
    const written = "####################\n# Created by write_sdc\n####################\ncurrent_design top\n";
    expect(
      await printed(
        `${written}set_false_path\\\n    -from [list [get_clocks {a}]\\\n           [get_clocks {b c}]]\\\n    -to [get_ports x]\nset_load -pin_load 0.1 [get_ports {q}]\n`,
      ),
    ).toEqual([
      { kind: "constraint", command: "current_design", arguments: ["top"] },
      {
        kind: "constraint",
        command: "set_false_path",
        arguments: ["-from", "[list [get_clocks {a}] [get_clocks {b c}]]", "-to", "[get_ports x]"],
      },
      { kind: "constraint", command: "set_load", arguments: ["-pin_load", "0.1", "[get_ports {q}]"] },
    ]);
    expect(await printed(`${written}set_false_path\\\nwns -1.00\nset_units -time ns\n`)).toMatchObject([
      { command: "current_design" },
      { kind: "figure" },
    ]);
  });
});

describe("a text that is said to be of a format", () => {
  it("is read where no line of it could tell: names, constants, properties, SDC as people write it", async () => {
    expect(await printed("3.1.0/odd/fanin.rpt", { as: "names" })).toHaveLength(7);
    expect((await printed("3.1.0/odd/names.rpt", { as: "names" }))[11]).toEqual({
      kind: "name",
      name: "hier[0].sub/inv\\\\x[0]",
    });
    expect(await printed("{a b} {c {d e}} f\\ g plain/x[1]\n{open\n", { as: "names" })).toEqual(
      ["a b", "c {d e}", "f g", "plain/x[1]", "{open"].map((name) => ({ kind: "name", name })),
    );
    expect(await printed("2.0.17/made/const2.rpt", { as: "constants" })).toMatchObject([
      { kind: "constant", pin: "en[0]", value: "1", caseValue: "1", logicValue: null },
      { pin: "op[0]", value: "0", caseValue: null, logicValue: "0" },
      { pin: "P0002", value: "X" },
      ...Array.from({ length: 6 }, () => ({ kind: "constant" })),
    ]);
    const properties = await printed("3.1.0/single/props.rpt", { as: "properties" });
    expect(properties).toContainEqual({ kind: "property", name: "slack_max_rise", text: "1.627123", value: 1.627123 });
    expect(properties).toContainEqual({ kind: "property", name: "clocks", text: "", value: null });
    const sdc = "# mine\nset_false_path -from [get_clocks {\n  a\n  b}]\nset x 1; set_load 0.1 q\nset_load {";
    expect(await printed(sdc, { as: "sdc" })).toMatchObject([
      { command: "set_false_path", arguments: ["-from", expect.stringContaining("a")] },
      { command: "set", arguments: ["x", "1"] },
      { command: "set_load", arguments: ["0.1", "q"] },
      { command: "set_load" },
    ]);
  });

  it("is read as that alone", async () => {
    const text = "wns -1.00\n time 1ns\n";
    expect(await printed(text)).toHaveLength(2);
    expect(await printed(text, { as: "units" })).toMatchObject([{ kind: "unit" }]);
    expect(await printed(text, { as: "full" })).toEqual([]);
  });

  it("has a name of its own for every format", () => {
    expect(new Set(formatNames).size).toBe(formatNames.length);
    for (const { name } of reportFormats) expect(formatsNamed(name)).toHaveLength(1);
    expect(formatNames).toContain("names");
    expect(() => formatsNamed("nosuch")).toThrow(/there is no format nosuch; take one of full, end, /);
  });
});
