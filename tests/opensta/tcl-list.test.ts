import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatTclList, parseTclList, tclWord } from "../../src/opensta/tcl-list.js";

const seed = Number(process.env["CKPT_SEED"] ?? Date.now() % 2 ** 31);

describe("Tcl lists", () => {
  it("come back as they were written, whatever is in them, nested too", () => {
    process.stdout.write(`tcl lists: CKPT_SEED=${seed} repeats this run\n`);
    const awkward = fc.string({
      unit: fc.constantFrom(...'{ } [ ] \\ " $ ; # ~ a * é 😀'.split(" "), " ", "\n", "\t"),
    });
    const element = fc.oneof(awkward, fc.string({ unit: "binary" }), fc.string());
    fc.assert(
      fc.property(fc.array(fc.array(element, { maxLength: 5 }), { maxLength: 5 }), (lists) => {
        const written = formatTclList(lists.map(formatTclList));
        expect(parseTclList(written).map(parseTclList)).toEqual(lists);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it("are read as Tcl prints them: braces, quotes, backslashes, any white space", () => {
    expect(parseTclList('  clk_a {clk main}\t{a {b c} {}}\n"q [x]" a\\ b {} q\\[0\\] \\x41\\u00e9\\n\\101 ')).toEqual([
      "clk_a",
      "clk main",
      "a {b c} {}",
      "q [x]",
      "a b",
      "",
      "q[0]",
      "Aé\nA",
    ]);
    expect(parseTclList("{a\\}b} {a\\\n   b}")).toEqual(["a\\}b", "a b"]);
    expect(parseTclList("")).toEqual([]);
  });

  it.each([
    ["{a b", "a brace is not closed at character 0"],
    ['a "b', "a quote is not closed at character 2"],
    ["{a}b", "a list element in braces is followed by text at character 3"],
    ['"a"b', "a list element in quotes is followed by text at character 3"],
  ])("that are not well formed are refused with the place: %s", (text, message) => {
    expect(() => parseTclList(text)).toThrow(message);
  });

  it("quote a word only as far as it needs it", () => {
    expect(["a/b_1", "q[0]", "a b", "$x", "", "a}b", "a\\"].map(tclWord)).toEqual([
      "a/b_1",
      "{q[0]}",
      "{a b}",
      "{$x}",
      "{}",
      "a\\}b",
      "a\\\\",
    ]);
  });
});
