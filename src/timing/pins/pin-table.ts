import type { PinLayout } from "./pin-layout.js";
import type { PinNames, Resident } from "./pin-names.js";

/** A table's columns, outside of the kernel. */
export interface PinColumns {
  /** Per row: the id of its pin. */
  readonly pinOfRow: Int32Array;
  /** Per row and place: the printed value as an ordinal, see src/kernels/pins/numbers.ts. */
  readonly values: Int32Array;
  /** Per pin id: the pin that drives it, or -1, as far as the values tell. */
  readonly drivers: Int32Array;
  /** Per instance id: how its inputs turn edges. */
  readonly types: Uint8Array;
  /** What is kept as text, and the pieces of it: the row before which a piece stands, and its length in bytes. */
  readonly rawText: Uint8Array;
  readonly rawPieces: Uint32Array;
}

/** The least slack of each pin over both edges, as ordinals: larger is better, and ordinals of one table compare. */
export interface WorstSlacks {
  readonly max: Int32Array;
  readonly min: Int32Array;
  /** Bit 0: the max slack is that of the falling edge; bit 1: the min slack is. */
  readonly edges: Uint8Array;
  /** Where a pin has no row. */
  readonly none: number;
}

const pieceBytes = 4 << 20;
const noSlack = 0x7fffff00;

/** One table of pins: its rows lie in the kernel until another table needs the room. */
export class PinTable implements Resident {
  readonly names: PinNames;
  readonly layout: PinLayout;
  /** How numbers are printed: see `formatBits` of the kernel. */
  readonly format: number;
  readonly rows: number;
  /** Ids below these were known when the table was made. */
  readonly pins: number;
  readonly instances: number;
  #columns: PinColumns | undefined;

  constructor(names: PinNames, layout: PinLayout) {
    this.names = names;
    this.layout = layout;
    this.format = names.kernel.formatBits();
    this.rows = names.kernel.rows.value;
    this.pins = names.pinCount;
    this.instances = names.instanceCount;
  }

  /** Takes the columns out of the kernel, which another table is about to use. */
  moveOut(): void {
    this.#columns ??= this.#copyOut();
  }

  columns(): PinColumns {
    this.moveOut();
    if (this.#columns === undefined) throw new Error("the table has no columns");
    return this.#columns;
  }

  /** The text of the table, in pieces of some MB that are only valid during the call. */
  render(into: (text: Uint8Array) => void): void {
    for (const piece of this.pieces()) into(piece);
  }

  /** The text of the table, in pieces of some MB that are only valid until the next one is asked for. */
  *pieces(): Generator<Uint8Array> {
    this.#moveIn();
    const { kernel } = this.names;
    const place = kernel.mark();
    const nameMax = kernel.nameBytesMax() + 32;
    const room = Math.max(pieceBytes, 4 * (nameMax + 40 * (this.layout.columns + 1)));
    const start = kernel.allocate(room) >>> 0;
    kernel.beginRender();
    let isDone = false;
    while (!isDone) {
      const end = kernel.render(start, start + room, nameMax) >>> 0;
      isDone = kernel.isRendered() !== 0;
      if (end === start && !isDone) throw new Error("a row is longer than the room for it");
      if (end > start) yield new Uint8Array(kernel.memory.buffer, start, end - start);
    }
    kernel.release(place);
  }

  /** The worst slacks by pin id, for pins known when the table was made. */
  worstSlacks(): WorstSlacks {
    const { pinOfRow, values } = this.columns();
    const { columns, hasSlacks } = this.layout;
    const max = new Int32Array(this.pins).fill(noSlack);
    const min = new Int32Array(this.pins).fill(noSlack);
    const edges = new Uint8Array(this.pins);
    for (let row = 0; hasSlacks && row < this.rows; row++) {
      const pin = pinOfRow[row] ?? 0;
      const at = row * columns;
      const [maxRise = 0, maxFall = 0, minRise = 0, minFall = 0] = values.subarray(at, at + 4);
      max[pin] = Math.min(maxRise, maxFall);
      min[pin] = Math.min(minRise, minFall);
      edges[pin] = (maxFall < maxRise ? 1 : 0) | (minFall < minRise ? 2 : 0);
    }
    return { max, min, edges, none: noSlack };
  }

  #copyOut(): PinColumns {
    const { kernel } = this.names;
    const ints = (at: number, count: number): Int32Array =>
      new Int32Array(kernel.memory.buffer, at >>> 0, count).slice();
    return {
      pinOfRow: ints(kernel.pinOfRow.value, this.rows),
      values: ints(kernel.values.value, this.rows * this.layout.columns),
      drivers: ints(kernel.driverOfPin.value, this.pins),
      types: new Uint8Array(kernel.memory.buffer, kernel.typeOfInstance.value >>> 0, this.instances).slice(),
      rawText: new Uint8Array(kernel.memory.buffer, kernel.rawText.value >>> 0, kernel.rawBytes.value).slice(),
      rawPieces: new Uint32Array(kernel.memory.buffer, kernel.rawPieces.value >>> 0, 2 * kernel.rawCount.value).slice(),
    };
  }

  #moveIn(): void {
    if (this.names.isResident(this)) return;
    const columns = this.columns();
    this.names.enter(this);
    const { kernel } = this.names;
    beginTable(this.names, this.layout, this.rows);
    kernel.setFormat(this.format);
    kernel.setRows(this.rows);
    const text = kernel.allocate(columns.rawText.length + 64) >>> 0;
    const pieces = kernel.allocate(4 * columns.rawPieces.length + 64) >>> 0;
    kernel.setRaw(text, columns.rawText.length, pieces, columns.rawPieces.length / 2);
    const { buffer } = kernel.memory;
    new Int32Array(buffer, kernel.pinOfRow.value >>> 0).set(columns.pinOfRow);
    new Int32Array(buffer, kernel.values.value >>> 0).set(columns.values);
    new Uint8Array(buffer, text).set(columns.rawText);
    new Uint32Array(buffer, pieces).set(columns.rawPieces);
  }
}

/** Begins a table of this layout in the kernel. */
export function beginTable(names: PinNames, layout: PinLayout, rowsMax: number): void {
  names.kernel.beginTable(layout.columns, layout.hasSlacks, layout.hasArrivals, rowsMax);
  for (const [column, place] of layout.places.entries()) names.kernel.setColumn(column, place);
}

/** Puts a base into the kernel, beside the table in work. */
export function loadBase(names: PinNames, base: PinTable, isComparable: boolean): void {
  const { kernel } = names;
  const columns = base.columns();
  kernel.beginBase(base.rows, base.pins, base.instances, isComparable);
  const { buffer } = kernel.memory;
  new Int32Array(buffer, kernel.basePinOfRow.value >>> 0).set(columns.pinOfRow);
  if (isComparable) new Int32Array(buffer, kernel.baseValues.value >>> 0).set(columns.values);
  new Int32Array(buffer, kernel.baseDrivers.value >>> 0).set(columns.drivers);
  new Uint8Array(buffer, kernel.baseTypes.value >>> 0).set(columns.types);
}
