import type { FileKind } from "../../schemas/stage-seal.js";

/** What the scanner saw in a file. */
export interface SeenRecords {
  readonly paths: number;
  readonly endpoints: number;
  readonly figures: number;
}

const sdcCommands =
  /^\s*(?:current_design|create_clock|create_generated_clock|set_(?:input|output)_delay|set_clock_\w+|set_false_path|set_multicycle_path|set_(?:max|min)_delay|set_load|set_units|group_path|set_propagated_clock)\b/m;

/** What a captured file is, from what was seen in it and how its text begins; docs/reports.md has the table. */
export function reportKind(seen: SeenRecords, beginning: string): FileKind {
  if (seen.paths > 0) return "paths";
  if (seen.endpoints > 0) return "endpoints";
  if (seen.figures > 0) return "figures";
  if (/^# ?pin\t/.test(beginning)) return "pins";
  return sdcCommands.test(beginning) ? "sdc" : "text";
}
