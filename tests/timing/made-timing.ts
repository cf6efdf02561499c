/** A small timing analysis of made designs: latest and earliest times of both edges, forwards and backwards. */
import { earlyShare, type MadeClock, type MadeDesign, type MadeOutput, type MadeRegister } from "./made-design.js";

export type MadeType = "max" | "min";
/** 0 rising, 1 falling. */
export type MadeEdge = 0 | 1;
export const types: readonly MadeType[] = ["max", "min"];
export const edges: readonly MadeEdge[] = [0, 1];

/** Where paths end. */
export type MadeEndpoint = MadeRegister | MadeOutput;

/** Times at what drivers drive; infinite where no path comes or goes. */
export class MadeTiming {
  readonly #arrivals = new Map<number, Float64Array>();
  readonly #required = new Map<number, Float64Array>();
  /** Index of the arc that a gate's time comes from. */
  readonly #arcs = new Map<number, Uint8Array>();

  constructor(readonly design: MadeDesign) {
    this.#launch();
    for (const gate of design.gates) this.#pass(gate);
    for (const endpoint of endpointsOf(design)) this.#demand(endpoint);
    for (const gate of design.gates.toReversed()) this.#passBack(gate);
  }

  arrival(id: number, type: MadeType, edge: MadeEdge): number {
    return this.#arrivals.get(id)?.[slot(type, edge)] ?? none(type);
  }

  required(id: number, type: MadeType, edge: MadeEdge): number {
    return this.#required.get(id)?.[slot(type, edge)] ?? -none(type);
  }

  /** Which of the gate's arcs its time comes through. */
  arcOf(gate: number, type: MadeType, edge: MadeEdge): number {
    return this.#arcs.get(gate)?.[slot(type, edge)] ?? 0;
  }

  /** When data has to be (or may no more be) at the endpoint; infinite if nothing says. */
  limit(endpoint: MadeEndpoint, type: MadeType, edge: MadeEdge): number {
    if (endpoint.clock === null) return -none(type);
    const clock = this.design.clocks[endpoint.clock]!;
    const latency = clockLatency(clock, type);
    if ("data" in endpoint) {
      if (type === "min") return latency + clock.uncertainty + endpoint.hold[edge];
      if (!endpoint.latch) return clock.period + latency - clock.uncertainty - endpoint.setup[edge];
      // What comes while the latch is open borrows from what follows it.
      const opens = clock.period / 2 + latency - clock.uncertainty;
      return Math.max(opens, Math.min(this.arrival(endpoint.data, type, edge), opens + clock.period / 2));
    }
    const margin = type === "max" ? clock.period - clock.uncertainty : clock.uncertainty;
    return latency + margin - endpoint.delay;
  }

  #launch(): void {
    const { inputs, registers, clocks } = this.design;
    for (const input of inputs) {
      const { clock } = input;
      this.#set(this.#arrivals, input.id, (type) =>
        clock === null ? none(type) : clockLatency(clocks[clock]!, type) + input.delay,
      );
    }
    for (const register of registers)
      this.#set(this.#arrivals, register.id, (type, edge) => {
        const clock = clocks[register.clock]!;
        return launchEdge(register, clock) + clockLatency(clock, type) + shortened(register.toOutput[edge], type);
      });
  }

  #pass({ id, arcs, inverts }: MadeDesign["gates"][number]): void {
    const chosen = new Uint8Array(4);
    this.#arcs.set(id, chosen);
    this.#set(this.#arrivals, id, (type, edge) => {
      let worst = none(type);
      for (const [at, { from, delay }] of arcs.entries()) {
        const time = this.arrival(from, type, through(edge, inverts)) + shortened(delay[edge], type);
        if (type === "max" ? time <= worst : time >= worst) continue;
        worst = time;
        chosen[slot(type, edge)] = at;
      }
      return worst;
    });
  }

  #demand(endpoint: MadeEndpoint): void {
    const driver = "data" in endpoint ? endpoint.data : endpoint.from;
    for (const type of types)
      for (const edge of edges) this.#tighten(driver, type, edge, this.limit(endpoint, type, edge));
  }

  #passBack({ id, arcs, inverts }: MadeDesign["gates"][number]): void {
    for (const type of types)
      for (const edge of edges)
        for (const { from, delay } of arcs)
          this.#tighten(
            from,
            type,
            through(edge, inverts),
            this.required(id, type, edge) - shortened(delay[edge], type),
          );
  }

  #tighten(id: number, type: MadeType, edge: MadeEdge, time: number): void {
    if (!this.#required.has(id)) this.#set(this.#required, id, (each) => -none(each));
    const times = this.#required.get(id)!;
    const at = slot(type, edge);
    times[at] = type === "max" ? Math.min(times[at]!, time) : Math.max(times[at]!, time);
  }

  #set(times: Map<number, Float64Array>, id: number, of: (type: MadeType, edge: MadeEdge) => number): void {
    times.set(id, Float64Array.from([of("max", 0), of("max", 1), of("min", 0), of("min", 1)]));
  }
}

export function endpointsOf({ registers, outputs }: MadeDesign): MadeEndpoint[] {
  return [...registers, ...outputs];
}

/** A delay as the type has it: earliest times take the shorter one. */
export const shortened = (delay: number, type: MadeType): number => (type === "max" ? delay : delay * earlyShare);

/** The edge at a gate's input that makes this one at its output. */
export const through = (edge: MadeEdge, inverts: boolean): MadeEdge => (inverts ? (edge === 0 ? 1 : 0) : edge);

/** When the clock edge that opens or triggers the register comes. */
export const launchEdge = ({ latch }: MadeRegister, { period }: MadeClock): number => (latch ? period / 2 : 0);

export function clockLatency(clock: MadeClock, type: MadeType): number {
  return clock.latency + clock.tree.reduce((sum, { delay }) => sum + shortened(delay, type), 0);
}

/** Slack from the two times: positive is good for either type. */
export const slackOf = (arrival: number, required: number, type: MadeType): number =>
  type === "max" ? required - arrival : arrival - required;

/** The time of what never arrives. */
const none = (type: MadeType): number => (type === "max" ? -Infinity : Infinity);

const slot = (type: MadeType, edge: MadeEdge): number => (type === "max" ? 0 : 2) + edge;
