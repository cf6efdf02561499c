import { sdcCommands } from "../sdc-commands.js";

/** Commands that leave the design and the Tcl variables as they are. Whatever is not here counts as a change. */
const readOnlyCommands = new Set(
  `
  all_clocks all_inputs all_outputs all_registers
  check_setup
  concat
  find_timing_paths format
  get_cells get_clocks get_designs get_fanin get_fanout get_full_name get_lib_cells get_lib_pins get_libs get_name
  get_nets get_object_type get_path_groups get_pins get_ports get_property get_scenes get_timing_edges
  join
  lindex list llength lrange
  puts
  report_activity_annotation report_annotated_check report_annotated_delay report_arrival report_arrivals report_cell
  report_check_types report_checks report_clock_latency report_clock_min_period report_clock_properties
  report_clock_skew report_constant report_dcalc report_disabled_edges report_edges report_fanin report_fanout
  report_instance report_lib_cell report_loops report_net report_object_full_names report_object_names
  report_parasitic_annotation report_path report_power report_pulse_width_checks report_required report_slack
  report_slacks report_slews report_timing_histogram report_tns report_units report_wns report_worst_slack
  split string
  total_negative_slack
  worst_clock_skew worst_negative_slack worst_slack
  write_path_spice write_sdc write_sdf write_stats write_timing_model write_verilog
  `
    .trim()
    .split(/\s+/),
);

/** Of those, the ones that make the tool bring its timing up to date anyway. */
const timingCommands = /^(?:report_(?:checks|check_types|tns|wns|worst_slack|power)|find_timing_paths)$/;

/**
 * Whether a command may leave another design, or other variables, behind it. Only commands of a closed list do not, and
 * only if every command nested in brackets is on it too; loops, procedures and anything unknown count as a change. Too
 * careful costs a needless replay, too careless a wrong design.
 * @example changesState("report_checks -to [get_pins u1/D]") // false
 */
export function changesState(command: string): boolean {
  return sdcCommands(command).some(
    (words) =>
      !readOnlyCommands.has(words[0]!) || words.slice(1).some((word) => nestedCommands(word).some(changesState)),
  );
}

/** Whether a command asks for timing: what follows it knows the figures of this state. */
export function asksForTiming(command: string): boolean {
  return sdcCommands(command).some((words) => timingCommands.test(words[0]!));
}

/** The scripts in the brackets of a word. Braces keep theirs from being run, but not `{*}`. */
function nestedCommands(word: string): string[] {
  if (word.startsWith("{") && !word.startsWith("{*}")) return [];
  const scripts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < word.length; at++) {
    const character = word[at]!;
    if (character === "\\") at++;
    else if (character === "[" && depth++ === 0) from = at + 1;
    else if (character === "]" && depth > 0 && --depth === 0) scripts.push(word.slice(from, at));
  }
  return depth > 0 ? [...scripts, word.slice(from)] : scripts;
}
