/**
 * The slacks of a table. A driver's slack is the least of its loads'; of a gate's inputs one has the output's slack
 * (with the edges that the gate turns), the others are larger by a gap. What a base knows of a gap it predicts.
 */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { pinInstance } from "../names/names";
import { allocate } from "../names/room";
import {
  cells,
  gate,
  kindFirstPort,
  kindInputs,
  kindMode,
  kindOf,
  kindOutputs,
  kindPorts,
  kindSize,
  loose,
  pinAt,
  startOf,
} from "./cells";
import { codeTwin } from "./cell-twins";
import { either } from "./learn-circuit";
import { isNear, valueAt } from "./learn-kinds";
import { cellOrder, netOf, nets } from "./nets";
import { isNumber, plusInfinity, toOrdinal, toReal } from "./numbers";
import { baseComparable, baseRowOf, baseValues, columns, hasArrivals, typeOfInstance } from "./table";
import { codeGap, codeNear, codeNearValue, codePattern, placeOf } from "./value-coder";
import { beginWidths, predictGap, unknownGap, learnGap, spreadWidths } from "./widths";

/** Per net and column: the least slack of its loads so far, now and in the base. */
let least: usize = 0;
let baseLeast: usize = 0;
/** Per port of a kind and column: the value before, and how far it was from the base's. */
let lastValue: usize = 0;
let lastShift: usize = 0;
/** Per net and column: how its arrival moved since the base, as far as a gap told. */
let moved: usize = 0;

/** Per net and column: the least of its loads' slacks in the base, moved by how their required times moved since. */
let leastRequired: usize = 0;
/** Per column: how the required time of the row in work moved, and how the delays of the gate in work did. */
const inputRequired = memory.data(8 * 4);
const delayShift = memory.data(8 * 4);

let nearContexts: usize = 0;
let outputContexts: usize = 0;
let changeContexts: usize = 0;
let aloneContexts: usize = 0;

/** The passes before those over the slacks. */
const slackPass: u8 = 8;
/** Which pair of columns is coded: 0 for max, 2 for min. */
let part: i32 = 0;

export function codeSlacks(): void {
  least = allocate(16 * <usize>nets + 64);
  baseLeast = allocate(16 * <usize>nets + 64);
  moved = allocate(32 * <usize>nets + 64);
  leastRequired = allocate(32 * <usize>nets + 64);
  for (let index = 0; index < 4 * nets; index++) store<i32>(least + 4 * <usize>index, plusInfinity);
  // What only a base needs takes no room without one, as it is not touched.
  for (let index = 0; baseComparable && index < 4 * nets; index++) {
    store<i32>(baseLeast + 4 * <usize>index, plusInfinity);
    store<f64>(moved + 8 * <usize>index, NaN);
    store<f64>(leastRequired + 8 * <usize>index, NaN);
  }
  lastValue = allocate(16 * <usize>kindPorts);
  lastShift = allocate(32 * <usize>kindPorts);
  memory.fill(lastValue, 0, 16 * <usize>kindPorts);
  memory.fill(lastShift, 0, 32 * <usize>kindPorts);
  nearContexts = contexts(2 * 3 * 2 * 4 * 4 * 40 * 2);
  outputContexts = contexts(16);
  changeContexts = contexts(2048);
  aloneContexts = contexts(64);
  beginWidths();
  let pass: u8 = slackPass;
  for (part = 0; part < 4; part += 2) {
    pass++;
    if (part === 2 && !hasArrivals) spreadWidths();
    for (let cell = 0; cell < cells; cell++) codeAloneRows(cell, pass);
    pass++;
    for (let index = 0; index < cells; index++) codeCell(load<i32>(cellOrder + 4 * <usize>index), pass);
  }
}

/** The base's row, if it can be compared with, or -1. */
// @ts-ignore: decorator
@inline
function comparedRow(row: i32): i32 {
  return baseComparable ? baseRowOf(row) : -1;
}

