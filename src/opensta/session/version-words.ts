import { parseTclList, formatTclList, tclWord } from "../tcl-list.js";
import type { ToolGeneration } from "./tool-version.js";

/** What a word is: an option of a command, a path group, a field of a path report, or a property of an object. */
export type WordKind = "option" | "group" | "field" | "property";

interface Renamed {
  readonly kind: WordKind;
  readonly 2: string;
  readonly 3: string;
  /** Of which commands it is an option; the same word may mean something else elsewhere. */
  readonly commands?: readonly string[];
}

const pathQueries = ["report_checks", "find_timing_paths"];

/** Every word that 2.0.17 and 3.1.0 call differently, and that can be said to both. */
const renamed: readonly Renamed[] = [
  { kind: "option", 2: "-group_count", 3: "-group_path_count", commands: pathQueries },
  { kind: "option", 2: "-endpoint_count", 3: "-endpoint_path_count", commands: pathQueries },
  { kind: "option", 2: "-corner", 3: "-scenes", commands: [...pathQueries, "report_clock_skew", "report_check_types"] },
  {
    kind: "option",
    2: "-corner",
    3: "-scene",
    commands: ["report_power", "report_dcalc", "report_arrival", "report_slack", "report_required"],
  },
  { kind: "option", 2: "-clock", 3: "-clocks", commands: ["report_clock_skew"] },
  { kind: "option", 2: "-all_violators", 3: "-violators", commands: ["report_check_types"] },
  { kind: "option", 2: "-max_transition", 3: "-max_slew", commands: ["report_check_types"] },
  { kind: "option", 2: "-min_transition", 3: "-min_slew", commands: ["report_check_types"] },
  {
    kind: "option",
    2: "-list_annotated",
    3: "-report_annotated",
    commands: ["report_annotated_delay", "report_annotated_check"],
  },
  {
    kind: "option",
    2: "-list_not_annotated",
    3: "-report_unannotated",
    commands: ["report_annotated_delay", "report_annotated_check"],
  },
  { kind: "group", 2: "**async_default**", 3: "asynchronous" },
  { kind: "group", 2: "**clock_gating_default**", 3: "gated clock" },
  { kind: "group", 2: "(none)", 3: "unconstrained" },
  { kind: "field", 2: "cap", 3: "capacitance" },
  { kind: "property", 2: "max_rise_slack", 3: "slack_max_rise" },
  { kind: "property", 2: "max_fall_slack", 3: "slack_max_fall" },
  { kind: "property", 2: "min_rise_slack", 3: "slack_min_rise" },
  { kind: "property", 2: "min_fall_slack", 3: "slack_min_fall" },
];

/**
 * What a version calls a word that either version knows; words that both call alike stay as they are.
 * @example versionWord("group", "asynchronous", 2) // "**async_default**"
 */
export function versionWord(kind: WordKind, word: string, generation: ToolGeneration, command?: string): string {
  const entry = renamed.find(
    (each) =>
      each.kind === kind &&
      (each[2] === word || each[3] === word) &&
      (each.commands === undefined || command === undefined || each.commands.includes(command)),
  );
  return entry ? entry[generation] : word;
}

/**
 * A command in the words of a version: its options, and the path groups and fields that they name. Words in variables
 * and brackets stay as they are.
 * @example translateCommand(["report_checks", "-group_count", "10"], 3) // ["report_checks", "-group_path_count", "10"]
 */
export function translateCommand(words: readonly string[], generation: ToolGeneration): string[] {
  const [command = "", ...rest] = words;
  return [
    command,
    ...rest.map((word, at) => {
      if (word.startsWith("-")) return versionWord("option", word, generation, command);
      if (rest[at - 1] === "-path_group") return eachOf(word, (name) => versionWord("group", name, generation));
      if (rest[at - 1] === "-fields") return eachOf(word, (name) => versionWord("field", name, generation));
      return word;
    }),
  ];
}

/** Maps the elements of a list that is written out. */
function eachOf(word: string, map: (element: string) => string): string {
  if (/^[[$]/.test(word)) return word;
  const [list = ""] = parseTclList(word);
  return tclWord(formatTclList(parseTclList(list).map(map)));
}
