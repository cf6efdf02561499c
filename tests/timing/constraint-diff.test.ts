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

  describe("point at multicycles that move the hold check too", () => {
    const multicycle = (words: string) => `set_multicycle_path ${words} -from [get_clocks {b}] -to [get_clocks {b}]`;
    const moving = (before: readonly string[], after: readonly string[]) =>
      diffConstraints(before.map(multicycle).join("\n"), after.map(multicycle).join("\n")).multicycleWithoutHold;

    it("with -setup, with neither -setup nor -hold, and with both", () => {
      expect(moving([], ["-setup 2"])).toEqual(["set_multicycle_path -setup 2 b -> b"]);
      expect(moving([], ["2"])).toEqual(["set_multicycle_path 2 b -> b"]);
      expect(moving([], ["-setup -hold 2"])).toEqual(["set_multicycle_path -setup -hold 2 b -> b"]);
      expect(moving([], ["-setup -start 2"])).toEqual(["set_multicycle_path -setup -start 2 b -> b"]);
    });

    it("unless a hold line of the same paths moves it all the way back", () => {
      expect(moving([], ["-setup 2", "-hold 1"])).toEqual([]);
      expect(moving([], ["2", "-hold -end 1"])).toEqual([]);
      expect(moving([], ["-setup 3", "-hold 1"])).toEqual(["set_multicycle_path -setup 3 b -> b"]);
      expect(moving([], ["-setup 2", "-hold 0"])).toEqual(["set_multicycle_path -setup 2 b -> b"]);
      const other = "set_multicycle_path -hold 1 -from [get_clocks {b}] -to [get_clocks {c}]";
      expect(diffConstraints("", `${multicycle("-setup 2")}\n${other}`).multicycleWithoutHold).toHaveLength(1);
    });

    it("and not at those that move nothing, or moved it before", () => {
      expect(moving([], ["-setup 1", "-hold 2"])).toEqual([]);
      expect(moving([], ["1"])).toEqual([]);
      expect(moving(["-setup 2"], ["-setup 2"])).toEqual([]);
      expect(moving(["-setup 2", "-hold 1"], ["-setup 2"])).toEqual(["set_multicycle_path -setup 2 b -> b"]);
      expect(moving(["-setup 2", "-hold 1"], ["-setup 3", "-hold 1"])).toEqual(["set_multicycle_path -setup 3 b -> b"]);
    });
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