// @ts-ignore: decorator
@inline
function baseAt(row: i32, column: i32): i32 {
  return load<i32>(baseValues + 4 * (<usize>columns * <usize>row + <usize>column));
}

/** The rows that follow from nothing else in their cell. */
function codeAloneRows(cell: i32, pass: u8): void {
  const kind = kindOf(cell);
  const linked = kindMode(kind) === loose ? 0 : kindOutputs(kind) | kindInputs(kind);
  const start = startOf(cell);
  const size = startOf(cell + 1) - start;
  const first = kindFirstPort(kind);
  const known = kindMode(kind) !== loose || kindSize(kind) > 0;
  if (size < 33 && (linked === ((<u64>1 << size) - 1))) return;
  const copied = !baseComparable && codeTwin(cell, linked === 0 ? 0xffffffff : ~linked, part, pass);
  for (let port = 0; port < size; port++) {
    if (port < 32 && (linked >> port) & 1) continue;
    if (copied) {
      tellNet(start + port, -1);
      continue;
    }
    memory.fill(inputRequired, 0, 32);
    codeAloneRow(start + port, known ? first + port : 0);
    tellNet(start + port, comparedRow(start + port));
  }
}

/** What a load has to say to its net. */
// @ts-ignore: decorator
@inline
function tellNet(row: i32, base: i32): void {
  const net = netOf(row);
  if (net < 0) return;
  for (let column = part; column < part + 2; column++) {
    const place: usize = 4 * (4 * <usize>net + <usize>column);
    store<i32>(least + place, min(load<i32>(least + place), valueAt(row, column)));
    if (base < 0) continue;
    const before = baseAt(base, column);
    store<i32>(baseLeast + place, min(load<i32>(baseLeast + place), before));
    if (!isNumber(before)) continue;
    const required = toReal(before) + load<f64>(inputRequired + 8 * <usize>column);
    const least = load<f64>(leastRequired + 2 * place);
    if (!(least <= required)) store<f64>(leastRequired + 2 * place, required);
  }
}

function tellNets(start: i32, inputs: u32): void {
  for (; inputs !== 0; inputs &= inputs - 1) tellNet(start + ctz(inputs), -1);
}

// @ts-ignore: decorator
@inline
function codeRowPattern(row: i32, base: i32, key: u32): u32 {
  if (base >= 0) return codeBasePattern(row, base);
  return codePattern(placeOf(row, part), key);
}

function codeBasePattern(row: i32, base: i32): u32 {
  const one = baseAt(base, part);
  const other = baseAt(base, part + 1);
  const pattern = classes(one, other);
  return codePattern(placeOf(row, part), 0x80000 + pattern);
}

// @ts-ignore: decorator
@inline
function classes(one: i32, other: i32): u32 {
  return (isNumber(one) ? 0 : one === plusInfinity ? 1 : 2) | (isNumber(other) ? 0 : other === plusInfinity ? 4 : 8);
}

/** A row by itself: by the base, or by the row before of this port. */
function codeAloneRow(row: i32, port: i32): void {
  const base = comparedRow(row);
  const pattern = codeRowPattern(row, base, <u32>(2 * port + (part >> 1)) + 0x1000);
  for (let column = part; column < part + 2; column++) {
    if ((pattern >> (2 * (column - part))) & 3) continue;
    const place = placeOf(row, column);
    if (base >= 0 && isNumber(baseAt(base, column))) codeShifted(place, baseAt(base, column), port, column);
    else codeLikeBefore(row, place, port, column, pattern);
  }
}

/** A value as the base has it, or moved as two before it were. */
function codeShifted(place: usize, before: i32, port: i32, column: i32): void {
  const shiftPlace = lastShift + 8 * (4 * <usize>port + <usize>column);
  const shift = load<i32>(shiftPlace);
  const context = aloneContexts + 4 * <usize>(32 + column * 2 + (shift === 0 ? 0 : 1));
  const expected = before + shift;
  store<f64>(inputRequired + 8 * <usize>column, shift === 0 ? 0 : toReal(expected) - toReal(before));
  if (codeBit(context, decoding ? 0 : load<i32>(place) === expected ? 1 : 0)) {
    if (decoding) store<i32>(place, expected);
    return;
  }
  codeGap(40 + column, place, expected);
  const actual = load<i32>(place) - before;
  if (actual === load<i32>(shiftPlace, 4)) store<i32>(shiftPlace, actual);
  store<i32>(shiftPlace, actual, 4);
}

