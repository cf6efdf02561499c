/**
 * Random circuits for tests: clocks, ports, registers, latches and gates with delays, and what an ECO makes of them.
 * made-timing.ts works out their arrival and required times, made-reports.ts prints them as OpenSTA does.
 */
import { MadeNames } from "./made-names.js";
import { SeededRandom } from "./seeded-random.js";

/** Times are in nanoseconds, of a rising and of a falling edge. */
export type RiseFall = readonly [rise: number, fall: number];

export interface MadeClock {
  readonly name: string;
  readonly port: string;
  readonly period: number;
  /** Printed as `clock network delay (propagated)`, or its pins in full_clock_expanded. */
  readonly propagated: boolean;
  readonly latency: number;
  /** Delays of the buffers between the port and the registers. */
  readonly tree: readonly { readonly instance: string; readonly delay: number }[];
  readonly uncertainty: number;
}

/** What drives a net: `id` is what sinks name. */
interface MadeDriver {
  readonly id: number;
  /** Capacitance and slew at the driven pin, as fields print them. */
  readonly cap: number;
  readonly slew: number;
}

export interface MadeInput extends MadeDriver {
  readonly kind: "input";
  readonly name: string;
  /** Index of its clock; null: nothing says when it arrives. */
  readonly clock: number | null;
  readonly delay: number;
}

export interface MadeRegister extends MadeDriver {
  readonly kind: "register";
  readonly instance: string;
  readonly cell: string;
  readonly latch: boolean;
  readonly clock: number;
  readonly toOutput: RiseFall;
  readonly setup: RiseFall;
  readonly hold: RiseFall;
  /** Id of what drives its D pin; any driver of the design. */
  readonly data: number;
}

export interface MadeArc {
  readonly pin: string;
  readonly from: number;
  readonly delay: RiseFall;
}

export interface MadeGate extends MadeDriver {
  readonly kind: "gate";
  readonly instance: string;
  readonly cell: string;
  readonly inverts: boolean;
  readonly arcs: readonly MadeArc[];
}

export interface MadeOutput {
  readonly name: string;
  readonly clock: number | null;
  readonly delay: number;
  readonly from: number;
}

export interface MadeDesign {
  readonly seed: number;
  readonly clocks: readonly MadeClock[];
  readonly inputs: readonly MadeInput[];
  readonly registers: readonly MadeRegister[];
  /** Each gate after those that drive it. */
  readonly gates: readonly MadeGate[];
  readonly outputs: readonly MadeOutput[];
}

export interface DesignSize {
  /** About so many gates and registers; default: anything from none to some hundreds. */
  readonly cells?: number;
}

/** Earliest arrivals are this share of the latest. */
export const earlyShare = 0.62;

const gateCells: readonly (readonly [cell: string, inputs: number, inverts: boolean])[] = [
  ["INVX1", 1, true],
  ["BUFX2", 1, false],
  ["NAND2X1", 2, true],
  ["NOR2X1", 2, true],
  ["AND2X2", 2, false],
  ["OAI21X1", 3, true],
  ["AOI21X1", 3, true],
];
const pinNames = ["A", "B", "C"] as const;

/** @example makeDesign(7, { cells: 5000 }) */
export function makeDesign(seed: number, { cells }: DesignSize = {}): MadeDesign {
  const random = new SeededRandom(seed);
  const wanted = cells ?? random.pick([0, 1, 3, 20, 60, 150, 400, 1200]);
  const clockNames = new MadeNames(random);
  const clocks = Array.from({ length: 1 + random.below(4) }, (_, at) => makeClock(random, clockNames, at));
  const lanes = random.chance(0.5) ? 1 : 1 + random.below(Math.max(1, Math.min(12, wanted / 8)));
  // Lanes are copies of one module; equal ones have equal delays too.
  const builder = new DesignBuilder(random, clocks, random.chance(0.4));
  for (let lane = 0; lane < lanes; lane++)
    builder.addLane(lanes === 1 ? "" : `g_lane[${lane}].u_lane/`, wanted / lanes);
  return builder.finish(seed);
}

