import { describe, expect, it } from "vitest";
import { decimalText, parseDecimal, rescale } from "../../src/timing/decimal.js";
import { shownFigure } from "../../src/timing/shown-figure.js";

describe("printed decimals", () => {
  it.each([
    [-4550, 4, 2, -45],
    [-4551, 4, 2, -46],
    [4549, 4, 2, 45],
    [-49, 4, 2, 0],
    [-5, 0, 2, -500],
  ])("rescales %d of %d digits to %d: half toward zero", (units, from, to, expected) => {
    expect(rescale(units, from, to)).toBe(expected);
  });

  it.each([["-1009.61"], ["0.00"], ["-0.05"], ["12"], ["-3"]])("writes %s as it read it", (text) => {
    const { units, digits } = parseDecimal(text);
    expect(decimalText(units, digits)).toBe(text);
  });

  it("shows the tool's own print with those digits before rounding another", () => {
    const figure = (text: string, how: "printed" | "computed") => ({
      value: Number(text),
      text,
      source: "x",
      digits: parseDecimal(text).digits,
      how,
    });
    expect(shownFigure([figure("-183.225001", "printed"), figure("-183.23", "printed")])).toBe("-183.23");
    expect(shownFigure([figure("-183.225000", "printed")])).toBe("-183.22");
    expect(shownFigure([])).toBe("-");
  });
});
