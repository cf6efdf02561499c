/** The slacks of drivers, which are the least of their loads', and of the clock pins of registers. */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { aloneContexts, classes, codeLikeBefore, codeRowPattern, codeShifted, lastShift } from "./alone-rows";
import { kindFirstPort, kindInputs, kindOutputs } from "./cells";
import { codeChange } from "./known-inputs";
import { valueAt } from "./learn-kinds";
import { baseLeast, forgetRequired, least, part, tellNet } from "./net-slacks";
import { netOf } from "./nets";
import { isNumber, toOrdinal, toReal } from "./numbers";
import { baseAt, comparedRow } from "./table";
import { codeGap, codeNear, placeOf } from "./value-coder";

let outputContexts: usize = 0;

export function beginOutputs(): void {
  outputContexts = contexts(16);
}

/** A driver: the least of its loads, if there are any. */
export function codeOutput(row: i32, port: i32): void {
  const net = netOf(row);
  const base = comparedRow(row);
  const place = least + 16 * <usize>net + 4 * <usize>part;
  const one = net < 0 ? 0 : load<i32>(place);
  const other = net < 0 ? 0 : load<i32>(place, 4);
  const pattern = codeRowPattern(row, base, 0x40000 + (net < 0 ? <u32>port * 2 + 0x2000 : 1 + classes(one, other) * 2));
  for (let column = part; column < part + 2; column++) {
    if ((pattern >> (2 * (column - part))) & 3) continue;
    const value = placeOf(row, column);
    const reference = column === part ? one : other;
    if (net < 0 || !isNumber(reference)) {
      if (base >= 0 && isNumber(baseAt(base, column))) codeShifted(value, baseAt(base, column), port, column);
      else codeLikeBefore(row, value, port, column, pattern);
      continue;
    }
    const before = net < 0 ? 0 : load<i32>(baseLeast + 4 * (4 * <usize>net + <usize>column));
    if (base >= 0 && isNumber(baseAt(base, column)) && isNumber(before))
      codeMovedOutput(value, reference, before, baseAt(base, column), column);
    else if (!codeNear(outputContexts + 4 * <usize>column, value, reference, 0)) codeGap(column, value, reference);
  }
}

/** A driver whose base is known: as far from its loads as it was there. */
function codeMovedOutput(place: usize, reference: i32, before: i32, base: i32, column: i32): void {
  const still = reference === before;
  const expected = base + reference - before;
  const context = outputContexts + 4 * <usize>(4 + (still ? 0 : 1));
  if (codeBit(context, decoding ? 0 : load<i32>(place) === expected ? 1 : 0)) {
    if (decoding) store<i32>(place, expected);
    return;
  }
  if (!codeNear(outputContexts + 4 * <usize>(8 + (still ? 0 : 1)), place, reference, 0)) codeGap(4 + column, place, expected);
}

/** A clock pin: the output's slack, and what was between them in the register before. */
export function codeRegister(kind: usize, start: i32): void {
  const output = start + ctz(kindOutputs(kind));
  const reference = min(valueAt(output, part), valueAt(output, part + 1));
  let inputs = kindInputs(kind);
  while (inputs !== 0) {
    const port = ctz(inputs);
    inputs &= inputs - 1;
    codeRegisterInput(start + port, output, reference, kindFirstPort(kind) + port);
  }
}

function codeRegisterInput(row: i32, output: i32, reference: i32, port: i32): void {
  const base = comparedRow(row);
  const outputBase = comparedRow(output);
  forgetRequired();
  const pattern = codeRowPattern(row, base, 0x60000 + (<u32>port * 4 + part + (isNumber(reference) ? 1 : 0)));
  for (let column = part; column < part + 2; column++) {
    if ((pattern >> (2 * (column - part))) & 3) continue;
    const place = placeOf(row, column);
    if (!isNumber(reference)) {
      codeLikeBefore(row, place, port, column, pattern);
      continue;
    }
    if (base >= 0 && outputBase >= 0 && isNumber(baseAt(base, column))) {
      const before = min(baseAt(outputBase, part), baseAt(outputBase, part + 1));
      if (isNumber(before)) {
        codeChange(place, reference, baseAt(base, column), baseAt(base, column) - before + reference, 31, 34 + column);
        continue;
      }
    }
    const gapPlace = lastShift + 8 * (4 * <usize>port + <usize>column);
    const gap = reinterpret<f32>(load<u32>(gapPlace));
    const expected = toOrdinal(toReal(reference) + <f64>gap);
    if (!codeNear(aloneContexts + 4 * <usize>(16 + column), place, expected, 3)) codeGap(56 + column, place, expected);
    store<f32>(gapPlace, <f32>(toReal(load<i32>(place)) - toReal(reference)));
  }
  tellNet(row, base);
}
