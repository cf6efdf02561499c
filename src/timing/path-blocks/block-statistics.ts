import type { PathColumns } from "../../opensta/path-columns.js";
import { toNumber } from "../../opensta/printed-number.js";
import { clockOfReason } from "../../opensta/reason-clock.js";
import { NameBits } from "./name-bits.js";

/** What a filter can ask of a path by name. */
export const namedKinds = ["types", "groups", "corners", "clocks"] as const;
export type NamedKind = (typeof namedKinds)[number];

/** What can be said of all paths of a block: a block that cannot hold what is wanted is not read. */
export interface BlockStatistics extends Readonly<Record<NamedKind, number>> {
  readonly count: number;
  /** In the report's unit, infinite ones included; Infinity and -Infinity if no path has a slack. */
  readonly slackLeast: number;
  readonly slackMost: number;
}

/** Finds out what can be said of the blocks of one report, whose names it asks about once each. */
export class StatisticsTaker {
  readonly bits: Readonly<Record<NamedKind, NameBits>> = {
    types: new NameBits(),
    groups: new NameBits(),
    corners: new NameBits(),
    clocks: new NameBits(),
  };
  /** For each kind the bits of the names that were met. */
  readonly #known = {
    types: new Map<number, number>(),
    groups: new Map<number, number>(),
    corners: new Map<number, number>(),
    clocks: new Map<number, number>(),
  };

  take(paths: PathColumns): BlockStatistics {
    let [slackLeast, slackMost] = [Infinity, -Infinity];
    let [types, groups, corners, clocks] = [0, 0, 0, 0];
    for (let index = 0; index < paths.count; index++) {
      const slack = toNumber(paths.slack[index]!, paths.digits[index]!);
      if (slack < slackLeast) slackLeast = slack;
      if (slack > slackMost) slackMost = slack;
      types |= this.#bit("types", paths, paths.type[index]!);
      groups |= this.#bit("groups", paths, paths.group[index]!);
      corners |= this.#bit("corners", paths, paths.corner[index]!);
      clocks |= this.#bit("clocks", paths, paths.startpointReason[index]!);
      clocks |= this.#bit("clocks", paths, paths.endpointReason[index]!);
    }
    return {
      count: paths.count,
      slackLeast,
      slackMost,
      types: types >>> 0,
      groups: groups >>> 0,
      corners: corners >>> 0,
      clocks: clocks >>> 0,
    };
  }

  #bit(kind: NamedKind, { names }: PathColumns, id: number): number {
    const known = this.#known[kind].get(id);
    if (known !== undefined) return known;
    const name = id < 0 ? null : names.others.text(id);
    const asked = kind === "clocks" ? clockOfReason(name ?? "") : kind === "corners" ? name : (name ?? "");
    const bit = asked === null ? 0 : this.bits[kind].add(asked);
    this.#known[kind].set(id, bit);
    return bit;
  }
}
