/**
 * The arrivals of a table, from the registers on: a load has its driver's arrival, a gate's output the latest (earliest)
 * of its inputs' plus a delay. Delays are the base's, if there is one, else those of the gate before.
 */

import { codeBit, contexts, decoding } from "../names/binary-coder";
import { pinInstance } from "../names/names";
import { allocate, allocateZeroed } from "../names/room";
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
import { valueAt } from "./learn-kinds";
import { cellOrder, driverRow, netOf } from "./nets";
import { isNumber, minusInfinity, plusInfinity, toOrdinal, toReal } from "./numbers";
import { baseAt, baseComparable, comparedRow, rows, typeOfInstance } from "./table";
import { codeGap, codePattern, placeOf } from "./value-coder";

/** Per row: whether it is coded in this pass. */
let done: usize = 0;
let lastValue: usize = 0;
/** Per port of a kind, type of gate and column: the delay before. */
let lastDelay: usize = 0;
let hits: usize = 0;
/** The pair of columns: 4 for the latest, 6 for the earliest. */
let part: i32 = 0;

export function codeArrivals(): void {
  done = allocate(<usize>rows + 64);
  lastValue = allocateZeroed(32 * <usize>kindPorts);
  lastDelay = allocateZeroed(8 * 3 * 8 * <usize>kindPorts);
  hits = contexts(64);
  for (part = 4; part < 8; part += 2) {
    memory.fill(done, 0, <usize>rows);
    const pass = <u8>(part - 3);
    for (let index = cells - 1; index >= 0; index--) codeCell(load<i32>(cellOrder + 4 * <usize>index), pass);
    for (let cell = 0; cell < cells; cell++) codeRest(cell, pass + 1);
  }
}

/** The inputs of a gate or register that come from drivers, and its outputs. */
function codeCell(cell: i32, pass: u8): void {
  const kind = kindOf(cell);
  if (kindMode(kind) === loose) return;
  const start = startOf(cell);
  let inputs = kindInputs(kind);
  const all = inputs | kindOutputs(kind);
  if (!baseComparable && codeTwin(cell, all, part, pass)) {
    for (let rest = all; rest !== 0; rest &= rest - 1) store<u8>(done + <usize>(start + ctz(rest)), 1);
    return;
  }
  while (inputs !== 0) {
    const port = ctz(inputs);
    inputs &= inputs - 1;
    codeRow(start + port, kindFirstPort(kind) + port);
  }
  const output = ctz(kindOutputs(kind));
  if (kindMode(kind) === gate) codeGate(kind, start, start + output, kindFirstPort(kind) + output);
  else codeRow(start + output, kindFirstPort(kind) + output);
}

function codeRest(cell: i32, pass: u8): void {
  const kind = kindOf(cell);
  const start = startOf(cell);
  const size = startOf(cell + 1) - start;
  const linked = kindMode(kind) === loose ? 0 : kindInputs(kind) | kindOutputs(kind);
  if (size < 33 && linked === (<u64>1 << size) - 1) return;
  if (!baseComparable && codeTwin(cell, linked === 0 ? 0xffffffff : ~linked, part, pass)) return;
  for (let port = 0; port < size; port++)
    if (load<u8>(done + <usize>(start + port)) === 0)
      codeRow(start + port, kindSize(kind) > 0 ? kindFirstPort(kind) + port : 0);
}

/** A row that hangs on a driver that is coded, or stands alone. */
function codeRow(row: i32, port: i32): void {
  store<u8>(done + <usize>row, 1);
  const net = netOf(row);
  const driver = net < 0 ? -1 : load<i32>(driverRow + 4 * <usize>net);
  const driven = driver >= 0 && driver !== row && load<u8>(done + <usize>driver) !== 0;
  const base = comparedRow(row);
  let guess: u32 = 0;
  if (driven) guess = 1 + kindsOf(valueAt(driver, part), valueAt(driver, part + 1));
  else if (base >= 0) guess = 17 + kindsOf(baseAt(base, part), baseAt(base, part + 1));
  const key = driven || base >= 0 ? guess : <u32>port * 2 + 0x100;
  const pattern = codePattern(placeOf(row, part), key * 2 + <u32>((part - 4) >> 1) + 0x200000);
  for (let column = part; column < part + 2; column++) {
    if ((pattern >> (2 * (column - part))) & 3) continue;
    const last = lastValue + 4 * (8 * <usize>port + <usize>column);
    let kind = 2;
    let expected = load<i32>(last);
    if (driven && isNumber(valueAt(driver, column))) {
      kind = 0;
      expected = valueAt(driver, column);
    } else if (base >= 0 && isNumber(baseAt(base, column))) {
      kind = 1;
      expected = baseAt(base, column);
    }
    codeExpected(placeOf(row, column), expected, kind, 60 + min(kind, 1));
    store<i32>(last, valueAt(row, column));
  }
}

