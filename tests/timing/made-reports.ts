/** The files that a flow keeps of a stage, of made designs. */
import { renderEnd } from "../../src/opensta/render/end-report.js";
import { renderPath } from "../../src/opensta/render/full-report.js";
import type { EndpointSlack } from "../../src/opensta/report-records.js";
import type { MadeDesign } from "./made-design.js";
import { type MadePath, printed } from "./made-path-writer.js";
import { pathsOf } from "./made-paths.js";
import { pinTableText } from "./made-pin-table.js";
import type { MadeStyle } from "./made-style.js";
import { MadeTiming, type MadeType } from "./made-timing.js";

/** Texts by file name. */
export function reportsOf(design: MadeDesign, style: MadeStyle): Map<string, string> {
  const timing = new MadeTiming(design);
  const max = pathsOf(timing, "max", style);
  const min = pathsOf(timing, "min", style);
  const warning = style.warnings ? warnings[style.version] : "";
  const full = (paths: readonly MadePath[]) => warning + fullText(paths, style);
  return new Map([
    ["max_full.rpt", full(max)],
    ["min_full.rpt", full(min)],
    ["minmax_full.rpt", full([...min.slice(0, 40), ...max.slice(0, 40)])],
    ["max_end.rpt", endText(max, "max", style)],
    ["min_end.rpt", endText(min, "min", style)],
    ["pins.tsv", pinTableText(timing, style)],
    ["out.sdc", sdcText(design, style)],
  ]);
}

const warnings = {
  "2.0.17": "Warning: run.tcl, 12 no common period was found between clocks clk_a0 and clk_b1.\n",
  "3.1.0": "Warning 355: run.tcl line 12, No common period was found between clocks clk_a0 and clk_b1.\n",
} as const;

function fullText(paths: readonly MadePath[], style: MadeStyle): string {
  if (paths.length === 0) return "No paths found.\n";
  return paths.map(({ path, borrow }) => renderPath(path, style, borrow)).join("");
}

function endText(paths: readonly MadePath[], type: MadeType, style: MadeStyle): string {
  if (paths.length === 0) return "No paths found.\n";
  const rows = paths.map(({ path, pin, cell, arrival, required, slack }): EndpointSlack => {
    const figure = (value: number) => (Number.isFinite(value) ? printed(value, style.digits) : infinite(value));
    return {
      kind: "endpoint",
      pin,
      cell,
      group: path.group,
      type,
      required: figure(required),
      actual: figure(arrival),
      slack: figure(slack),
      met: slack >= 0,
      byteOffset: 0,
      line: 0,
    };
  });
  return [...renderEnd(rows, style)].join("");
}

const infinite = (value: number) => (value > 0 ? "INF" : "-INF");

function sdcText({ clocks, inputs, outputs }: MadeDesign, { version }: MadeStyle): string {
  const rule = `${"#".repeat(79)}\n`;
  const lines = [`${rule}# Created by write_sdc\n${rule}current_design top`];
  const named = (clock: number) => `[get_clocks {${clocks[clock]!.name}}]`;
  for (const { name, period, port, propagated, uncertainty } of clocks) {
    const waveform = version === "2.0.17" ? ` -waveform {0.0000 ${(period / 2).toFixed(4)}}` : "";
    lines.push(`create_clock -name ${word(name)} -period ${period.toFixed(4)}${waveform} [get_ports {${port}}]`);
    if (propagated) lines.push(`set_propagated_clock [get_clocks {${name}}]`);
    if (uncertainty > 0) lines.push(`set_clock_uncertainty ${uncertainty.toFixed(4)} ${word(name)}`);
  }
  for (const { name, clock, delay } of inputs)
    if (clock !== null)
      lines.push(`set_input_delay ${delay.toFixed(4)} -clock ${named(clock)} -add_delay [get_ports {${name}}]`);
  for (const { name, clock, delay } of outputs)
    if (clock !== null)
      lines.push(`set_output_delay ${delay.toFixed(4)} -clock ${named(clock)} -add_delay [get_ports {${name}}]`);
  return `${lines.join("\n")}\n`;
}

const word = (name: string): string => (/[ [\]]/.test(name) ? `{${name}}` : name);
