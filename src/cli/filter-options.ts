import { type Command, InvalidArgumentError } from "commander";
import type { PathFilter } from "../opensta/filter/path-filter.js";
import { type Box, type Placement, readPlacement } from "../opensta/filter/placement.js";
import { openSource } from "../opensta/open-source.js";
import { SourceError } from "../opensta/source-error.js";
import { UsageError } from "./exit-codes.js";
import { decimalNumber, pathType } from "./option-values.js";

/** Options of commands that print paths. */
export interface FilterOptions {
  readonly slackMax?: number;
  readonly slackMin?: number;
  readonly type?: "max" | "min";
  readonly group?: string[];
  readonly corner?: string[];
  readonly launchClock?: string[];
  readonly captureClock?: string[];
  readonly from?: string[];
  readonly through?: string[];
  readonly to?: string[];
  readonly def?: string;
  readonly region?: Box;
}

/** Adds the options; patterns are globs with * and ?, and of several one has to match. */
export function withFilterOptions(command: Command): Command {
  const pattern = (value: string, all: string[] | undefined) => [...(all ?? []), value];
  return command
    .option("--slack-max <slack>", "only paths with this slack or less", decimalNumber)
    .option("--slack-min <slack>", "only paths with this slack or more", decimalNumber)
    .option("--type <type>", "only max (setup) or min (hold)", pathType)
    .option("--group <glob>", "only these path groups; may be given several times, as all that follow", pattern)
    .option("--corner <glob>", "only these corners", pattern)
    .option("--launch-clock <glob>", "only paths that an edge of these clocks begins", pattern)
    .option("--capture-clock <glob>", "only paths that an edge of these clocks captures", pattern)
    .option("--from <glob>", "only paths from these instances, ports or pins", pattern)
    .option("--through <glob>", "only paths through these pins", pattern)
    .option("--to <glob>", "only paths to these instances, ports or pins", pattern)
    .option("--def <file>", "the placement that --region is of")
    .option("--region <box>", "only paths that touch an instance placed here: left,bottom,right,top in microns", box);
}

/** The filter that was asked for; null if none was. */
export async function filterOf(options: FilterOptions): Promise<PathFilter | null> {
  const { slackMax, slackMin, type, def, region } = options;
  if ((def === undefined) !== (region === undefined))
    throw new UsageError("--region and --def belong together", "Give a rectangle, and the DEF file that it is of.");
  const given: PathFilter = {
    ...(slackMax === undefined ? {} : { slackMax }),
    ...(slackMin === undefined ? {} : { slackMin }),
    ...(type === undefined ? {} : { type }),
    ...(options.group ? { groups: options.group } : {}),
    ...(options.corner ? { corners: options.corner } : {}),
    ...(options.launchClock ? { launchClocks: options.launchClock } : {}),
    ...(options.captureClock ? { captureClocks: options.captureClock } : {}),
    ...(options.from ? { startpoints: options.from } : {}),
    ...(options.through ? { throughs: options.through } : {}),
    ...(options.to ? { endpoints: options.to } : {}),
    ...(def !== undefined && region ? { region: (await placementOf(def)).within(region) } : {}),
  };
  return Object.keys(given).length === 0 ? null : given;
}

async function placementOf(def: string): Promise<Placement> {
  try {
    return await readPlacement(openSource(def));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new SourceError(def, `${def} is no whole DEF file: ${cause.message}`, "Write it again.", { cause });
  }
}

function box(text: string): Box {
  const [left, bottom, right, top, ...rest] = text.split(",").map(Number);
  if (rest.length > 0 || ![left, bottom, right, top].every((value) => Number.isFinite(value)))
    throw new InvalidArgumentError("It is left,bottom,right,top in microns, such as 0,0,50.5,80.");
  if (left! > right! || bottom! > top!)
    throw new InvalidArgumentError("Left is not above right, nor bottom above top.");
  return { left: left!, bottom: bottom!, right: right!, top: top! };
}
