import type { TimingFigureSource } from "../../schemas/timing-summary.js";
import { decimalText, parseDecimal, rescale } from "./decimal.js";

/**
 * A figure with at most so many digits: the tool's own print with those digits if it was captured, else the best source
 * rounded half toward zero; a source with fewer digits is shown as it is. `-` where there is none.
 */
export function shownFigure(figures: readonly TimingFigureSource[], digits = 2): string {
  const own = figures.find((figure) => figure.how === "printed" && figure.digits === digits);
  const best = own ?? figures[0];
  if (!best) return "-";
  const { units, digits: printed } = parseDecimal(best.text);
  return printed <= digits ? best.text : decimalText(rescale(units, printed, digits), digits);
}
