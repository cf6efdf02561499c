import type { TimingPath } from "../opensta/report-records.js";

/** Where a slack's change comes from; the parts and the rounding sum to the printed change. */
export const slackParts = ["launch clock", "cells and nets", "capture clock", "crpr", "check", "uncertainty", "constraint", "other"] as const;
export type SlackPart = (typeof slackParts)[number];

export interface SlackSplit {
  /** Slack of the one and of the other path, and their difference, in the report's unit. */
  readonly before: number;
  readonly after: number;
  readonly change: number;
  /** What each part adds to the slack: negative makes it worse. Parts that did not change are left out. */
  readonly parts: readonly { readonly part: SlackPart; readonly label: string; readonly change: number }[];
  /** What printing with few digits lost. */
  readonly rounding: number;
  readonly digits: number;
}

/** Splits the change of a path's slack from one report to another; null where one of them is unconstrained. */
export function splitSlackChange(before: TimingPath, after: TimingPath): SlackSplit | null {
  if (typeof before.slack !== "number" || typeof after.slack !== "number") return null;
  const digits = Math.min(before.digits, after.digits);
  const scale = 10 ** digits;
  const old = contributions(before, scale);
  const now = contributions(after, scale);
  const change = Math.round(after.slack * scale) - Math.round(before.slack * scale);
  const parts = slackParts
    .map((part) => ({ part, label: part === "check" ? checkName(after) : part, units: (now.get(part) ?? 0) - (old.get(part) ?? 0) }))
    .filter(({ units }) => units !== 0);
  const explained = parts.reduce((sum, { units }) => sum + units, 0);
  return {
    before: before.slack,
    after: after.slack,
    change: change / scale,
    parts: parts.map(({ part, label, units }) => ({ part, label, change: units / scale })),
    rounding: (change - explained) / scale,
    digits,
  };
}

/** What each part adds to the path's slack, in units of its last digit. */
function contributions(path: TimingPath, scale: number): Map<SlackPart, number> {
  const sums = new Map<SlackPart, number>();
  // Setup: slack = required - arrival. Hold: the other way round.
  const sign = path.type === "min" ? 1 : -1;
  const add = (part: SlackPart, delay: number | null | undefined, direction: number) => {
    if (delay) sums.set(part, (sums.get(part) ?? 0) + direction * Math.round(delay * scale));
  };
  const start = startIndex(path);
  path.points.forEach((point, index) => add(index <= start ? "launch clock" : "cells and nets", point.delay, sign));
  for (const point of path.requiredPoints) add("capture clock", point.delay, -sign);
  for (const { part, label, delay } of path.labels) {
    const own = partOf(label);
    if (part === "arrival") add(own === "clock" ? "launch clock" : own, delay, sign);
    else add(own === "clock" ? "capture clock" : own, delay, -sign);
  }
  return sums;
}

/** The startpoint's own pin: what is printed before it, and itself, is the launching clock's way. */
function startIndex({ points, startpoint }: TimingPath): number {
  return points.findIndex(({ pin }) => pin.startsWith(`${startpoint}/`) || pin === startpoint);
}

function partOf(label: string): SlackPart | "clock" {
  if (/^clock .*\((?:rise|fall) edge\)$/.test(label)) return "constraint";
  if (/^(?:clock network delay|clock source latency|\(source only\)|macro clock)/.test(label)) return "clock";
  if (label.includes("reconvergence pessimism")) return "crpr";
  if (label.includes("uncertainty")) return "uncertainty";
  if (/external delay$|^(?:max|min)_delay|^path margin/.test(label)) return "constraint";
  if (/^library |^clock gating |^data check /.test(label)) return "check";
  return "other";
}

/** `setup time`, `hold time`, `recovery time` … as the report calls the check. */
function checkName(path: TimingPath): string {
  const label = path.labels.find((each) => partOf(each.label) === "check")?.label;
  return label?.replace(/^library /, "") ?? "check";
}
