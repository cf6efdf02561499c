import type { PathColumns, ReportNames } from "../path-columns.js";
import type { Names } from "../names.js";
import { toNumber } from "../printed-number.js";
import { matchesAny } from "./glob.js";
import type { Region } from "./placement.js";

/** Which paths are wanted: all that is given has to hold. Patterns are globs; of several, one has to match. */
export interface PathFilter {
  /** Slack in the report's unit, bounds included. -INF is below any bound, INF and unconstrained above. */
  readonly slackMax?: number;
  readonly slackMin?: number;
  readonly groups?: readonly string[];
  /** max is setup, min is hold. */
  readonly type?: "max" | "min";
  readonly corners?: readonly string[];
  /** The clock whose edge begins the path, and the one that captures it. */
  readonly launchClocks?: readonly string[];
  readonly captureClocks?: readonly string[];
  /** Instance, port or pin. */
  readonly startpoints?: readonly string[];
  readonly endpoints?: readonly string[];
  /** A pin of the data path. */
  readonly throughs?: readonly string[];
  /** A pin of the data path belongs to an instance that is placed there. */
  readonly region?: Region;
}

/** Whether path `index` of a batch is wanted; works on columns, so that no object is made for what is not. */
export type CompiledFilter = (columns: PathColumns, index: number) => boolean;

const lists = ["groups", "corners", "launchClocks", "captureClocks", "startpoints", "endpoints", "throughs"] as const;

/** Refuses what types would refuse, where a program has none. */
function assertFilter(filter: PathFilter): void {
  for (const name of lists) {
    const patterns: unknown = filter[name];
    if (patterns !== undefined && !(Array.isArray(patterns) && patterns.every((each) => typeof each === "string")))
      throw new RangeError(`filter.${name} is a list of patterns, such as ["clk_*"]`);
  }
  for (const name of ["slackMax", "slackMin"] as const)
    if (filter[name] !== undefined && Number.isNaN(filter[name])) throw new RangeError(`filter.${name} is a number`);
}

/**
 * Makes the filter ready for one report, whose names it asks about once each.
 * @throws RangeError for a filter that is none.
 */
export function compileFilter(filter: PathFilter, names: ReportNames): CompiledFilter {
  assertFilter(filter);
  const { slackMax = Infinity, slackMin = -Infinity, type, groups, corners, launchClocks, captureClocks } = filter;
  const { startpoints, endpoints, throughs, region } = filter;
  const tests: CompiledFilter[] = [];
  if (slackMax !== Infinity || slackMin !== -Infinity)
    tests.push(({ slack, digits }, index) => {
      const value = toNumber(slack[index]!, digits[index]!);
      return value <= slackMax && value >= slackMin;
    });
  const byName = (patterns: readonly string[] | undefined, column: "group" | "type" | "corner") => {
    if (!patterns) return;
    const wanted = new Verdicts(names.others, (name) => matchesAny(patterns, name));
    tests.push((columns, index) => wanted.of(columns[column][index]!));
  };
  byName(type === undefined ? undefined : [type], "type");
  byName(groups, "group");
  byName(corners, "corner");
  const byClock = (patterns: readonly string[] | undefined, part: 0 | 1) => {
    if (!patterns) return;
    const isClock = new Verdicts(names.others, (label) => clockOf(label) !== null);
    const wanted = new Verdicts(names.others, (label) => matchesAny(patterns, clockOf(label) ?? ""));
    tests.push((columns, index) => {
      const row = rowOf(columns, index, part, (at) => columns.rowCell[at]! < 0 && isClock.of(columns.rowName[at]!));
      return row >= 0 && wanted.of(columns.rowName[row]!);
    });
  };
  byClock(launchClocks, 0);
  byClock(captureClocks, 1);
  if (endpoints) {
    const wanted = new Verdicts(names.pins, (pin) => matchesAny(endpoints, pin));
    tests.push((columns, index) => wanted.of(columns.endPin[index]!) || matchesAny(endpoints, columns.endpoint(index)));
  }
  if (startpoints)
    tests.push((columns, index) => {
      const start = columns.startpoint(index);
      if (matchesAny(startpoints, start)) return true;
      const own = `${start}/`;
      return (
        rowOf(columns, index, 0, (at) => {
          if (columns.rowCell[at]! < 0) return false;
          const pin = names.pins.text(columns.rowName[at]!);
          return pin.startsWith(own) && matchesAny(startpoints, pin);
        }) >= 0
      );
    });
  const byPin = (isWanted: (pin: string) => boolean) => {
    const wanted = new Verdicts(names.pins, isWanted);
    tests.push(
      (columns, index) =>
        rowOf(columns, index, 0, (at) => columns.rowCell[at]! >= 0 && wanted.of(columns.rowName[at]!)) >= 0,
    );
  };
  if (throughs) byPin((pin) => matchesAny(throughs, pin));
  if (region) byPin((pin) => region.has(instanceOf(pin)));
  return (columns, index) => tests.every((test) => test(columns, index));
}

/** What was found out about each name: asked once, kept as a byte. */
export class Verdicts {
  #known = new Uint8Array(1024);

  constructor(
    private readonly names: Names,
    private readonly ask: (name: string) => boolean,
  ) {}

  of(id: number): boolean {
    if (id < 0) return false;
    if (id >= this.#known.length) {
      const larger = new Uint8Array(Math.max(id + 1, this.#known.length * 2));
      larger.set(this.#known);
      this.#known = larger;
    }
    if (this.#known[id] === 0) this.#known[id] = this.ask(this.names.text(id)) ? 1 : 2;
    return this.#known[id] === 1;
  }
}

/** The first row of one part of a path that is so; -1 if there is none. */
function rowOf(columns: PathColumns, index: number, part: 0 | 1, isSo: (row: number) => boolean): number {
  for (let row = columns.firstRow(index); row < columns.rowEnd[index]!; row++)
    if (columns.rowPart[row] === part && isSo(row)) return row;
  return -1;
}

/** `clock clk_a (rise edge)` names clk_a. */
function clockOf(label: string): string | null {
  return /^clock (.+) \((?:rise|fall) edge\)$/.exec(label)?.[1] ?? null;
}

/** The instance that a pin belongs to; a port is its own. */
export function instanceOf(pin: string): string {
  const slash = pin.lastIndexOf("/");
  return slash < 0 ? pin : pin.slice(0, slash);
}