function codeLikeBefore(row: i32, place: usize, port: i32, column: i32, pattern: u32): void {
  const last = lastValue + 4 * (4 * <usize>port + <usize>column);
  const before = load<i32>(last);
  if (!codeNear(aloneContexts + 4 * <usize>(column * 2 + (before === 0 ? 0 : 1)), place, before, 2)) {
    const beside = (column & 1) === 1 && (pattern & 3) === 0;
    if (beside) codeGap(44 + column, place, valueAt(row, column - 1));
    else codeGap(48 + column, place, before);
  }
  store<i32>(last, load<i32>(place));
}

function codeCell(cell: i32, pass: u8): void {
  const kind = kindOf(cell);
  const mode = kindMode(kind);
  if (mode === loose) return;
  const start = startOf(cell);
  const first = kindFirstPort(kind);
  let outputs = kindOutputs(kind);
  if (!baseComparable && codeTwin(cell, outputs | kindInputs(kind), part, pass)) return tellNets(start, kindInputs(kind));
  while (outputs !== 0) {
    const port = ctz(outputs);
    outputs &= outputs - 1;
    codeOutput(start + port, first + port);
  }
  if (mode === gate) codeInputs(cell, kind, start);
  else codeRegister(kind, start);
}

/** A driver: the least of its loads, if there are any. */
function codeOutput(row: i32, port: i32): void {
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
function codeRegister(kind: usize, start: i32): void {
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
  memory.fill(inputRequired, 0, 32);
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

/** Which column of the output an input's column goes with; for either edge the one with less slack. */
// @ts-ignore: decorator
@inline
function outputColumn(output: i32, column: i32, type: i32): i32 {
  if (type === either) return valueAt(output, column) <= valueAt(output, column ^ 1) ? column : column ^ 1;
  return column ^ type;
}

/** Whether an input was found that has the output's slack, per column. */
let found: i32 = 0;
/** Whether an input of this cell had changed otherwise than expected. */
let surprises: i32 = 0;

function codeInputs(cell: i32, kind: usize, start: i32): void {
  const type = <i32>load<u8>(typeOfInstance + <usize>pinInstance(pinAt(start)));
  const output = start + ctz(kindOutputs(kind));
  const outputBase = comparedRow(output);
  let inputs = kindInputs(kind);
  let left = popcnt(inputs);
  found = 0;
  surprises = 0;
  memory.fill(delayShift, 0, 32);
  while (inputs !== 0) {
    const port = ctz(inputs);
    inputs &= inputs - 1;
    left--;
    const row = start + port;
    const base = outputBase < 0 ? -1 : comparedRow(row);
    const key = classes(valueAt(output, part), valueAt(output, part + 1)) * 4 + <u32>type;
    const pattern = codeRowPattern(row, base, <u32>(kindFirstPort(kind) + port) * 64 + key + 0x100000);
    let flags = part === 0 ? 0 : nearFlags(row, output, type);
    memory.fill(inputRequired, 0, 32);
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

/** Codes an input whose base is known, and its output's; answers false if it is not. */
function codeKnownInput(
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

/** How much later the output is required than in the base, as its loads tell: towards more slack. */
// @ts-ignore: decorator
@inline
function outputRequired(output: i32, column: i32): f64 {
  const net = netOf(output);
  if (net < 0) return 0;
  const place: usize = 4 * <usize>net + <usize>column;
  const before = load<i32>(baseLeast + 4 * place);
  const now = load<f64>(leastRequired + 8 * place);
  return isNumber(before) && now === now ? now - toReal(before) : 0;
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
function codeChange(place: usize, reference: i32, own: i32, expected: i32, kind: i32, gaps: i32): void {
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
