import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { objectNames, sdcCommands, SdcNesting } from "../../src/opensta/sdc-commands.js";

describe("the commands of an SDC text", () => {
  it("are their words: continued lines joined, comments dropped, nesting kept", () => {
    const text =
      "# set_load 1 x\nset_false_path\\\n    -from [list [get_clocks {clk_a}]\\\n           [get_clocks {vio}]]\\\n    -to [get_clocks {clk_b}]\r\n\n  create_clock -name {clk main} -period 2.0000 [get_ports {clk}] ; set_load 0.1 q\n";
    expect(sdcCommands(text)).toEqual([
      ["set_false_path", "-from", "[list [get_clocks {clk_a}] [get_clocks {vio}]]", "-to", "[get_clocks {clk_b}]"],
      ["create_clock", "-name", "{clk main}", "-period", "2.0000", "[get_ports {clk}]"],
      ["set_load", "0.1", "q"],
    ]);
  });

  it("end at a line's end even after CRLF, and a # inside a word begins no comment", () => {
    expect(sdcCommands("set_load 1 end{point}#1\r\nset_load\\\r\n 2 b\r\n")).toEqual([
      ["set_load", "1", "end{point}#1"],
      ["set_load", "2", "b"],
    ]);
  });

  it("keep quoted and escaped characters as they are", () => {
    expect(sdcCommands('group_path -name "a b;c" -to [get_pins {u\\[0\\]/D}]\nset_units -time \\{')).toEqual([
      ["group_path", "-name", '"a b;c"', "-to", "[get_pins {u\\[0\\]/D}]"],
      ["set_units", "-time", "\\{"],
    ]);
  });

  it("come to an end whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab {}[]"\\\n;#\r')) }), (text) => {
        for (const command of sdcCommands(text)) for (const word of command) expect(word).not.toBe("");
      }),
    );
  });
});

describe("the names in an object argument", () => {
  it("are found in lists, collections, braces and quotes", () => {
    expect(objectNames("[get_clocks {a b}]")).toEqual(["a", "b"]);
    expect(objectNames("[list [get_ports x] [get_ports {y[0]}]]")).toEqual(["x", "y[0]"]);
    expect(objectNames("{a b}")).toEqual(["a", "b"]);
    expect(objectNames('"a b"')).toEqual(["a", "b"]);
    expect(objectNames("a")).toEqual(["a"]);
  });

  it("are not the options of the collection, nor its filter", () => {
    expect(objectNames("[get_cells -hierarchical -filter {is_buffer} *]")).toEqual(["*"]);
    expect(objectNames("[get_ports]")).toEqual([]);
    const deep = `${"[list ".repeat(20_000)}x${"]".repeat(20_000)}`;
    expect(objectNames(deep)).toHaveLength(1);
  });
});

it("counts what stands open over lines, escapes apart", () => {
  const nesting = new SdcNesting();
  const open = (line: string) => {
    nesting.add(line);
    return nesting.isOpen;
  };
  expect(open("set x [list {a")).toBe(true);
  expect(open("b} \\]")).toBe(true);
  expect(open("]")).toBe(false);
  expect(open('puts "a')).toBe(true);
  expect(open('b"')).toBe(false);
  expect(open("}")).toBe(false);
});
