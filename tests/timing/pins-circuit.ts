import { SeededRandom } from "./seeded-random.js";

/** What a random table of pins is made from: the same options make the same text. */
export interface CircuitOptions {
  readonly seed: number;
  readonly modules: number;
  readonly gates: number;
  readonly notation: "exponential" | "fixed";
  readonly withArrivals?: boolean;
  /** Share of the gates whose delay is another one than in the table without it. */
  readonly changed?: number;
  /** Gates with a name of their own that stand between the others. */
  readonly inserted?: number;
}

interface Gate {
  readonly name: string;
  readonly inputs: readonly number[];
  readonly delay: number;
}

const edgeApart = 0.0125;
const period = 5;

/** The slacks of inverting gates in some modules, as OpenSTA prints them. */
export function circuitTable(options: CircuitOptions): string {
  const kinds = options.withArrivals === true ? ["slack", "arrival"] : ["slack"];
  const titles = kinds.flatMap((kind) => ["max_rise", "max_fall", "min_rise", "min_fall"].map((of) => `${kind}_${of}`));
  const modules = Array.from({ length: options.modules }, (_none, index) => index);
  return [`# pin\t${titles.join("\t")}`, ...modules.flatMap((module) => moduleRows(options, module)), ""].join("\n");
}

function moduleRows(options: CircuitOptions, module: number): string[] {
  const gates = makeGates(options, module);
  const late = arrivals(gates, Math.max);
  const early = arrivals(gates, Math.min);
  const lateRequired = required(gates, Math.min);
  const earlyRequired = required(gates, Math.max);
  const idle = options.withArrivals === true ? 8 : 4;
  const rows = [`u_${module}/en\t${Array.from({ length: idle }, () => "inf").join("\t")}`];
  for (const [index, gate] of gates.entries()) {
    const add = (port: string, net: number, delay: number, fallFirst: boolean) => {
      const max = (lateRequired[index] ?? 0) - delay - (late[net] ?? 0);
      const min = (early[net] ?? 0) - (earlyRequired[index] ?? 0) + delay;
      const both = (value: number) => (fallFirst ? [value + edgeApart, value] : [value, value + edgeApart]);
      const shown = [...both(max), ...both(min)];
      if (options.withArrivals === true) shown.push(...both(late[net] ?? 0), ...both(early[net] ?? 0));
      const figures = shown.map((value) => (options.notation === "fixed" ? value.toFixed(6) : scientific(value)));
      rows.push([`u_${module}/${gate.name}/${port}`, ...figures].join("\t"));
    };
    for (const [port, net] of gate.inputs.entries()) add(port === 0 ? "A" : "B", net, gate.delay, index % 2 === 0);
    add("Y", index, 0, index % 2 === 1);
  }
  return rows;
}

function makeGates(options: CircuitOptions, module: number): Gate[] {
  const shape = new SeededRandom(options.seed);
  const delays = new SeededRandom(options.seed * 7919 + module);
  const changes = new SeededRandom(options.seed * 104_729 + module);
  const gates: Gate[] = [];
  for (let index = 0; index < options.gates; index++) {
    const pick = () => (index === 0 ? 0 : shape.below(index));
    const delay = delays.between(0.05, 0.2) + (changes.chance(options.changed ?? 0) ? 0.01 : 0);
    gates.push({ name: `_${String(index).padStart(4, "0")}_`, inputs: [pick(), pick()], delay });
  }
  for (let index = 0; index < (options.inserted ?? 0); index++) {
    const place = changes.below(gates.length);
    const gate = gates[place];
    if (gate !== undefined) gates[place] = { ...gate, name: `new_${module}_${index}` };
  }
  return gates;
}

function arrivals(gates: readonly Gate[], pick: (...values: number[]) => number): number[] {
  const times: number[] = [];
  for (const gate of gates) times.push(pick(...gate.inputs.map((input) => times[input] ?? 0)) + gate.delay);
  return times;
}

function required(gates: readonly Gate[], pick: (...values: number[]) => number): number[] {
  const times: (number | undefined)[] = gates.map(() => undefined);
  for (let index = gates.length - 1; index >= 0; index--) {
    const gate = gates[index];
    const own = (times[index] ??= period);
    for (const input of gate?.inputs ?? []) {
      const needed = own - (gate?.delay ?? 0);
      const before = times[input];
      times[input] = before === undefined ? needed : pick(before, needed);
    }
  }
  return times.map((time) => time ?? period);
}

function scientific(value: number): string {
  const [mantissa = "", exponent = ""] = value.toExponential(6).split("e");
  return `${mantissa}e${exponent.startsWith("-") ? "-" : "+"}${exponent.slice(1).padStart(2, "0")}`;
}
