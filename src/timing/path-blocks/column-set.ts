import { type ColumnType, type TakeColumn, takerFrom, type TypedColumn } from "../../opensta/path-arrays.js";
import type { Slab } from "../../opensta/slabs.js";

/**
 * Columns in memory: their number (f64), for each its only value (f64), for each whether it has only one (u8); then the
 * bytes of those that have several, each where its numbers may lie, as the widest come first. What LZ4 would make of one
 * value over and over takes longer to unpack than to fill in.
 */
export function columnSetBytes(columns: readonly TypedColumn[]): Uint8Array[] {
  const isUniform = columns.map(hasOneValue);
  const values = Float64Array.of(
    columns.length,
    ...columns.map((column, at) => (isUniform[at] ? (column[0] ?? 0) : 0)),
  );
  const flags = Uint8Array.from(isUniform, Number);
  const padding = new Uint8Array(-flags.length & 7);
  return [bytesOf(values), flags, padding, ...columns.filter((_, at) => !isUniform[at]).map(bytesOf)];
}

/** Gives the columns of a set in their order. */
export function columnSetTaker(slab: Slab): TakeColumn {
  const take = takerFrom(slab);
  const [count] = take(Float64Array, 1);
  const values = take(Float64Array, count!);
  const isUniform = take(Uint8Array, Math.ceil(count! / 8) * 8);
  let next = 0;
  return (type, length) => {
    const at = next++;
    if (isUniform[at] === 0) return take(type, length);
    return uniform(type, values[at]!, length);
  };
}

/** Columns of one small number, for all blocks: nobody writes into a block's columns. */
const shared = new Map<unknown, TypedColumn[]>();
const sharedValueMax = 16;

function uniform<Column extends TypedColumn>(type: ColumnType<Column>, value: number, length: number): Column {
  const slot = value + 1;
  if (!Number.isInteger(slot) || slot < 0 || slot > sharedValueMax) return filled(type, value, length);
  const known = shared.get(type) ?? [];
  shared.set(type, known);
  if ((known[slot]?.length ?? -1) < length) known[slot] = filled(type, value, 2 * length);
  return known[slot]!.subarray(0, length) as Column;
}

function filled<Column extends TypedColumn>(type: ColumnType<Column>, value: number, length: number): Column {
  const column = new type(length);
  column.fill(value);
  return column;
}

function hasOneValue(column: TypedColumn): boolean {
  const first = column[0];
  for (let at = 1; at < column.length; at++) if (!Object.is(column[at], first)) return false;
  return true;
}

function bytesOf({ buffer, byteOffset, byteLength }: TypedColumn): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
