import type { MadeStyle } from "./made-style.js";
import {
  edges,
  type MadeEdge,
  type MadeTiming,
  type MadeType,
  shortened,
  slackOf,
  through,
  types,
} from "./made-timing.js";

/** Arrival and required of one pin, by type and edge. */
type PinTimes = (type: MadeType, edge: MadeEdge) => { readonly arrival: number; readonly required: number };

const headings = {
  "2.0.17": ["max_rise_slack", "max_fall_slack", "min_rise_slack", "min_fall_slack"],
  "3.1.0": ["slack", "arrival"].flatMap((what) =>
    types.flatMap((type) => ["rise", "fall"].map((edge) => `${what}_${type}_${edge}`)),
  ),
} as const;

/** Every pin in netlist order: 2.0.17 with its slacks as `-7.719542e-02` and `inf`, 3.1.0 with arrivals, `INF`. */
export function pinTableText(timing: MadeTiming, { version }: MadeStyle): string {
  const { design } = timing;
  const lines = [["# pin", ...headings[version]].join("\t")];
  const figure = version === "2.0.17" ? scientific : fixedPoint;
  const combinations = types.flatMap((type) => edges.map((edge) => [type, edge] as const));
  const add = (pin: string, times: PinTimes) => {
    const all = combinations.map(([type, edge]) => ({ type, ...times(type, edge) }));
    const slacks = all.map(({ arrival, required, type }) => figure(slackOf(arrival, required, type)));
    const arrivals = version === "3.1.0" ? all.map(({ arrival }) => figure(arrival)) : [];
    lines.push([pin, ...slacks, ...arrivals].join("\t"));
  };
  const driven =
    (id: number): PinTimes =>
    (type, edge) => ({ arrival: timing.arrival(id, type, edge), required: timing.required(id, type, edge) });
  const unreached: PinTimes = (type) => ({
    arrival: type === "max" ? -Infinity : Infinity,
    required: type === "max" ? Infinity : -Infinity,
  });

  for (const { port } of design.clocks) add(port, unreached);
  for (const { id, name } of design.inputs) add(name, driven(id));
  for (const register of design.registers) {
    const { instance, id, data } = register;
    add(`${instance}/CLK`, unreached);
    add(`${instance}/D`, (type, edge) => ({
      arrival: timing.arrival(data, type, edge),
      required: timing.limit(register, type, edge),
    }));
    add(`${instance}/Q`, driven(id));
    if (register.cell === "DFFSR") add(`${instance}/P0002`, unreached);
  }
  for (const { instance, id, arcs, inverts } of design.gates) {
    for (const { pin, from, delay } of arcs)
      add(`${instance}/${pin}`, (type, edge) => {
        const out = through(edge, inverts);
        const required = timing.required(id, type, out) - shortened(delay[out], type);
        return { arrival: timing.arrival(from, type, edge), required };
      });
    add(`${instance}/Y`, driven(id));
  }
  for (const output of design.outputs)
    add(output.name, (type, edge) => ({
      arrival: timing.arrival(output.from, type, edge),
      required: timing.limit(output, type, edge),
    }));
  return `${lines.join("\n")}\n`;
}

/** C's `%e`. */
function scientific(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const [mantissa, exponent] = value.toExponential(6).split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

function fixedPoint(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  return value.toFixed(6);
}
