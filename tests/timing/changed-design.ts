import type { MadeArc, MadeDesign, MadeGate, RiseFall } from "./made-design.js";
import { SeededRandom } from "./seeded-random.js";

/** An ECO: cells get other delays, are resized, renamed or removed, buffers come in between, clocks and limits change. */
export function change(design: MadeDesign, seed: number): MadeDesign {
  const random = new SeededRandom(seed);
  // Some steps touch one cell, some half of them, some none.
  const share = random.pick([0, 1 / Math.max(1, design.gates.length), 0.02, 0.5]);
  const changed = removeGates(insertBuffers(retime(design, random, share), random, share), random, share / 2);
  const clocks = random.chance(0.2)
    ? changed.clocks.map((clock) => ({
        ...clock,
        period: Number((clock.period * random.between(0.9, 1.1)).toFixed(2)),
      }))
    : changed.clocks;
  return { ...changed, seed, clocks };
}

function retime(design: MadeDesign, random: SeededRandom, share: number): MadeDesign {
  const scaled = ([rise, fall]: RiseFall, by: number): RiseFall => [rise * by, fall * by];
  const gates = design.gates.map((gate): MadeGate => {
    if (!random.chance(share)) return gate;
    const by = random.between(0.7, 1.3);
    const arcs = gate.arcs.map((arc) => ({ ...arc, delay: scaled(arc.delay, by) }));
    if (random.chance(0.2)) return { ...gate, arcs, instance: `${gate.instance}_eco${random.below(1000)}` };
    return { ...gate, arcs, cell: random.chance(0.5) ? gate.cell.replace(/X\d$/, "X4") : gate.cell };
  });
  const registers = design.registers.map((register) =>
    random.chance(share / 2)
      ? { ...register, toOutput: scaled(register.toOutput, random.between(0.8, 1.2)) }
      : register,
  );
  return { ...design, gates, registers };
}

function insertBuffers(design: MadeDesign, random: SeededRandom, share: number): MadeDesign {
  let id = nextId(design);
  const gates: MadeGate[] = [];
  for (const gate of design.gates) {
    const arcs = gate.arcs.map((arc): MadeArc => {
      if (!random.chance(share / 4)) return arc;
      const delay: RiseFall = [random.between(0.05, 0.2), random.between(0.05, 0.2)];
      gates.push({
        kind: "gate",
        id,
        cap: random.between(0.01, 0.5),
        slew: random.between(0.02, 0.7),
        instance: `eco_buf_${id}`,
        cell: "BUFX2",
        inverts: false,
        arcs: [{ pin: "A", from: arc.from, delay }],
      });
      return { ...arc, from: id++ };
    });
    gates.push({ ...gate, arcs });
  }
  return { ...design, gates };
}

/** What a removed gate drove is driven by its first input. */
function removeGates(design: MadeDesign, random: SeededRandom, share: number): MadeDesign {
  const instead = new Map<number, number>();
  const driver = (id: number) => instead.get(id) ?? id;
  const gates: MadeGate[] = [];
  for (const gate of design.gates) {
    const arcs = gate.arcs.map((arc) => ({ ...arc, from: driver(arc.from) }));
    if (random.chance(share)) instead.set(gate.id, arcs[0]!.from);
    else gates.push({ ...gate, arcs });
  }
  const registers = design.registers.map((register) => ({ ...register, data: driver(register.data) }));
  const outputs = design.outputs.map((output) => ({ ...output, from: driver(output.from) }));
  return { ...design, gates, registers, outputs };
}

function nextId({ inputs, registers, gates }: MadeDesign): number {
  let last = -1;
  for (const drivers of [inputs, registers, gates]) for (const { id } of drivers) last = Math.max(last, id);
  return last + 1;
}
