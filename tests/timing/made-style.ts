import type { FullStyle } from "../../src/opensta/render/full-report.js";
import { SeededRandom } from "./seeded-random.js";

/** How a made design is reported: the tool's version and the options of its commands. */
export interface MadeStyle extends FullStyle {
  readonly digits: number;
  readonly fields: NonNullable<FullStyle["fields"]>;
  /** -format full_clock_expanded: propagated clocks with their pins. */
  readonly expanded: boolean;
  /** -fields input_pin and net. */
  readonly inputPins: boolean;
  readonly nets: boolean;
  readonly corner: string | null;
  /** -endpoint_path_count: 1, or 2 for both edges. */
  readonly pathsEach: 1 | 2;
  /** -unconstrained */
  readonly unconstrained: boolean;
  /** A group of its own for paths from inputs; 3.1.0 shows those again in the clock's group. */
  readonly inputGroup: boolean;
  /** Warnings of the tool before the first record. */
  readonly warnings: boolean;
}

export function makeStyle(seed: number): MadeStyle {
  const random = new SeededRandom(seed);
  const version = random.pick(["2.0.17", "3.1.0"] as const);
  const newer = ["fanout", "src_attr", ...(random.chance(0.2) ? (["variation"] as const) : [])] as const;
  const fields = [...(["cap", "slew"] as const), ...(version === "3.1.0" ? newer : [])];
  return {
    version,
    digits: random.chance(0.5) ? 2 : random.below(7),
    fields: random.chance(0.5) ? [] : random.some(fields),
    splitLines: random.chance(0.8),
    expanded: random.chance(0.3),
    inputPins: random.chance(0.2),
    nets: random.chance(0.15),
    corner: random.chance(0.2) ? "slow" : null,
    pathsEach: random.chance(0.2) ? 2 : 1,
    unconstrained: random.chance(0.3),
    inputGroup: random.chance(0.5),
    warnings: random.chance(0.15),
  };
}
