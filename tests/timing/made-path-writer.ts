/** Builds the record of one path of a made design, row by row as the tool prints them. */
import type { LatchBorrow } from "../../src/opensta/records/check-rows.js";
import type { Printed } from "../../src/opensta/records/printed.js";
import type { PathLabel, PathPoint, TimingPath } from "../../src/opensta/report-records.js";
import type { MadeClock, MadeGate, MadeInput, MadeRegister } from "./made-design.js";
import type { MadeStyle } from "./made-style.js";
import {
  clockLatency,
  launchEdge,
  type MadeEdge,
  type MadeEndpoint,
  type MadeTiming,
  type MadeType,
  shortened,
  slackOf,
  through,
} from "./made-timing.js";

export interface MadePath {
  readonly path: TimingPath;
  readonly borrow: LatchBorrow | null;
  /** What end reports print: the exact times, and the pin. */
  readonly pin: string;
  readonly cell: string;
  readonly arrival: number;
  readonly required: number;
  readonly slack: number;
}

/** One driver of a path, and the gate's pin that the path comes in by. */
interface Step {
  readonly driver: Driver;
  readonly edge: MadeEdge;
  readonly pin: string | null;
}

export type Driver = MadeGate | MadeRegister | MadeInput;

export class PathWriter {
  #points: PathPoint[] = [];
  #labels: PathLabel[] = [];
  #part: PathLabel["part"] = "arrival";
  #time = 0;

  constructor(
    private readonly timing: MadeTiming,
    private readonly drivers: ReadonlyMap<number, Driver>,
    private readonly style: MadeStyle,
    private readonly endpoint: MadeEndpoint,
    private readonly type: MadeType,
  ) {}

  times(edge: MadeEdge): { arrival: number; required: number; slack: number } {
    const driver = "data" in this.endpoint ? this.endpoint.data : this.endpoint.from;
    const arrival = this.timing.arrival(driver, this.type, edge);
    const required = this.timing.limit(this.endpoint, this.type, edge);
    return { arrival, required, slack: slackOf(arrival, required, this.type) };
  }

  /** The record, and the same again where it is in two groups. */
  write(edge: MadeEdge): MadePath[] {
    const { endpoint, style } = this;
    const register = "data" in endpoint ? endpoint : null;
    const { arrival, required, slack } = this.times(edge);
    const trace = this.#trace(edge);
    const start = trace[0]!.driver;
    const points = this.#arrivalPart(trace, edge);
    const requiredPoints = this.#requiredPart(edge, required);
    const constrained = Number.isFinite(required);
    const path: TimingPath = {
      kind: "path",
      startpoint: start.kind === "input" ? start.name : start.instance,
      startpointReason: start.kind === "gate" ? null : this.#startReason(start),
      endpoint: register ? register.instance : "name" in endpoint ? endpoint.name : "",
      endpointReason: this.#endReason(),
      group: this.#clock?.name ?? (style.version === "2.0.17" ? "(none)" : "unconstrained"),
      type: this.type,
      corner: style.corner,
      slack: constrained ? this.#round(slack) : null,
      met: constrained ? slack >= 0 : null,
      arrival: this.#round(arrival),
      required: constrained ? this.#round(required) : null,
      digits: style.digits,
      points,
      requiredPoints: constrained ? requiredPoints : [],
      labels: constrained ? this.#labels : this.#labels.filter(({ part }) => part === "arrival"),
      byteOffset: 0,
      line: 0,
    };
    const pin = register ? `${register.instance}/D` : path.endpoint;
    const made = {
      path,
      pin,
      cell: register?.cell ?? "output",
      arrival,
      required,
      slack,
      borrow: this.#borrow(required),
    };
    if (!style.inputGroup || start.kind !== "input" || !constrained) return [made];
    const own = { ...made, path: { ...path, group: "io_in" } };
    return style.version === "3.1.0" ? [own, made] : [own];
  }

