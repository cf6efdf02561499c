import { objectNames, sdcCommands } from "../opensta/sdc-commands.js";

/** What changed between two constraint files, in short lines for people. */
export interface ConstraintDiff {
  /** `set_false_path clk_a -> clk_b` */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The same command with other numbers: `create_clock -name clk_a -period 4.0000 -> 3.6000 clk_a`. */
  readonly changed: readonly string[];
  /**
   * set_multicycle_path lines that now move the hold check too, and did not before. With -setup, or with neither -setup
   * nor -hold, a multiplier N moves it by N - 1 cycles; a -hold line of the same paths with N - 1 moves it back.
   */
  readonly multicycleWithoutHold: readonly string[];
}

/** More lines than this of one command are shown as a count. */
const linesMax = 10;

/** Pairs that one command is split into at most; beyond, it is compared whole. */
const pairsMax = 10_000;

/** Compares two SDC texts: lists of -from and -to are split into pairs first, order does not matter. */
export function diffConstraints(before: string, after: string): ConstraintDiff {
  const old = countLines(before);
  const now = countLines(after);
  let removed = surplus(old, now);
  let added = surplus(now, old);
  const changed: string[] = [];
  for (const line of removed) {
    const twins = added.filter((other) => shapeOf(other) === shapeOf(line));
    if (twins.length !== 1 || removed.filter((other) => shapeOf(other) === shapeOf(line)).length !== 1) continue;
    changed.push(changeText(line, twins[0]!));
    added = added.filter((other) => other !== twins[0]);
    removed = removed.filter((other) => other !== line);
  }
  const moved = new Set(movesHold(old.keys()));
  const multicycleWithoutHold = movesHold(now.keys()).filter((line) => !moved.has(line));
  return { added: folded(added), removed: folded(removed), changed: folded(changed), multicycleWithoutHold };
}

function countLines(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const command of sdcCommands(text))
    for (const line of splitPairs(command)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** One line for each pair of the command's -from and -to objects; other words in their order. */
function splitPairs([name = "", ...words]: readonly string[]): string[] {
  const from: string[] = [];
  const to: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const side = /^-(?:rise_|fall_)?from$/.test(word) ? from : /^-(?:rise_|fall_)?to$/.test(word) ? to : null;
    const edge = /^-(rise|fall)_/.exec(word)?.[1];
    if (side && at + 1 < words.length)
      for (const object of objectNames(words[++at]!)) side.push(edge ? `${object} (${edge})` : object);
    else rest.push(word.startsWith("[") || word.startsWith("{") ? objectNames(word).join(" ") : word);
  }
  const head = [name, ...rest].join(" ").trim();
  if (from.length === 0 && to.length === 0) return [head];
  if (from.length * to.length > pairsMax) return [`${head} ${from.join(" ")} -> ${to.join(" ")}`];
  const starts = from.length > 0 ? from : ["*"];
  const ends = to.length > 0 ? to : ["*"];
  return starts.flatMap((start) => ends.map((end) => `${head} ${start} -> ${end}`));
}

function surplus(these: ReadonlyMap<string, number>, others: ReadonlyMap<string, number>): string[] {
  return [...these].flatMap(([line, count]) =>
    Array.from({ length: Math.max(0, count - (others.get(line) ?? 0)) }, () => line),
  );
}

const number = /^-?\d+(?:\.\d+)?$/;

/** The line with its numbers blanked: what stays the same when only a value changes. */
function shapeOf(line: string): string {
  return line
    .split(" ")
    .map((word) => (number.test(word) ? "#" : word))
    .join(" ");
}

function changeText(before: string, after: string): string {
  const words = after.split(" ");
  return before
    .split(" ")
    .map((word, at) => (word === words[at] ? word : `${word} -> ${words[at]}`))
    .join(" ");
}

/** The multicycle lines that move the hold check: no -hold line of the same paths moves it all the way back. */
function movesHold(lines: Iterable<string>): string[] {
  const multicycles = [...lines].flatMap((line) => multicycleOf(line) ?? []);
  const back = new Map<string, number>();
  for (const { paths, isHold, cycles } of multicycles)
    if (isHold) back.set(paths, Math.max(cycles, back.get(paths) ?? 0));
  return multicycles
    .filter(({ paths, isHold, cycles }) => !isHold && cycles - 1 > (back.get(paths) ?? 0))
    .map(({ line }) => line);
}

interface Multicycle {
  readonly line: string;
  /** What its -setup and -hold lines have in common. */
  readonly paths: string;
  /** -hold alone: with -setup beside it the multiplier is the setup's. */
  readonly isHold: boolean;
  readonly cycles: number;
}

function multicycleOf(line: string): Multicycle | null {
  const [command, ...words] = line.split(" ");
  const multiplier = words.findIndex((word) => /^\d+$/.test(word));
  if (command !== "set_multicycle_path" || multiplier < 0) return null;
  const others = words.filter((word, at) => at !== multiplier && !/^-(?:setup|hold|start|end)$/.test(word));
  const isHold = words.includes("-hold") && !words.includes("-setup");
  return { line, paths: others.join(" "), isHold, cycles: Number(words[multiplier]) };
}

function folded(lines: readonly string[]): string[] {
  const byCommand = Map.groupBy(lines, (line) => line.slice(0, line.indexOf(" ")));
  return [...byCommand].flatMap(([command, own]) =>
    own.length > linesMax ? [`${command}: ${own.length} lines`] : own,
  );
}
