/** The records of report_checks over a made design. */
import { type Driver, type MadePath, PathWriter } from "./made-path-writer.js";
import type { MadeStyle } from "./made-style.js";
import { edges, endpointsOf, type MadeTiming, type MadeType } from "./made-timing.js";

/** The worst paths of every endpoint, by group and then by slack. */
export function pathsOf(timing: MadeTiming, type: MadeType, style: MadeStyle): MadePath[] {
  const { design } = timing;
  const drivers = new Map<number, Driver>();
  for (const some of [design.inputs, design.registers, design.gates])
    for (const each of some) drivers.set(each.id, each);
  const paths: MadePath[] = [];
  for (const endpoint of endpointsOf(design)) {
    const writer = new PathWriter(timing, drivers, style, endpoint, type);
    const worst = edges
      .map((edge) => ({ edge, ...writer.times(edge) }))
      .filter(({ arrival }) => Number.isFinite(arrival))
      .toSorted((a, b) => a.slack - b.slack);
    for (const { edge } of worst.slice(0, style.pathsEach)) paths.push(...writer.write(edge));
  }
  const constrained = paths.filter(({ path }) => style.unconstrained || path.slack !== null);
  return constrained.toSorted((a, b) => order(a.path.group, b.path.group) || order(a.slack, b.slack));
}

const order = <Key extends number | string>(a: Key, b: Key): number => (a < b ? -1 : a > b ? 1 : 0);
