import { StaError } from "../sta-error.js";
import { formatTclList, tclWord } from "../tcl-list.js";
import type { ToolVersion } from "./tool-version.js";
import { translateCommand } from "./version-words.js";

export type PathDelay = "min" | "min_rise" | "min_fall" | "max" | "max_rise" | "max_fall" | "min_max";
export type PathFormat =
  "full" | "full_clock" | "full_clock_expanded" | "short" | "end" | "summary" | "slack_only" | "json";
export type PathField =
  "capacitance" | "slew" | "input_pin" | "net" | "fanout" | "hierarchical_pins" | "src_attr" | "variation";

/** Names of clocks, instances, ports or pins, as the tool prints them; `*` and `?` stand for any characters. */
export type ObjectNames = string | readonly string[];

/** Which paths, and how they are printed. What is not given is the tool's own default. */
export interface ReportChecksQuery {
  readonly pathDelay?: PathDelay;
  /** Endpoints of each path group. */
  readonly endpoints?: number;
  /** Paths to each endpoint; default 1. */
  readonly pathsPerEndpoint?: number;
  /** Only paths with less slack, in the tool's time unit. */
  readonly slackThreshold?: number;
  /** Path groups, in the words of either version. */
  readonly group?: ObjectNames;
  readonly from?: ObjectNames;
  /** Each element is passed in turn; a list is any one of it. */
  readonly through?: readonly ObjectNames[];
  readonly to?: ObjectNames;
  /** Corner (2.x) or scene (3.x). */
  readonly corner?: string;
  readonly fields?: readonly PathField[];
  readonly format?: PathFormat;
  readonly digits?: number;
}

const delays: readonly PathDelay[] = ["min", "min_rise", "min_fall", "max", "max_rise", "max_fall", "min_max"];
const formats: readonly PathFormat[] = [
  "full",
  "full_clock",
  "full_clock_expanded",
  "short",
  "end",
  "summary",
  "slack_only",
  "json",
];
const fieldsOf: Readonly<Record<2 | 3, readonly PathField[]>> = {
  2: ["capacitance", "slew", "input_pin", "net"],
  3: ["capacitance", "slew", "input_pin", "net", "fanout", "hierarchical_pins", "src_attr", "variation"],
};

/** The tool counts paths in 32 bits. */
const countMax = 2 ** 31 - 1;

/**
 * The report_checks command of a version. Names are quoted for Tcl: nothing in them is run.
 * @throws StaError `invalid-request` naming the option that is wrong, or that the version does not have.
 * @example reportChecksCommand({ pathDelay: "max", endpoints: 100 }, version) // report_checks -path_delay max -group_count 100 …
 */
export function reportChecksCommand(query: ReportChecksQuery, version: ToolVersion): string {
  const { pathDelay, endpoints, pathsPerEndpoint, slackThreshold, group, from, through = [], to, corner } = query;
  const { fields, format, digits } = query;
  oneOf("pathDelay", pathDelay, delays);
  oneOf("format", format, version.generation === 3 ? formats : formats.filter((each) => each !== "json"), version);
  for (const field of fields ?? []) oneOf("fields", field, fieldsOf[version.generation], version);
  count("endpoints", endpoints, countMax);
  count("pathsPerEndpoint", pathsPerEndpoint, countMax);
  count("digits", digits, 15, 0);
  if (slackThreshold !== undefined && !Number.isFinite(slackThreshold))
    throw invalid("slackThreshold", slackThreshold, "Give a number in the tool's time unit.");
  const words = [
    "report_checks",
    ...option("-path_delay", pathDelay),
    ...option("-group_path_count", endpoints && Math.min(countMax, endpoints * (pathsPerEndpoint ?? 1))),
    ...option("-endpoint_path_count", pathsPerEndpoint),
    ...option("-slack_max", slackThreshold),
    ...option("-path_group", list("group", group)),
    ...option("-from", list("from", from)),
    ...through.flatMap((names) => option("-through", list("through", names))),
    ...option("-to", list("to", to)),
    ...option("-scenes", corner === undefined ? undefined : list("corner", corner)),
    ...option("-fields", fields && formatTclList(fields)),
    ...option("-format", format),
    ...option("-digits", digits),
  ];
  return translateCommand(words, version.generation).join(" ");
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [name, tclWord(String(value))];
}

function list(name: string, names: ObjectNames | undefined): string | undefined {
  if (names === undefined) return undefined;
  const all = typeof names === "string" ? [names] : names;
  if (all.length === 0 || all.includes(""))
    throw invalid(name, "nothing", "Name at least one object, or leave it out.");
  return formatTclList(all);
}

function oneOf(name: string, value: string | undefined, allowed: readonly string[], version?: ToolVersion): void {
  if (value === undefined || allowed.includes(value)) return;
  const whose = version ? `${version.tool} ${version.version} has` : "It is one of";
  throw invalid(name, value, `${whose} ${allowed.join(", ")}.`);
}

function count(name: string, value: number | undefined, max: number, min = 1): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw invalid(name, value, `Give a whole number from ${min} to ${max}.`);
}

function invalid(name: string, value: string | number, cure: string): StaError {
  return new StaError("invalid-request", `${name} is ${value}, which report_checks does not take`, cure, {
    command: "report_checks",
  });
}
