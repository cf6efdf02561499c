import type { EndBatch } from "../opensta/end-batch.js";
import type { PathColumns } from "../opensta/path-columns.js";
import type { PathType } from "../opensta/report-records.js";
import { rescale } from "./decimal.js";
import { PinSlacks } from "./pin-slacks.js";

/**
 * The endpoint slacks of one file, one corner and one type. An endpoint is a pin, by the id that the file's scanner gave
 * it; in several path groups it counts once for the whole, with its worst slack.
 */
export class EndpointSlacks {
  readonly #groups = new Map<string, PinSlacks>();
  /** Pins whose slack is INF or not printed. */
  readonly unconstrained = new PinSlacks();
  digits = 0;

  constructor(
    readonly corner: string | null,
    readonly type: PathType,
  ) {}

  /** Takes in a slack; infinite units are those of an unconstrained pin. */
  add(pin: number, group: PinSlacks, units: number, digits: number): void {
    if (units - units !== 0) {
      this.unconstrained.add(pin, Infinity);
      return;
    }
    if (digits === this.digits) return group.add(pin, units);
    if (digits > this.digits) this.#widen(digits);
    group.add(pin, rescale(units, digits, this.digits));
  }

  /** The path groups that have a slack, by name; in units of 10^-digits. */
  groups(): [name: string, slacks: PinSlacks][] {
    return [...this.#groups].filter(([, { size }]) => size > 0);
  }

  /** The slacks of one path group, which others are added to. */
  group(name: string): PinSlacks {
    let group = this.#groups.get(name);
    if (!group) this.#groups.set(name, (group = new PinSlacks()));
    return group;
  }

  /** The worst slack of every endpoint. */
  worst(): PinSlacks {
    const [only, ...others] = this.groups();
    if (only && others.length === 0) return only[1];
    const worst = new PinSlacks();
    for (const slacks of this.#groups.values()) worst.addAll(slacks);
    return worst;
  }

  #widen(digits: number): void {
    for (const { units } of this.#groups.values())
      for (let place = 0; place < units.length; place++) units[place] = rescale(units[place]!, this.digits, digits);
    this.digits = digits;
  }
}

/** Where paths of one group, type and corner go; the ids are those of a batch. */
interface Target {
  readonly group: number;
  readonly type: number;
  readonly corner: number;
  readonly series: EndpointSlacks;
  readonly slacks: PinSlacks;
}

/** Collects the endpoint slacks of one report, by corner and type, as the scanner delivers them. */
export class EndpointCollector {
  readonly #series = new Map<string, EndpointSlacks>();
  /** Where the path before went: most go where it did. */
  #target: Target | null = null;

  /** `corner`: what the user said of a report that does not name its own. */
  constructor(private readonly corner: string | null) {}

  series(): EndpointSlacks[] {
    return [...this.#series.values()];
  }

  addPaths(batch: PathColumns): void {
    const { endPin, slack, digits } = batch;
    for (let index = 0; index < batch.count; index++) {
      const pin = endPin[index]!;
      const target = pin < 0 ? null : this.#targetOf(batch, index);
      if (target) target.series.add(pin, target.slacks, slack[index]!, digits[index]!);
    }
  }

  addEndpoints(batch: EndBatch): void {
    const { pin, slack, digits } = batch;
    const series = this.#of(this.corner, batch.type);
    const slacks = series.group(batch.group);
    for (let index = 0; index < batch.count; index++) series.add(pin[index]!, slacks, slack[index]!, digits[index]!);
  }

  #targetOf(batch: PathColumns, index: number): Target | null {
    const { others } = batch.names;
    const [group, type, corner] = [batch.group[index]!, batch.type[index]!, batch.corner[index]!];
    const before = this.#target;
    if (before && before.group === group && before.type === type && before.corner === corner) return before;
    const name = type < 0 ? null : others.text(type);
    if (name !== "max" && name !== "min") return null;
    const series = this.#of(corner < 0 ? this.corner : others.text(corner), name);
    this.#target = { group, type, corner, series, slacks: series.group(group < 0 ? "" : others.text(group)) };
    return this.#target;
  }

  #of(corner: string | null, type: PathType): EndpointSlacks {
    const key = `${type} ${corner ?? ""}`;
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new EndpointSlacks(corner, type)));
    return series;
  }
}
