/** The slacks of a gate's inputs: one of them has the output's, the others are larger by a gap. */

import { contexts } from "../names/binary-coder";
import { pinInstance } from "../names/names";
import { classes, codeLikeBefore, codeRowPattern } from "./alone-rows";
import { kindFirstPort, kindInputs, kindOutputs, pinAt } from "./cells";
import { beginGate, codeKnownInput } from "./known-inputs";
import { either } from "./learn-circuit";
import { valueAt } from "./learn-kinds";
import { forgetRequired, part, tellNet } from "./net-slacks";
import { isNumber, toOrdinal, toReal } from "./numbers";
import { comparedRow, hasArrivals, typeOfInstance } from "./table";
import { codeGap, codeNear, placeOf } from "./value-coder";
import { learnGap, predictGap, unknownGap } from "./widths";

let nearContexts: usize = 0;

export function beginInputs(): void {
  nearContexts = contexts(2 * 3 * 2 * 4 * 4 * 40 * 2);
}

/** Which column of the output an input's column goes with; for either edge the one with less slack. */
// @ts-ignore: decorator
@inline
function outputColumn(output: i32, column: i32, type: i32): i32 {
  if (type === either) return valueAt(output, column) <= valueAt(output, column ^ 1) ? column : column ^ 1;
  return column ^ type;
}

/** Whether an input was found that has the output's slack, per column. */
let found: i32 = 0;

export function codeInputs(kind: usize, start: i32): void {
  const type = <i32>load<u8>(typeOfInstance + <usize>pinInstance(pinAt(start)));
  const output = start + ctz(kindOutputs(kind));
  const outputBase = comparedRow(output);
  let inputs = kindInputs(kind);
  let left = popcnt(inputs);
  found = 0;
  beginGate();
  while (inputs !== 0) {
    const port = ctz(inputs);
    inputs &= inputs - 1;
    left--;
    const row = start + port;
    const base = outputBase < 0 ? -1 : comparedRow(row);
    const key = classes(valueAt(output, part), valueAt(output, part + 1)) * 4 + <u32>type;
    const pattern = codeRowPattern(row, base, <u32>(kindFirstPort(kind) + port) * 64 + key + 0x100000);
    let flags = part === 0 ? 0 : nearFlags(row, output, type);
    forgetRequired();
    for (let column = part; column < part + 2; column++) {
      if ((pattern >> (2 * (column - part))) & 3) continue;
      const with_ = outputColumn(output, column, type);
      const reference = valueAt(output, with_);
      if (!isNumber(reference)) codeLikeBefore(row, placeOf(row, column), kindFirstPort(kind) + port, column, pattern);
      else if (!codeKnownInput(row, output, column, with_, base, outputBase, reference))
        flags = codeInput(row, output, column, with_, type, left, flags, reference);
    }
    tellNet(row, base);
  }
}

/** Which of an input's max slacks are the output's. */
function nearFlags(row: i32, output: i32, type: i32): i32 {
  let flags = 0;
  for (let column = 0; column < 2; column++)
    if (valueAt(row, column) - valueAt(output, outputColumn(output, column, type)) <= 16) flags |= 1 << column;
  return flags;
}

function codeInput(
  row: i32,
  output: i32,
  column: i32,
  with_: i32,
  type: i32,
  left: i32,
  flags: i32,
  reference: i32,
): i32 {
  const place = placeOf(row, column);
  const gap =
    column & 1 && !(hasArrivals && part === 2)
      ? gapBeside(row, output, column, type)
      : predictGap(row, output, column, with_);
  let size = 33;
  let expected = reference;
  if (gap === gap) {
    expected = max(reference, toOrdinal(toReal(reference) + gap));
    size = 32 - clz(<u32>(expected - reference));
  }
  const isFound = (found >> (type === either ? column : with_)) & 1;
  const context =
    nearContexts +
    4 *
      <usize>(((((part >> 1) * 3 + type) * 2 + isFound) * 4 + min(left, 3)) * 160 + (flags & 3) * 40 + size);
  if (codeNear(context, place, reference, 1)) {
    found |= 1 << (type === either ? column : with_);
    if (part === 0) flags |= 1 << (column & 1);
  } else codeGap(gapKind(column, gap === gap, type), place, expected);
  if (part === 2 && !hasArrivals) learnGap(row, output, column, with_, type);
  return flags;
}

// @ts-ignore: decorator
@inline
function gapKind(column: i32, isKnown: bool, type: i32): i32 {
  return 8 + column * 2 + (isKnown ? 8 : 0) + (type === either ? 1 : 0);
}

/** The gap of the other edge, which is coded by then. */
function gapBeside(row: i32, output: i32, column: i32, type: i32): f64 {
  const value = valueAt(row, column - 1);
  const out = valueAt(output, outputColumn(output, column - 1, type));
  if (!isNumber(value) || !isNumber(out)) return unknownGap;
  const gap = toReal(value) - toReal(out);
  if (part === 0 || type !== either) return gap;
  const one = maxGap(row, output, column - 3, type);
  const other = maxGap(row, output, column - 2, type);
  return one === one && other === other ? gap + one - other : gap;
}

function maxGap(row: i32, output: i32, column: i32, type: i32): f64 {
  const value = valueAt(row, column);
  const out = valueAt(output, outputColumn(output, column, type));
  return isNumber(value) && isNumber(out) ? toReal(value) - toReal(out) : unknownGap;
}
