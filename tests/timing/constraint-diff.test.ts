import { describe, expect, it } from "vitest";
import { diffConstraints } from "../../src/timing/constraint-diff.js";

describe("what changed in the constraints", () => {
  it("is told by pairs: a longer -from list adds one pair", () => {
    const before = "set_false_path -from [get_clocks {vio}] -to [get_clocks {clk_b}]";
    const after =
      "set_false_path\\\n    -from [list [get_clocks {clk_a}]\\\n           [get_clocks {vio}]]\\\n    -to [get_clocks {clk_b}]\n";
    expect(diffConstraints(before, after)).toMatchObject({
      added: ["set_false_path clk_a -> clk_b"],
      removed: [],
      changed: [],
    });
  });

  it("shows a new number as a change", () => {
    const diff = diffConstraints(
      "create_clock -name a -period 4.0000 [get_ports {a}]",
      "create_clock -name a -period 3.6000 [get_ports {a}]",
    );
    expect(diff).toMatchObject({
      added: [],
      removed: [],
      changed: ["create_clock -name a -period 4.0000 -> 3.6000 a"],
    });
  });

  it("points at a setup multicycle without its hold", () => {
    const setup = "set_multicycle_path -setup -from [get_clocks {b}] -to [get_clocks {b}] 2";
    const hold = "set_multicycle_path -hold -from [get_clocks {b}] -to [get_clocks {b}] 1";
    expect(diffConstraints("", setup).multicycleWithoutHold).toEqual(["set_multicycle_path -setup 2 b -> b"]);
    expect(diffConstraints("", `${setup}\n${hold}`).multicycleWithoutHold).toEqual([]);
  });

  it("folds more than ten lines of one command into a count, and ignores order, comments and spacing", () => {
    const loads = Array.from({ length: 12 }, (_, at) => `set_load 0.${at} [get_nets {n${at}}]`);
    expect(diffConstraints("", loads.join("\n")).added).toEqual(["set_load: 12 lines"]);
    expect(diffConstraints(loads.join("\n"), `# again\n${loads.toReversed().join(" ;  ")}`)).toMatchObject({
      added: [],
      removed: [],
      changed: [],
    });
  });
});