  get #clock(): MadeClock | null {
    const { clock } = this.endpoint;
    return clock === null ? null : this.timing.design.clocks[clock]!;
  }

  /** From the startpoint on. */
  #trace(last: MadeEdge): Step[] {
    const steps: Step[] = [];
    let edge = last;
    let driver = this.drivers.get("data" in this.endpoint ? this.endpoint.data : this.endpoint.from)!;
    while (driver.kind === "gate") {
      const arc = driver.arcs[this.timing.arcOf(driver.id, this.type, edge)]!;
      steps.push({ driver, edge, pin: arc.pin });
      edge = through(edge, driver.inverts);
      driver = this.drivers.get(arc.from)!;
    }
    steps.push({ driver, edge, pin: null });
    return steps.toReversed();
  }

  #arrivalPart(trace: readonly Step[], last: MadeEdge): readonly PathPoint[] {
    const { driver: start, edge: first } = trace[0]!;
    this.#begin("arrival");
    if (start.kind === "register") {
      const clock = this.timing.design.clocks[start.clock]!;
      this.#launchClock(clock, launchEdge(start, clock), `${start.instance}/CLK`, start.cell);
    } else if (start.kind === "input" && start.clock !== null) {
      const clock = this.timing.design.clocks[start.clock]!;
      this.#clockLabels(clock, 0);
      this.#label("input external delay", start.delay, first);
    }
    for (const { driver, edge, pin } of trace) {
      const to = this.timing.arrival(driver.id, this.type, edge);
      if (driver.kind === "input") this.#point(driver.name, "in", edge, to, driver);
      else if (driver.kind === "register") this.#point(`${driver.instance}/Q`, driver.cell, edge, to, driver);
      else {
        const before = through(edge, driver.inverts);
        if (this.style.inputPins) this.#point(`${driver.instance}/${pin}`, driver.cell, before, this.#time, null);
        this.#point(`${driver.instance}/Y`, driver.cell, edge, to, driver);
      }
      if (this.style.nets && driver.kind !== "input") this.#net(`n${driver.id}`, driver);
    }
    const { endpoint } = this;
    if ("data" in endpoint) this.#point(`${endpoint.instance}/D`, endpoint.cell, last, this.#time, null);
    else this.#point(endpoint.name, "out", last, this.#time, null);
    return this.#points;
  }

  #requiredPart(edge: MadeEdge, required: number): readonly PathPoint[] {
    const { endpoint, type } = this;
    const clock = this.#clock;
    this.#begin("required");
    if (!clock) return this.#points;
    const register = "data" in endpoint ? endpoint : null;
    const base = (type === "max" ? clock.period : 0) - (register?.latch && type === "max" ? clock.period / 2 : 0);
    if (register && clock.propagated && this.style.expanded)
      this.#launchClock(clock, base, `${register.instance}/CLK`, register.cell);
    else this.#clockLabels(clock, base);
    const sign = type === "max" ? -1 : 1;
    if (clock.uncertainty > 0) this.#label("clock uncertainty", sign * clock.uncertainty);
    this.#label("clock reconvergence pessimism", 0);
    if (!register) this.#label("output external delay", "delay" in endpoint ? -endpoint.delay : 0);
    else {
      if (!clock.propagated || !this.style.expanded)
        this.#point(`${register.instance}/CLK`, register.cell, 0, this.#time, undefined);
      if (register.latch && type === "max") this.#label("time borrowed from endpoint", required - this.#time);
      else if (type === "max") this.#label("library setup time", -register.setup[edge]);
      else this.#label("library hold time", register.hold[edge]);
    }
    return this.#points;
  }

  #launchClock(clock: MadeClock, edge: number, pin: string, cell: string): void {
    if (!clock.propagated || !this.style.expanded) {
      this.#clockLabels(clock, edge);
      this.#point(pin, cell, 0, this.#time, null);
      return;
    }
    this.#edgeLabel(clock, edge);
    this.#label("clock source latency", clock.latency);
    this.#point(clock.port, "in", 0, this.#time, null);
    for (const { instance, delay } of clock.tree)
      this.#point(`${instance}/Y`, "CLKBUF1", 0, this.#time + shortened(delay, this.type), null);
    this.#point(pin, cell, 0, this.#time, null);
  }

  #clockLabels(clock: MadeClock, edge: number): void {
    this.#edgeLabel(clock, edge);
    this.#label(`clock network delay (${clock.propagated ? "propagated" : "ideal"})`, clockLatency(clock, this.type));
  }

  #edgeLabel(clock: MadeClock, edge: number): void {
    this.#time = edge;
    const name = edge !== 0 && edge !== clock.period ? `${clock.name}'` : clock.name;
    this.#add({ label: `clock ${name} (rise edge)`, delay: this.#round(edge), time: this.#round(edge) });
  }

  #label(label: string, delay: number, edge?: MadeEdge): void {
    this.#time += delay;
    const mark = edge === undefined ? {} : { edge: edgeMark(edge) };
    this.#add({ label, delay: this.#round(delay), time: this.#round(this.#time), ...mark });
  }

  #net(name: string, driver: Driver): void {
    const values = this.style.version === "2.0.17" ? this.#values(driver) : {};
    this.#add({ label: `${name} (net)`, delay: null, time: null, ...values });
  }

  #add(label: Omit<PathLabel, "part" | "at">): void {
    this.#labels.push({ part: this.#part, ...label, at: this.#points.length });
  }

  /** A pin row; `driver` undefined: a clock pin that ends an ideal clock, without a delay. */
  #point(pin: string, cell: string, edge: MadeEdge, to: number, driver: Driver | null | undefined): void {
    const delay = this.#round(to - this.#time);
    this.#time = to;
    this.#points.push({
      pin,
      cell,
      edge: edgeMark(edge),
      ...(driver === undefined ? {} : { delay }),
      time: this.#round(to),
      ...(driver ? this.#values(driver) : {}),
      ...(driver && this.style.fields.includes("src_attr") && driver.id % 3 === 0
        ? { src_attr: `rtl/top.v:${driver.id}.1` }
        : {}),
    });
  }

  #values(driver: Driver): { fanout?: number; cap?: number; slew?: number; variation?: number } {
    const has = (name: MadeStyle["fields"][number]) => this.style.fields.includes(name);
    return {
      ...(has("fanout") ? { fanout: 1 + (driver.id % 7) } : {}),
      ...(has("cap") ? { cap: this.#round(driver.cap) } : {}),
      ...(has("slew") ? { slew: this.#round(driver.slew) } : {}),
      ...(has("variation") ? { variation: this.#round(driver.slew / 10) } : {}),
    };
  }

  #borrow(required: number): LatchBorrow | null {
    const { endpoint, type, style } = this;
    const clock = this.#clock;
    if (!clock || !("data" in endpoint) || !endpoint.latch || type === "min") return null;
    const opens = clock.period / 2 + clockLatency(clock, type) - clock.uncertainty;
    const row = (label: string, value: number) => ({ label, value: printed(value, style.digits) });
    const width = clock.period / 2;
    return {
      kind: "latch-borrow",
      rows: [
        row(`${clock.name}' nominal pulse width`, width),
        row("library setup time", -endpoint.setup[0]),
        row("max time borrow", width - endpoint.setup[0]),
        row("actual time borrow", required - opens),
      ],
      maxTimeBorrow: null,
      userLimit: false,
      actualTimeBorrow: null,
      byteOffset: 0,
      line: 0,
    };
  }

  #startReason(start: MadeRegister | MadeInput): string | null {
    const clock = start.clock === null ? null : this.timing.design.clocks[start.clock]!.name;
    return start.kind === "input" ? portReason("input", clock) : registerReason(start, clock!);
  }

  #endReason(): string | null {
    const { endpoint } = this;
    const clock = this.#clock?.name ?? null;
    return "data" in endpoint ? registerReason(endpoint, clock!) : portReason("output", clock);
  }

  #begin(part: PathLabel["part"]): void {
    if (part === "arrival") this.#labels = [];
    this.#part = part;
    this.#points = [];
    this.#time = 0;
  }

  /** As printed, and never a negative zero. */
  #round(value: number): number {
    const scale = 10 ** this.style.digits;
    return Math.round(value * scale) / scale + 0;
  }
}

const edgeMark = (edge: MadeEdge): "^" | "v" => (edge === 0 ? "^" : "v");

const portReason = (direction: "input" | "output", clock: string | null): string =>
  clock === null ? `${direction} port` : `${direction} port clocked by ${clock}`;

const registerReason = ({ latch }: MadeRegister, clock: string): string =>
  latch ? `positive level-sensitive latch clocked by ${clock}'` : `rising edge-triggered flip-flop clocked by ${clock}`;

/** A printed number. */
export const printed = (value: number, digits: number): Printed => ({
  units: Math.round(value * 10 ** digits) + 0,
  digits,
});
