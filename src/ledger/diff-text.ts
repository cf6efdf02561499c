/** The parts of a comparison in words, the same wherever people read them. */
import type { SlackSplit } from "../timing/slack-split.js";
import type { StageDiff } from "./diff.js";

/** `launch clock -0.11   cells and nets -0.18   rounding +0.01` */
export function splitText(split: SlackSplit): string {
  const edge = split.captureEdge;
  const moved = edge
    ? ` (capture edge of ${edge.clock} ${Math.abs(edge.change).toFixed(split.digits)} ${edge.change > 0 ? "later" : "earlier"})`
    : "";
  const parts = split.parts.map(
    ({ part, label, change }) => `${label} ${signed(change, split.digits)}${part === "constraint" ? moved : ""}`,
  );
  return [
    ...parts,
    `rounding ${split.rounding === 0 ? (0).toFixed(split.digits) : signed(split.rounding, split.digits)}`,
  ].join("   ");
}

/** `+ set_false_path clk_a -> clk_b` */
export function constraintTexts(constraints: StageDiff["constraints"]): string[] {
  if (!constraints) return [];
  const { added, changed, removed, multicycleWithoutHold } = constraints;
  const moving = new Set(multicycleWithoutHold);
  const remark = "   (no -hold beside it)";
  return [
    ...changed.map((line) => `~ ${line}`),
    ...added.map((line) => `+ ${line}${moving.has(line) ? remark : ""}`),
    ...removed.map((line) => `- ${line}`),
    ...multicycleWithoutHold.filter((line) => !added.includes(line)).map((line) => `! ${line}${remark}`),
  ];
}

export function signed(value: number, digits: number): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
}