// @ts-ignore: decorator
@inline
function kindsOf(one: i32, other: i32): u32 {
  return kindOfValue(one) | (kindOfValue(other) << 2);
}

// @ts-ignore: decorator
@inline
function kindOfValue(value: i32): u32 {
  return isNumber(value) ? 0 : value === plusInfinity ? 1 : value === minusInfinity ? 2 : 3;
}

// @ts-ignore: decorator
@inline
function codeExpected(place: usize, expected: i32, context: i32, gaps: i32): void {
  if (codeBit(hits + 4 * <usize>context, decoding ? 0 : load<i32>(place) === expected ? 1 : 0)) {
    if (decoding) store<i32>(place, expected);
  } else codeGap(gaps, place, expected);
}

let still: bool = false;

function codeGate(kind: usize, start: i32, output: i32, port: i32): void {
  store<u8>(done + <usize>output, 1);
  const type = <i32>load<u8>(typeOfInstance + <usize>pinInstance(pinAt(start)));
  const base = comparedRow(output);
  const key = kindsOf(latest(start, kind, 0, type), latest(start, kind, 1, type));
  const pattern = codePattern(placeOf(output, part), 0x300000 + key * 8 + <u32>type * 2 + <u32>((part - 4) >> 1));
  for (let edge = 0; edge < 2; edge++) {
    if ((pattern >> (2 * edge)) & 3) continue;
    const column = part + edge;
    const place = placeOf(output, column);
    const reached = latest(start, kind, edge, type);
    if (base >= 0 && isNumber(baseAt(base, column))) {
      const expected = fromBase(start, kind, output, base, edge, type);
      codeExpected(place, expected, still ? 8 : 9, still ? 62 : 63);
      continue;
    }
    const delayPlace = lastDelay + 8 * (8 * (3 * <usize>port + <usize>type) + <usize>column);
    let expected: i32 = 0;
    if (part === 6 && isNumber(valueAt(output, 4 + edge)) && isNumber(reached))
      expected = toOrdinal(toReal(reached) + toReal(valueAt(output, 4 + edge)) - lateInput);
    else if (isNumber(reached)) expected = toOrdinal(toReal(reached) + load<f64>(delayPlace));
    codeGap(36 + (part >> 2) + (part === 6 ? 1 : 0), place, expected);
    if (part === 4 && isNumber(reached)) store<f64>(delayPlace, toReal(valueAt(output, column)) - toReal(reached));
  }
}

/** The latest arrival of the input that `latest` last answered for the earliest. */
let lateInput: f64 = 0;

/** The latest, or earliest, of the arrivals at a gate's inputs that can cause this edge. */
function latest(start: i32, kind: usize, edge: i32, type: i32): i32 {
  let most = part === 4 ? minusInfinity : plusInfinity;
  let inputs = kindInputs(kind);
  let late = minusInfinity;
  while (inputs !== 0) {
    const row = start + ctz(inputs);
    inputs &= inputs - 1;
    for (let own = 0; own < 2; own++) {
      if (type !== either && own !== (edge ^ type)) continue;
      const value = valueAt(row, part + own);
      if (!isNumber(value)) continue;
      most = part === 4 ? max(most, value) : min(most, value);
      late = max(late, valueAt(row, 4 + own));
    }
  }
  lateInput = isNumber(late) ? toReal(late) : 0;
  return most;
}

/** What the base's delays, which its slacks tell, make of the inputs' arrivals. Sets `still` if no input has moved. */
function fromBase(start: i32, kind: usize, output: i32, outputBase: i32, edge: i32, type: i32): i32 {
  const own = baseAt(outputBase, part + edge);
  let inputs = kindInputs(kind);
  let most: f64 = NaN;
  still = true;
  while (inputs !== 0) {
    const row = start + ctz(inputs);
    inputs &= inputs - 1;
    const base = comparedRow(row);
    if (base < 0) {
      still = false;
      continue;
    }
    for (let from = 0; from < 2; from++) {
      if (type !== either && from !== (edge ^ type)) continue;
      const before = baseAt(base, part + from);
      const now = valueAt(row, part + from);
      if (!isNumber(before) || !isNumber(now)) continue;
      if (before !== now) still = false;
      const slack = baseAt(base, part - 4 + from);
      const slackOut = baseAt(outputBase, part - 4 + edge);
      if (!isNumber(slack) || !isNumber(slackOut)) continue;
      const gap = max(0, toReal(slack) - toReal(slackOut));
      const moved = toReal(own) + toReal(now) - toReal(before) + (part === 4 ? -gap : gap);
      if (!(part === 4 ? moved <= most : moved >= most)) most = moved;
    }
  }
  return still || most !== most ? own : toOrdinal(most);
}
