import type { PathColumns } from "../opensta/path-columns.js";
import type { EndpointSlack, PathType } from "../opensta/report-records.js";
import { rescale } from "./decimal.js";

/**
 * The endpoint slacks of one file, one corner and one type. An endpoint is a pin; in several path groups it counts once
 * for the whole, with its worst slack.
 */
export class EndpointSlacks {
  /** Slack units by pin, within each path group. */
  readonly groups = new Map<string, Map<string, number>>();
  readonly unconstrained = new Set<string>();
  digits = 0;

  constructor(
    readonly corner: string | null,
    readonly type: PathType,
  ) {}

  add(pin: string, group: string, units: number, digits: number): void {
    if (!Number.isFinite(units)) {
      this.unconstrained.add(pin);
      return;
    }
    if (digits > this.digits) this.#widen(digits);
    let slacks = this.groups.get(group);
    if (!slacks) this.groups.set(group, (slacks = new Map()));
    const scaled = rescale(units, digits, this.digits);
    const before = slacks.get(pin);
    if (before === undefined || scaled < before) slacks.set(pin, scaled);
  }

  /** The worst slack of every endpoint, in units of 10^-digits. */
  worst(): Map<string, number> {
    const [only, ...others] = this.groups.values();
    if (!only || others.length === 0) return only ?? new Map();
    const worst = new Map(only);
    for (const slacks of others)
      for (const [pin, units] of slacks) {
        const before = worst.get(pin);
        if (before === undefined || units < before) worst.set(pin, units);
      }
    return worst;
  }

  #widen(digits: number): void {
    for (const slacks of this.groups.values())
      for (const [pin, units] of slacks) slacks.set(pin, rescale(units, this.digits, digits));
    this.digits = digits;
  }
}

/** Collects the endpoint slacks of one report, by corner and type, as the scanner delivers them. */
export class EndpointCollector {
  readonly #series = new Map<string, EndpointSlacks>();

  /** `corner`: what the user said of a report that does not name its own. */
  constructor(private readonly corner: string | null) {}

  series(): EndpointSlacks[] {
    return [...this.#series.values()];
  }

  addPaths(batch: PathColumns): void {
    const { pins, others } = batch.names;
    for (let index = 0; index < batch.count; index++) {
      const pin = batch.endPin[index]!;
      const type = others.text(batch.type[index]!);
      if (pin < 0 || (type !== "max" && type !== "min")) continue;
      const corner = batch.corner[index]!;
      const slack = batch.slack[index]!;
      const series = this.#of(corner < 0 ? this.corner : others.text(corner), type);
      const group = others.text(batch.group[index]!);
      series.add(pins.text(pin), group, Number.isNaN(slack) ? Infinity : slack, batch.digits[index]!);
    }
  }

  addEndpoint(row: EndpointSlack): void {
    const { slack } = row;
    const units = typeof slack === "string" ? Infinity : slack.units;
    this.#of(this.corner, row.type).add(row.pin, row.group, units, typeof slack === "string" ? 0 : slack.digits);
  }

  #of(corner: string | null, type: PathType): EndpointSlacks {
    const key = `${type} ${corner ?? ""}`;
    let series = this.#series.get(key);
    if (!series) this.#series.set(key, (series = new EndpointSlacks(corner, type)));
    return series;
  }
}
