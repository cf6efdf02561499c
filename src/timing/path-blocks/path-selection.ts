import { Verdicts } from "../../opensta/filter/path-filter.js";
import type { PathColumns } from "../../opensta/path-columns.js";
import { toNumber } from "../../opensta/printed-number.js";
import { clockOfReason } from "../../opensta/reason-clock.js";
import { type BlockStatistics, type NamedKind, namedKinds } from "./block-statistics.js";
import type { NameBits } from "./name-bits.js";

/** Which captured paths are wanted: all that is given has to hold, names as they are printed. */
export interface PathSelection {
  /** Slack in the report's unit, bounds included. -INF is below any bound, INF above; what has no slack is in neither. */
  readonly slackMax?: number | undefined;
  readonly slackMin?: number | undefined;
  readonly group?: string | undefined;
  /** Launching or capturing clock. */
  readonly clock?: string | undefined;
  /** max is setup, min is hold. */
  readonly type?: string | undefined;
  readonly corner?: string | undefined;
  /** The end pin, or the instance as printed. */
  readonly endpoint?: string | undefined;
}

/** Paths of a report that are wanted. */
export interface SelectedPaths {
  /** Ordinal in the report of the columns' first path, from 0. */
  readonly first: number;
  readonly columns: PathColumns;
  /** Which of the columns' paths are wanted, ascending. */
  readonly indices: readonly number[];
}

const asked = { types: "type", groups: "group", corners: "corner", clocks: "clock" } as const;

/** Whether a block may hold what is wanted, by what is known of all its paths. */
export function blockTest(
  selection: PathSelection,
  bits: Readonly<Record<NamedKind, NameBits>>,
): (block: BlockStatistics) => boolean {
  const { slackMax, slackMin } = selection;
  const wanted = namedKinds.flatMap((kind) => {
    const name = selection[asked[kind]];
    return name === undefined ? [] : [{ kind, bit: bits[kind].of(name) }];
  });
  return (block) =>
    (slackMax === undefined || block.slackLeast <= slackMax) &&
    (slackMin === undefined || block.slackMost >= slackMin) &&
    wanted.every(({ kind, bit }) => (block[kind] & bit) !== 0);
}

/** The paths of these that are wanted, but for their endpoint: no row is looked at. */
export function selectPaths(
  { slackMax, slackMin, group, type, corner, clock }: PathSelection,
  paths: PathColumns,
  indices: readonly number[],
): readonly number[] {
  const tests: ((index: number) => boolean)[] = [];
  const { others } = paths.names;
  const slackOf = (index: number) => toNumber(paths.slack[index]!, paths.digits[index]!);
  if (slackMax !== undefined) tests.push((index) => slackOf(index) <= slackMax && slackOf(index) !== Infinity);
  if (slackMin !== undefined) tests.push((index) => slackOf(index) >= slackMin && slackOf(index) !== -Infinity);
  const byName = (column: Int32Array, wanted: string | undefined, blank: string | null) => {
    if (wanted === undefined) return;
    const verdicts = new Verdicts(others, (name) => name === wanted);
    tests.push((index) => (column[index]! < 0 ? blank === wanted : verdicts.of(column[index]!)));
  };
  byName(paths.type, type, "");
  byName(paths.group, group, "");
  byName(paths.corner, corner, null);
  if (clock !== undefined) {
    const verdicts = new Verdicts(others, (reason) => clockOfReason(reason) === clock);
    const { startpointReason, endpointReason } = paths;
    tests.push((index) => verdicts.of(startpointReason[index]!) || verdicts.of(endpointReason[index]!));
  }
  return tests.length === 0 ? indices : indices.filter((index) => tests.every((test) => test(index)));
}

/** The whole numbers from `from`, or 0, to before `to`. */
export function indicesFrom(from: number, to: number): number[] {
  const indices: number[] = [];
  for (let index = Math.max(0, from); index < to; index++) indices.push(index);
  return indices;
}

/** Those of the paths that end at this pin or instance. */
export function endingAt(endpoint: string, paths: PathColumns, indices: readonly number[]): number[] {
  const { pins } = paths.names;
  return indices.filter((index) => {
    const pin = paths.endPin[index]!;
    return (pin >= 0 && pins.text(pin) === endpoint) || paths.endpoint(index) === endpoint;
  });
}
