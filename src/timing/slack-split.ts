import type { TimingPath } from "../opensta/report-records.js";

/** Where a slack's change comes from; the parts and the rounding sum to the printed change. */
export const slackParts = [
  "launch clock",
  "cells and nets",
  "capture clock",
  "crpr",
  "check",
  "uncertainty",
  "constraint",
  "other",
] as const;
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
  /** How much later the capturing clock's edge comes, where the constraint moved it. */
  readonly captureEdge: { readonly clock: string; readonly change: number } | null;
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
    .map((part) => ({
      part,
      label: part === "check" ? checkName(after) : part,
      units: (now.get(part) ?? 0) - (old.get(part) ?? 0),
    }))
    .filter(({ units }) => units !== 0);
  const explained = parts.reduce((sum, { units }) => sum + units, 0);
  return {
    before: before.slack,
    after: after.slack,
    change: change / scale,
    parts: parts.map(({ part, label, units }) => ({ part, label, change: units / scale })),
    rounding: (change - explained) / scale,
    digits,
    captureEdge: edgeChange(before, after, scale),
  };
}

function edgeChange(before: TimingPath, after: TimingPath, scale: number): SlackSplit["captureEdge"] {
  const [old, now] = [captureEdge(before), captureEdge(after)];
  if (!old || !now || old.clock !== now.clock || old.time === now.time) return null;
  return { clock: now.clock, change: Math.round((now.time - old.time) * scale) / scale };
}

/**
 * What each part adds to the path's slack, in units of its last digit. Pins count by the difference of their times, not
 * by the sum of their delays: rounding does not pile up so.
 */
function contributions(path: TimingPath, scale: number): Map<SlackPart, number> {
  const sums = new Map<SlackPart, number>();
  const units = (value: number | null | undefined) => Math.round((value ?? 0) * scale);
  // Setup: slack = required - arrival. Hold: the other way round.
  const sign = path.type === "min" ? 1 : -1;
  const add = (part: SlackPart, value: number) => {
    if (value !== 0) sums.set(part, (sums.get(part) ?? 0) + value);
  };
  for (const { part, label, delay } of path.labels) {
    const own = partOf(label);
    if (part === "arrival") add(own === "clock" ? "launch clock" : own, sign * units(delay));
    else add(own === "clock" ? "capture clock" : own, -sign * units(delay));
  }
  const launched = units(timeBefore(path, "arrival"));
  const start = path.points.findIndex(({ pin }) => pin.startsWith(`${path.startpoint}/`) || pin === path.startpoint);
  const started = start < 0 ? launched : units(path.points[start]!.time);
  add("launch clock", sign * (started - launched));
  const between = path.labels.filter(({ part, at }) => part === "arrival" && at > 0);
  const labelled = between.reduce((sum, { delay }) => sum + units(delay), 0);
  add("cells and nets", sign * (units(numberOf(path.arrival)) - started - labelled));
  const last = path.requiredPoints.at(-1);
  if (last?.time !== undefined) add("capture clock", -sign * (units(last.time) - units(timeBefore(path, "required"))));
  return sums;
}

/** The Time column of the last row before the part's first pin. */
function timeBefore(path: TimingPath, part: "arrival" | "required"): number {
  return path.labels.findLast((label) => label.part === part && label.at === 0 && label.time !== null)?.time ?? 0;
}

function numberOf(value: number | "INF" | "-INF" | null): number {
  return typeof value === "number" ? value : 0;
}

/** The edge that captures: the clock and when it comes. */
function captureEdge(path: TimingPath): { clock: string; time: number } | null {
  const label = path.labels.find(
    (each) => each.part === "required" && each.label.startsWith("clock ") && partOf(each.label) === "constraint",
  );
  if (!label) return null;
  return { clock: label.label.slice("clock ".length, label.label.lastIndexOf(" (")), time: label.delay ?? 0 };
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
