import { type FileKind, fileKind } from "../../schemas/stage-seal.js";
import type { ReportRecord } from "./report-records.js";

type RecordKind = ReportRecord["kind"];

/** What a file is that holds such records; docs/reports.md has the table. What is not here is no kind of its own. */
const kindOf: Partial<Record<RecordKind, FileKind>> = {
  path: "paths",
  endpoint: "endpoints",
  "short-path": "summaries",
  summary: "summaries",
  "group-slack": "summaries",
  check: "summaries",
  "histogram-bin": "summaries",
  figure: "figures",
  "limit-check": "checks",
  "pulse-width": "checks",
  "min-period": "checks",
  "max-skew": "checks",
  clock: "clocks",
  "clock-skew": "clocks",
  "clock-latency": "clocks",
  "clock-min-period": "clocks",
  power: "power",
  annotation: "annotation",
  "annotation-total": "annotation",
  "pin-row": "pins",
  "pin-times": "pin-values",
  slews: "pin-values",
  "path-row": "pin-values",
  "timing-arc": "arcs",
  "disabled-edge": "arcs",
  "delay-calculation": "arcs",
  net: "netlist",
  instance: "netlist",
  pin: "netlist",
  "setup-warning": "setup",
  unit: "setup",
  constraint: "sdc",
};

const sdcCommands =
  /^\s*(?:current_design|create_clock|create_generated_clock|set_(?:input|output)_delay|set_clock_\w+|set_false_path|set_multicycle_path|set_(?:max|min)_delay|set_load|set_units|group_path|set_propagated_clock)\b/m;

/** What a captured file is, from the records that were seen in it and how its text begins. */
export function reportKind(seen: ReadonlySet<RecordKind>, beginning: string): FileKind {
  const kinds = new Set([...seen].map((kind) => kindOf[kind]));
  // A file may hold several kinds: the first of them all names it.
  const first = fileKind.options.find((kind) => kinds.has(kind));
  if (first) return first;
  if (/^# ?pin\t/.test(beginning)) return "pins";
  return sdcCommands.test(beginning) ? "sdc" : "text";
}
