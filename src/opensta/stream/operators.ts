import { defer, map, type OperatorFunction, reduce } from "rxjs";
import { type SlackHistogram, slackHistogram } from "../histogram.js";
import type { PrintedFigure, TimingPath } from "../report-records.js";

/** Operators over paths. Each keeps what it needs and no more, and answers when the paths have ended. */

/** A slack as a number; INF and unconstrained are the best there is. */
function slackOf({ slack }: Pick<TimingPath, "slack">): number {
  if (slack === null || slack === "INF") return Infinity;
  return slack === "-INF" ? -Infinity : slack;
}

/** The pin that a path ends at; its endpoint as printed where it has no points. */
function endpointOf({ points, endpoint }: Pick<TimingPath, "points" | "endpoint">): string {
  return points.at(-1)?.pin ?? endpoint;
}

/**
 * The `count` paths with the worst slack, worst first; of equal slacks, those that came first.
 * @example paths.pipe(topWorst(10)).subscribe((worst) => print(worst));
 */
export function topWorst<Path extends Pick<TimingPath, "slack">>(count: number): OperatorFunction<Path, Path[]> {
  const sort = (kept: Path[]) => kept.sort((one, other) => compare(slackOf(one), slackOf(other))).splice(count);
  return (paths) =>
    paths.pipe(
      gather(
        (): Path[] => [],
        (kept, path) => {
          kept.push(path);
          // Twice as many may wait as are wanted, so that sorting costs little a path.
          if (kept.length >= 2 * count + 64) sort(kept);
        },
      ),
      map((kept) => {
        sort(kept);
        return kept;
      }),
    );
}

/**
 * The worst path to each endpoint, by its pin. Memory grows with the endpoints, not with the paths.
 * @example paths.pipe(worstPerEndpoint()).subscribe((worst) => worst.get("u_lane/_1996_/D"));
 */
export function worstPerEndpoint<Path extends Pick<TimingPath, "slack" | "points" | "endpoint">>(): OperatorFunction<
  Path,
  Map<string, Path>
> {
  return gather(
    () => new Map<string, Path>(),
    (worst, path) => {
      const pin = endpointOf(path);
      const known = worst.get(pin);
      if (known === undefined || slackOf(path) < slackOf(known)) worst.set(pin, path);
    },
  );
}

/**
 * `count` paths drawn evenly from all of them, whatever their number; the same ones for the same seed.
 * @example paths.pipe(sampleEvenly(100, 7))
 */
export function sampleEvenly<Value>(count: number, seed = 1): OperatorFunction<Value, Value[]> {
  return (values) =>
    defer(() => {
      const random = xorshift(seed);
      let seen = 0;
      return values.pipe(
        gather(
          (): Value[] => [],
          (kept, value) => {
            seen++;
            const at = kept.length < count ? kept.length : Math.floor(random() * seen);
            if (at < count) kept[at] = value;
          },
        ),
      );
    });
}

/**
 * The endpoints' slacks counted into bins, each endpoint once, with its worst.
 * @example paths.pipe(endpointHistogram(10))
 */
export function endpointHistogram<Path extends Pick<TimingPath, "slack" | "digits" | "points" | "endpoint">>(
  bins?: number,
): OperatorFunction<Path, SlackHistogram> {
  return (paths) =>
    paths.pipe(
      worstPerEndpoint(),
      map((worst) => slackHistogram([...worst.values()].flatMap(printedSlack), bins)),
    );
}

/**
 * How many there are of each key.
 * @example paths.pipe(countBy((path) => path.group))
 */
export function countBy<Value>(key: (value: Value) => string): OperatorFunction<Value, Map<string, number>> {
  return gather(
    () => new Map<string, number>(),
    (counts, value) => {
      const own = key(value);
      counts.set(own, (counts.get(own) ?? 0) + 1);
    },
  );
}

/** Gathers into one collection, a new one for each subscriber. */
function gather<Value, Gathered>(
  start: () => Gathered,
  add: (gathered: Gathered, value: Value) => void,
): OperatorFunction<Value, Gathered> {
  return (values) =>
    defer(() =>
      values.pipe(
        reduce((gathered: Gathered, value: Value) => {
          add(gathered, value);
          return gathered;
        }, start()),
      ),
    );
}

function printedSlack({ slack, digits }: Pick<TimingPath, "slack" | "digits">): PrintedFigure[] {
  if (slack === null) return [];
  return [typeof slack === "string" ? slack : { units: Math.round(slack * 10 ** digits), digits }];
}

/** Even enough to draw with, and the same everywhere: from 0 to below 1. */
function xorshift(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
