import { takerFrom } from "../../opensta/path-arrays.js";
import { PathColumns } from "../../opensta/path-columns.js";
import { slabOver } from "../../opensta/slabs.js";
import { columnSetBytes, columnSetTaker } from "./column-set.js";
import { type NameCollector, PackedNames } from "./packed-names.js";

/**
 * A block is two pieces of memory, each packed by itself, so that reading is unpacking and little more:
 *
 *     head   paths, rows, printed, bytes of texts, names, pins (i32 each), columns of the paths, texts, names
 *     rows   columns of the rows, names of pins
 *
 * Ids are of the block's own names.
 */
export interface BlockMemory {
  readonly head: Buffer;
  readonly rows: Buffer;
}

const headerEntries = 6;

/** The paths of one block. What is asked of paths alone (slack, groups, reasons) needs no rows. */
export class StoredPaths extends PathColumns {
  readonly #pins: PackedNames;
  readonly #pinCount: number;

  constructor(head: Uint8Array) {
    const pins = new PackedNames();
    const others = new PackedNames();
    super({ pins, others });
    const slab = slabOver(head);
    const [count, rows, printed, textBytes, names, pinCount] = takerFrom(slab)(Int32Array, headerEntries);
    this.count = count!;
    this.rows = rows!;
    this.printed = printed!;
    this.layOutPaths(columnSetTaker(slab));
    this.texts = Buffer.from(slab.buffer, slab.used, textBytes);
    slab.used += textBytes!;
    others.read(slab, names!);
    this.#pins = pins;
    this.#pinCount = pinCount!;
  }

  /** Takes the rows, and with them the names of pins. */
  readRows(rows: Uint8Array): void {
    const slab = slabOver(rows);
    this.layOutRows(columnSetTaker(slab));
    this.#pins.read(slab, this.#pinCount);
  }
}

/** Names of a block that is being made. */
export interface BlockNames {
  readonly pins: NameCollector;
  readonly others: NameCollector;
}

/** Makes a block of a copy of paths, whose ids it changes into the block's own. */
export function blockMemory(paths: PathColumns, { pins, others }: BlockNames): BlockMemory {
  for (const column of ["group", "type", "corner", "startpointReason", "endpointReason"] as const)
    others.replace(paths[column]);
  pins.replace(paths.endPin);
  const { rowName, rowCell, texts } = paths;
  for (let row = 0; row < paths.rows; row++) rowName[row] = (rowCell[row]! < 0 ? others : pins).idOf(rowName[row]!);
  others.replace(rowCell);
  others.replace(paths.rowAttribute);
  const header = Int32Array.of(paths.count, paths.rows, paths.printed, texts.length, others.count, pins.count);
  return {
    head: joined([Buffer.from(header.buffer), ...columnSetBytes(paths.inOrderOfPaths()), texts], others),
    rows: joined(columnSetBytes(paths.inOrderOfRows()), pins),
  };
}

/** Columns, and behind them names, from the next place where their ends may lie. */
function joined(columns: readonly Uint8Array[], names: NameCollector): Buffer {
  const bytes = columns.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([...columns, Buffer.alloc(-bytes & 3), ...names.take()]);
}
