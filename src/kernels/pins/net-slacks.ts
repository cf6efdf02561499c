/**
 * What is known of each net while the slacks are coded: the least of its loads' slacks so far, which its driver has,
 * and beside a base how its required time and its arrival moved since then.
 */

import { allocate } from "../names/room";
import { valueAt } from "./learn-kinds";
import { netOf, nets } from "./nets";
import { isNumber, plusInfinity, toReal } from "./numbers";
import { baseAt, baseComparable } from "./table";

/** Which pair of columns is coded: 0 for max, 2 for min. */
export let part: i32 = 0;

/** Per net and column: the least slack of its loads so far, now and in the base. */
export let least: usize = 0;
export let baseLeast: usize = 0;
/** Per net and column: how its arrival moved since the base, as far as a gap told. */
export let moved: usize = 0;
/** Per net and column: the least of its loads' slacks in the base, moved by how their required times moved since. */
let leastRequired: usize = 0;
/** Per column: how the required time of the row in work moved. */
export const inputRequired = memory.data(8 * 4);

export function beginNetSlacks(): void {
  least = allocate(16 * <usize>nets + 64);
  for (let index = 0; index < 4 * nets; index++) store<i32>(least + 4 * <usize>index, plusInfinity);
  if (!baseComparable) return;
  baseLeast = allocate(16 * <usize>nets + 64);
  moved = allocate(32 * <usize>nets + 64);
  leastRequired = allocate(32 * <usize>nets + 64);
  for (let index = 0; index < 4 * nets; index++) {
    store<i32>(baseLeast + 4 * <usize>index, plusInfinity);
    store<f64>(moved + 8 * <usize>index, NaN);
    store<f64>(leastRequired + 8 * <usize>index, NaN);
  }
}

export function setPart(value: i32): void {
  part = value;
}

/** The row in work is required when it was in the base. */
// @ts-ignore: decorator
@inline
export function forgetRequired(): void {
  v128.store(inputRequired, i64x2.splat(0));
  v128.store(inputRequired, i64x2.splat(0), 16);
}

/** What a load has to say to its net. */
// @ts-ignore: decorator
@inline
export function tellNet(row: i32, base: i32): void {
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

export function tellNets(start: i32, inputs: u32): void {
  for (; inputs !== 0; inputs &= inputs - 1) tellNet(start + ctz(inputs), -1);
}

/** How much later the output is required than in the base, as its loads tell: towards more slack. */
// @ts-ignore: decorator
@inline
export function outputRequired(output: i32, column: i32): f64 {
  const net = netOf(output);
  if (net < 0) return 0;
  const place: usize = 4 * <usize>net + <usize>column;
  const before = load<i32>(baseLeast + 4 * place);
  const now = load<f64>(leastRequired + 8 * place);
  return isNumber(before) && now === now ? now - toReal(before) : 0;
}
