import { parseFigure } from "../figure-text.js";
import { toNumber } from "../printed-number.js";
import type { Printed } from "../records/printed.js";
import { StaError } from "../sta-error.js";
import type { CommandResult } from "./command-result.js";
import type { CommandOptions } from "./session-options.js";
import { parseTclList, tclWord, TclListError } from "../tcl-list.js";

export interface ClockInfo {
  readonly name: string;
  /** In the tool's time unit. */
  readonly period: number;
  /** Pins and ports that it comes from; none if it is virtual. */
  readonly sources: readonly string[];
  readonly generated: boolean;
  readonly propagated: boolean;
}

export interface FanOptions extends CommandOptions {
  /** Through hierarchical boundaries to the leaves. */
  readonly flat?: boolean;
  /** Instances in place of pins. */
  readonly onlyCells?: boolean;
  /** Only where paths begin (fanin) or end (fanout). */
  readonly startpointsOnly?: boolean;
  /** How many levels of instances; default all. */
  readonly levels?: number;
}

/** Runs a question that leaves the design as it is. */
export type Ask = (command: string, options: CommandOptions) => Promise<CommandResult>;

/** The clocks, in the order of their definition. */
export async function askClocks(ask: Ask, options: CommandOptions): Promise<ClockInfo[]> {
  // It also brings the periods of generated clocks up to date, which read 0 before.
  const printed = (await answer(ask, "report_clock_properties", options)).output.split("\n");
  const { result } = await answer(
    ask,
    `apply {{} {
      set clocks {}
      foreach clock [get_clocks *] {
        set sources {}
        foreach source [get_property $clock sources] { lappend sources [get_full_name $source] }
        if {[catch {get_property $clock is_propagated} propagated]} { set propagated [get_property $clock propagated] }
        lappend clocks [list [get_property $clock full_name] [get_property $clock period] $sources $propagated]
      }
      return $clocks
    }}`,
    options,
  );
  return read(result, (list) =>
    parseTclList(list).map((clock) => {
      const [name = "", period = "", sources = "", propagated] = parseTclList(clock);
      return {
        name,
        period: Number(period),
        sources: parseTclList(sources),
        generated: printed.some((line) => line.startsWith(`${name} `) && line.endsWith("(generated)")),
        propagated: propagated === "1",
      };
    }),
  );
}

/** The worst slack of all paths of a type, in the tool's time unit; null if no path is constrained. */
export async function askWorstSlack(ask: Ask, type: "max" | "min", options: CommandOptions): Promise<number | null> {
  const slack = Number((await answer(ask, `worst_slack -${type}`, options)).result);
  return Math.abs(slack) < unconstrained ? slack : null;
}

/** 1e30 seconds is the tool's infinity; a time unit of up to seconds leaves it far above this. */
const unconstrained = 1e27;

/** The names of all pins and ports where paths end. */
export async function askEndpoints(ask: Ask, options: CommandOptions): Promise<string[]> {
  return await askNames(ask, "[::sta::endpoints]", options);
}

/** Pins (or cells) from which, or to which, signals come. */
export async function askFan(
  ask: Ask,
  direction: "fanin" | "fanout",
  pins: string | readonly string[],
  options: FanOptions,
): Promise<string[]> {
  const { flat, onlyCells, startpointsOnly, levels } = options;
  if (levels !== undefined && !(Number.isInteger(levels) && levels >= 1 && levels < 2 ** 31))
    throw new StaError("invalid-request", `levels is ${levels}`, "Give a whole number from 1 up, or leave it out.");
  const names = typeof pins === "string" ? [pins] : pins;
  if (names.length === 0 || names.includes(""))
    throw new StaError("invalid-request", `get_${direction} needs a pin`, "Name at least one pin, port or net.");
  const words = [
    `get_${direction}`,
    direction === "fanin" ? "-to" : "-from",
    `[list ${names.map(tclWord).join(" ")}]`,
    ...(flat ? ["-flat"] : []),
    ...(onlyCells ? ["-only_cells"] : []),
    ...(startpointsOnly ? [direction === "fanin" ? "-startpoints_only" : "-endpoints_only"] : []),
    ...(levels === undefined ? [] : ["-levels", String(levels)]),
  ];
  return await askNames(ask, `[${words.join(" ")}]`, options);
}

/** Whether the design has a path group of this name: for an unknown one the tool reports all groups. */
export async function hasPathGroup(ask: Ask, name: string, options: CommandOptions): Promise<boolean> {
  return (await answer(ask, `::sta::is_path_group_name ${tclWord(name)}`, options)).result === "1";
}

async function askNames(ask: Ask, objects: string, options: CommandOptions): Promise<string[]> {
  const command = `apply {{} {
    set names {}
    foreach object ${objects} { lappend names [get_full_name $object] }
    return $names
  }}`;
  const reply = await answer(ask, command, options);
  // A name that is not there is only warned of, and the list is then of the others.
  const missing = reply.warnings.find(({ text }) => text.includes("not found"));
  if (missing)
    throw new StaError("invalid-request", missing.text, "Check the name; the tool knows names as it prints them.");
  // The top of the design, which holds the ports, is an instance without a name.
  return read(reply.result, parseTclList).filter((name) => name !== "");
}

async function answer(ask: Ask, command: string, options: CommandOptions): Promise<CommandResult> {
  const reply = await ask(command, options);
  if (reply.error) throw reply.error;
  return reply;
}

function read<T>(result: string, reader: (list: string) => T): T {
  try {
    return reader(result);
  } catch (cause) {
    if (!(cause instanceof TclListError)) throw cause;
    throw new StaError(
      "command-failed",
      `the tool's answer is no list: ${cause.message}`,
      "Run the command by hand to see it.",
      {
        cause,
        output: result.slice(0, 2000),
      },
    );
  }
}

/** The worst slack of each endpoint that is constrained, rising or falling, in the tool's time unit. */
export async function askEndpointSlacks(
  ask: Ask,
  properties: readonly [rise: string, fall: string],
  options: CommandOptions,
): Promise<Map<string, Printed>> {
  const command = `apply {{} {
    set slacks {}
    foreach object [::sta::endpoints] {
      lappend slacks [get_full_name $object] [get_property $object ${properties[0]}] [get_property $object ${properties[1]}]
    }
    return $slacks
  }}`;
  const words = read((await answer(ask, command, options)).result, parseTclList);
  const slacks = new Map<string, Printed>();
  for (let at = 0; at + 2 < words.length; at += 3) {
    const [name, ...printed] = words.slice(at, at + 3) as [string, string, string];
    const worst = printed
      .map(parseFigure)
      .filter((slack): slack is Printed => slack !== null && typeof slack !== "string")
      .toSorted((one, other) => toNumber(one.units, one.digits) - toNumber(other.units, other.digits))[0];
    if (worst) slacks.set(name, worst);
  }
  return slacks;
}
