/**
 * A net's width is the time between its latest and its earliest arrival. Max and min run through the same delays, so an input's
 * two gaps add up to its output's width less its own: the gap of the min slack follows from that of the max slack.
 */

import { pinInstance } from "../names/names";
import { allocate } from "../names/room";
import { cells, gate, kindInputs, kindMode, kindOf, kindOutputs, loose, pinAt, startOf } from "./cells";
import { either } from "./learn-circuit";
import { valueAt } from "./learn-kinds";
import { cellOrder, netOf, nets } from "./nets";
import { isNumber, toReal } from "./numbers";
import { hasArrivals, typeOfInstance } from "./table";

export const unknownGap: f64 = NaN;

/** Per net and edge: its width, as far as the max slacks and the gaps so far tell. */
let widths: usize = 0;

export function beginWidths(): void {
  widths = allocate(16 * <usize>nets + 64);
  for (let index = 0; index < 2 * nets; index++) store<f64>(widths + 8 * <usize>index, NaN);
}

// @ts-ignore: decorator
@inline
function widthAt(net: i32, edge: i32): usize {
  return widths + 8 * (2 * <usize>net + <usize>edge);
}

/** Widths from the gaps of the max slacks alone, from the registers on. */
export function spreadWidths(): void {
  for (let index = cells - 1; index >= 0; index--) {
    const cell = load<i32>(cellOrder + 4 * <usize>index);
    const kind = kindOf(cell);
    if (kindMode(kind) === loose) continue;
    const start = startOf(cell);
    const output = start + ctz(kindOutputs(kind));
    const net = netOf(output);
    if (net < 0) continue;
    for (let edge = 0; edge < 2; edge++)
      store<f64>(widthAt(net, edge), kindMode(kind) === gate ? widest(start, output, edge, kindInputs(kind)) : 0);
  }
}

function widest(start: i32, output: i32, edge: i32, inputs: u32): f64 {
  const type = <i32>load<u8>(typeOfInstance + <usize>pinInstance(pinAt(start)));
  const out = valueAt(output, edge);
  let most: f64 = NaN;
  if (!isNumber(out)) return most;
  while (inputs !== 0) {
    const row = start + ctz(inputs);
    inputs &= inputs - 1;
    const net = netOf(row);
    if (net < 0) continue;
    for (let own = 0; own < 2; own++) {
      if (type !== either && own !== (edge ^ type)) continue;
      const value = valueAt(row, own);
      const width = load<f64>(widthAt(net, own));
      if (!isNumber(value) || width !== width) continue;
      const sum = width + max(0, toReal(value) - toReal(out));
      if (!(sum <= most)) most = sum;
    }
  }
  return most;
}

/** What an input's gap should be in this column: NaN if nothing is known. */
// @ts-ignore: decorator
@inline
export function predictGap(row: i32, output: i32, column: i32, with_: i32): f64 {
  if (column < 2) return unknownGap;
  const inner = rowWidth(row, column - 2);
  const outer = rowWidth(output, with_ - 2);
  const value = valueAt(row, column - 2);
  const out = valueAt(output, with_ - 2);
  if (!isNumber(value) || !isNumber(out)) return unknownGap;
  const gap = outer - inner - (toReal(value) - toReal(out));
  return gap > 0 || gap !== gap ? gap : 0;
}

function rowWidth(row: i32, edge: i32): f64 {
  if (hasArrivals) {
    const late = valueAt(row, 4 + edge);
    const early = valueAt(row, 6 + edge);
    return isNumber(late) && isNumber(early) ? toReal(late) - toReal(early) : NaN;
  }
  const net = netOf(row);
  return net < 0 ? NaN : load<f64>(widthAt(net, edge));
}

/** Corrects the width of an input's net by the gaps that are now known. */
// @ts-ignore: decorator
@inline
export function learnGap(row: i32, output: i32, column: i32, with_: i32, type: i32): void {
  const net = netOf(row);
  if (net < 0 || type === either) return;
  const outer = rowWidth(output, with_ - 2);
  const late = valueAt(row, column - 2);
  const lateOut = valueAt(output, with_ - 2);
  if (!isNumber(late) || !isNumber(lateOut) || outer !== outer) return;
  const gaps = toReal(late) - toReal(lateOut) + toReal(valueAt(row, column)) - toReal(valueAt(output, with_));
  const place = widthAt(net, column - 2);
  const known = load<f64>(place);
  store<f64>(place, known === known ? known : outer - gaps);
}
