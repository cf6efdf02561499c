/** Learns from the values which ports of a kind are outputs: an output's slack is the least of its inputs' slacks. */

import { allocate, allocateZeroed, mark, release } from "../names/room";
import {
  cells,
  gate,
  kindFirstPort,
  kindOfCell,
  kindPorts,
  kindRecords,
  kinds,
  kindSize,
  portsMax,
  register,
  setKind,
  startOf,
} from "./cells";
import { exponential, isNumber, plusInfinity, toReal } from "./numbers";
import { columns, rows, values } from "./table";

/** Two slacks nearer than this are the same, but for the tool's rounding. */
export let noise: f64 = 0;
const samplesMax: i32 = 400;

/** Estimates `noise`: some units of the last place of a 24 bit mantissa of the usual size, and of the print. */
export function measureNoise(): void {
  noise = 2.5;
  if (!exponential) return;
  let sum: f64 = 0;
  let count = 0;
  const step = rows > 10000 ? 61 : 1;
  for (let row = 0; row < rows; row += step) {
    const value = load<i32>(values + 4 * <usize>columns * <usize>row);
    if (!isNumber(value)) continue;
    sum += abs(toReal(value));
    count++;
  }
  noise = sum > 0 ? (sum / <f64>count) * 1.6e-6 : 1;
}

// @ts-ignore: decorator
@inline
export function valueAt(row: i32, column: i32): i32 {
  return load<i32>(values + 4 * (<usize>columns * <usize>row + <usize>column));
}

// @ts-ignore: decorator
@inline
export function isNear(one: i32, other: i32): bool {
  if (one === other) return true;
  if (!isNumber(one) || !isNumber(other)) return false;
  const apart = one - other;
  if (apart <= 2 && apart >= -2) return true;
  return exponential && abs(toReal(one) - toReal(other)) <= noise;
}

/** The lesser of both edges; `part` is 0 for max and 2 for min. */
// @ts-ignore: decorator
@inline
export function leastAt(row: i32, part: i32): i32 {
  return min(valueAt(row, part), valueAt(row, part + 1));
}

export function learnKinds(): void {
  const place = mark();
  // Per kind the first cells of it, spread over the table.
  const seen = allocate(4 * <usize>kinds);
  memory.fill(seen, 0, 4 * <usize>kinds);
  const scores = allocate(4 * <usize>kindPorts * (<usize>portsMax + 1));
  memory.fill(scores, 0, 4 * <usize>kindPorts * (<usize>portsMax + 1));
  const totals = allocate(4 * <usize>kinds);
  memory.fill(totals, 0, 4 * <usize>kinds);
  const gaps = allocateZeroed(16 * <usize>kindPorts * <usize>portsMax);
  const step = cells > 40000 ? 7 : 1;
  for (let cell = 0; cell < cells; cell += step) {
    const index = load<i32>(kindOfCell + 4 * <usize>cell);
    const count = load<i32>(seen + 4 * <usize>index);
    if (index === 0 || count === samplesMax) continue;
    store<i32>(seen + 4 * <usize>index, count + 1);
    const kind = kindRecords + 24 * <usize>index;
    sample(cell, kind, scores, gaps, totals + 4 * <usize>index);
  }
  for (let index = 1; index < kinds; index++)
    decide(kindRecords + 24 * <usize>index, scores, load<i32>(totals + 4 * <usize>index));
  release(place);
}

/** Where the counts of a port lie: as the output of a gate, and as a register's output seen from each other port. */
function scoreOf(scores: usize, kind: usize, port: i32): usize {
  return scores + 4 * <usize>(kindFirstPort(kind) + port) * (<usize>portsMax + 1);
}

function sample(cell: i32, kind: usize, scores: usize, gaps: usize, total: usize): void {
  const size = kindSize(kind);
  const start = startOf(cell);
  for (let part = 0; part < 4; part += 2) {
    let numbers = 0;
    for (let port = 0; port < size; port++) numbers += isNumber(leastAt(start + port, part)) ? 1 : 0;
    if (numbers < 2) continue;
    store<i32>(total, load<i32>(total) + 1);
    for (let port = 0; port < size; port++) {
      const own = leastAt(start + port, part);
      if (!isNumber(own)) continue;
      const score = scoreOf(scores, kind, port);
      let least = plusInfinity;
      for (let other = 0; other < size; other++) {
        if (other === port) continue;
        const value = leastAt(start + other, part);
        least = min(least, value);
        if (!isNumber(value)) continue;
        const place = gaps + 8 * (<usize>(2 * (kindFirstPort(kind) + port) + (part >> 1)) * <usize>portsMax + <usize>other);
        const gap = toReal(value) - toReal(own);
        const same = abs(gap - load<f64>(place)) <= noise;
        store<f64>(place, gap);
        if (same) store<i32>(score + 4 * <usize>(other + 1), load<i32>(score + 4 * <usize>(other + 1)) + 1);
      }
      if (isNear(own, least)) store<i32>(score, load<i32>(score) + 1);
    }
  }
}

function decide(kind: usize, scores: usize, total: i32): void {
  const size = kindSize(kind);
  let best = -1;
  let most = 0;
  for (let port = 0; port < size; port++) {
    const count = load<i32>(scoreOf(scores, kind, port));
    if (count > 0 && count >= most) {
      most = count;
      best = port;
    }
  }
  const all = (<u32>1 << size) - 1;
  if (best >= 0 && most * 10 >= total * 7) {
    setKind(kind, gate, <u32>1 << best, all & ~(<u32>1 << best));
    return;
  }
  most = 0;
  let inputs: u32 = 0;
  for (let port = 0; port < size; port++) {
    let sum = 0;
    let linked: u32 = 0;
    for (let other = 0; other < size; other++) {
      const count = load<i32>(scoreOf(scores, kind, port) + 4 * <usize>(other + 1));
      if (other === port || count * 4 < total) continue;
      sum += count;
      linked |= <u32>1 << other;
    }
    if (sum < most || sum === 0) continue;
    most = sum;
    best = port;
    inputs = linked;
  }
  if (most > 0) setKind(kind, register, <u32>1 << best, inputs);
  else setKind(kind, 0, 0, 0);
}