function makeClock(random: SeededRandom, names: MadeNames, at: number): MadeClock {
  const period = Number(random.between(1, 12).toFixed(2));
  const propagated = random.chance(0.5);
  return {
    name: names.clock(at),
    port: `clk_${at}`,
    period,
    propagated,
    latency: random.pick([0, 0.25, random.between(0, 1)]),
    tree: propagated
      ? Array.from({ length: random.below(5) }, (_, level) => ({
          instance: `u_clk${at}/buf_${level}`,
          delay: random.between(0.05, 0.4),
        }))
      : [],
    uncertainty: random.pick([0, 0.05, 0.15]),
  };
}

class DesignBuilder {
  readonly #inputs: MadeInput[] = [];
  readonly #registers: MadeRegister[] = [];
  readonly #gates: MadeGate[] = [];
  readonly #outputs: MadeOutput[] = [];
  readonly #structureSeed: number;
  #id = 0;

  constructor(
    private readonly random: SeededRandom,
    private readonly clocks: readonly MadeClock[],
    private readonly equalLanes: boolean,
  ) {
    this.#structureSeed = random.below(2 ** 31);
  }

  addLane(module: string, cells: number): void {
    // The same seed for each lane: the same structure, whatever the delays.
    const structure = new SeededRandom(this.#structureSeed);
    const names = new MadeNames(structure);
    const delays = this.equalLanes ? structure : this.random;
    const clock = () => (structure.chance(0.8) ? 0 : structure.below(this.clocks.length));
    const driver = () => ({ id: this.#id++, cap: delays.between(0.01, 0.5), slew: delays.between(0.02, 0.7) });
    const delay = (): RiseFall => [delays.between(0.03, 0.4), delays.between(0.03, 0.4)];

    const count = Math.max(1, Math.round(cells));
    const registers = Math.floor(count * structure.between(0.1, 0.4));
    const first = this.#id;
    for (let at = structure.below(6); at >= 0; at--)
      this.#inputs.push({
        ...driver(),
        kind: "input",
        name: `${module.replaceAll(/[./]/g, "_")}in[${at}]`,
        clock: structure.chance(0.9) ? clock() : null,
        delay: structure.pick([0, 0.6, 1.25]),
      });
    const data = this.#id + registers;
    const gates = count - registers;
    for (let at = 0; at < registers; at++) {
      const latch = structure.chance(0.06);
      this.#registers.push({
        ...driver(),
        kind: "register",
        instance: names.instance(module),
        cell: latch ? "LATCH" : structure.pick(["DFFPOSX1", "DFFPOSX1", "DFFSR"]),
        latch,
        clock: clock(),
        toOutput: delay(),
        setup: delay(),
        hold: [delays.between(-0.1, 0.1), delays.between(-0.1, 0.1)],
        data: gates > 0 && structure.chance(0.95) ? data + structure.below(gates) : first,
      });
    }
    // Cones of some depth: a gate takes from those just before it in its cone, or from a register or an input.
    const reach = 2 + structure.below(20);
    const cone = reach * (1 + structure.below(10));
    for (let at = 0; at < gates; at++) {
      const [cell, inputs, inverts] = structure.pick(gateCells);
      const near = Math.min(at % cone, reach);
      const arcs = pinNames.slice(0, inputs).map((pin) => {
        const from =
          near > 0 && structure.chance(0.8)
            ? this.#id - 1 - structure.below(near)
            : first + structure.below(data - first);
        return { pin, from, delay: delay() };
      });
      this.#gates.push({ ...driver(), kind: "gate", instance: names.instance(module), cell, inverts, arcs });
    }
    for (let at = structure.below(5); at >= 0; at--)
      this.#outputs.push({
        name: `${module.replaceAll(/[./]/g, "_")}out[${at}]`,
        clock: structure.chance(0.9) ? clock() : null,
        delay: structure.pick([0, 0.5]),
        from: first + structure.below(this.#id - first),
      });
  }

  finish(seed: number): MadeDesign {
    return {
      seed,
      clocks: this.clocks,
      inputs: this.#inputs,
      registers: this.#registers,
      gates: this.#gates,
      outputs: this.#outputs,
    };
  }
}
