/** Stages of one design for tests: its reports after each ECO, and a netlist that would cost much to store twice. */
import { change } from "../timing/changed-design.js";
import { inBytes, type StageFiles } from "../timing/kept-stages.js";
import { makeDesign } from "../timing/made-design.js";
import { reportsOf } from "../timing/made-reports.js";
import { makeStyle } from "../timing/made-style.js";
import { SeededRandom } from "../timing/seeded-random.js";

export function madeStages(count: number, seed: number): StageFiles[] {
  const style = makeStyle(seed);
  const netlist = noise(30_000, seed);
  const stages: StageFiles[] = [];
  for (let at = 0, design = makeDesign(seed); at < count; at++, design = change(design, seed + at)) {
    const top = Buffer.concat([netlist, Buffer.from(`// step ${at}\n`)]);
    stages.push(new Map([["top.v", top], ...inBytes(reportsOf(design, style))]));
  }
  return stages;
}

/** Text that general compression makes half as long, and no shorter. */
export function noise(bytes: number, seed: number): Buffer {
  const random = new SeededRandom(seed);
  return Buffer.from(Array.from({ length: bytes }, () => random.below(16).toString(16)).join(""));
}
