/** The slacks of a gate's inputs beside a base: a gap is as it was there, but for how arrivals and required times moved. */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { isNear, valueAt } from "./learn-kinds";
import { inputRequired, moved, outputRequired, part } from "./net-slacks";
import { netOf } from "./nets";
import { isNumber, toOrdinal, toReal } from "./numbers";
import { baseAt, hasArrivals } from "./table";
import { codeGap, codeNearValue, placeOf } from "./value-coder";

let changeContexts: usize = 0;
/** Per column: how the delays of the gate in work moved. */
const delayShift = memory.data(8 * 4);
/** How many inputs of this cell had changed otherwise than expected. */
let surprises: i32 = 0;

export function beginKnownInputs(): void {
  changeContexts = contexts(2048);
}

/** Begins a gate. */
export function beginGate(): void {
  surprises = 0;
  v128.store(delayShift, i64x2.splat(0));
  v128.store(delayShift, i64x2.splat(0), 16);
}

/** Codes an input whose base is known, and its output's; answers false if it is not. */
export function codeKnownInput(
  row: i32,
  output: i32,
  column: i32,
  with_: i32,
  base: i32,
  outputBase: i32,
  reference: i32,
): bool {
  if (base < 0) return false;
  const before = baseAt(outputBase, with_);
  const own = baseAt(base, column);
  if (!isNumber(before) || !isNumber(own)) return false;
  const critical = own - before <= 16;
  const net = netOf(row);
  const required = outputRequired(output, with_) + load<f64>(delayShift + 8 * <usize>with_);
  const movedPlace = moved + 8 * (4 * <usize>net + <usize>column);
  const arrival = net < 0 ? NaN : load<f64>(movedPlace);
  let expected = own - before + reference;
  if (!critical) {
    if (hasArrivals) {
      const shift = arrivalShift(row, output, column, with_, base, outputBase);
      if (shift !== 0 || reference !== before)
        expected = toOrdinal(toReal(own) + toReal(reference) - toReal(before) + shift);
      else expected = own;
    } else {
      const shift = arrival === arrival ? required - arrival : required;
      expected = shift === 0 ? own : toOrdinal(toReal(own) + shift);
    }
    expected = max(reference, expected);
  }
  const place = placeOf(row, column);
  const kind = (critical ? 1 : 0) | (arrival === arrival ? 2 : 0) | (reference === before ? 4 : 0) | (min(surprises, 3) << 3);
  codeChange(place, reference, own, expected, kind, 24 + part + (critical ? 1 : 0));
  const value = load<i32>(place);
  let needed = required;
  if (net >= 0 && !hasArrivals) {
    const change = value === own ? 0 : toReal(value) - toReal(own);
    if (arrival === arrival) {
      // The arrival was known, so the delay to the output is what changed.
      needed = change + arrival;
      if (!critical) store<f64>(delayShift + 8 * <usize>with_, needed - outputRequired(output, with_));
    } else store<f64>(movedPlace, required - change);
  }
  store<f64>(inputRequired + 8 * <usize>column, needed);
  return true;
}

/** How the gap between an input and its output changed, as the arrivals say. */
function arrivalShift(row: i32, output: i32, column: i32, with_: i32, base: i32, outputBase: i32): f64 {
  const one = valueAt(row, column + 4);
  const other = valueAt(output, with_ + 4);
  const oneBase = baseAt(base, column + 4);
  const otherBase = baseAt(outputBase, with_ + 4);
  if (!isNumber(one) || !isNumber(other) || !isNumber(oneBase) || !isNumber(otherBase)) return 0;
  const change = toReal(other) - toReal(otherBase) - toReal(one) + toReal(oneBase);
  return column < 2 ? change : -change;
}

/** Codes a value that the base has too, and of which something is expected. */
export function codeChange(place: usize, reference: i32, own: i32, expected: i32, kind: i32, gaps: i32): void {
  const context = changeContexts + 4 * <usize>(((kind & 31) * 2 + (expected === own ? 1 : 0)) * 2 + (part >> 1));
  if (codeBit(context, decoding ? 0 : load<i32>(place) === expected ? 1 : 0)) {
    if (decoding) store<i32>(place, expected);
    return;
  }
  surprises++;
  const isClose = codeBit(context + 4 * 128, decoding ? 0 : isNear(load<i32>(place), reference) ? 1 : 0);
  if (isClose) return codeNearValue(place, reference, 1);
  const isOwn = expected !== own && codeBit(context + 4 * 256, decoding ? 0 : load<i32>(place) === own ? 1 : 0);
  if (!isOwn) codeGap(gaps + (expected === own ? 0 : 4), place, expected);
  else if (decoding) store<i32>(place, own);
}
