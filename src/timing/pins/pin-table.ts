import type { PinLayout } from "./pin-layout.js";
import type { StateReader, StateWriter } from "../model/state-file.js";
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

/** What is known of a table beside its columns. */
export interface PinTableShape {
  readonly layout: PinLayout;
  /** How numbers are printed: see `formatBits` of the kernel. */
  readonly format: number;
  readonly rows: number;
  /** Ids below these were known when the table was made. */
  readonly pins: number;
  readonly instances: number;
}

const pieceBytes = 4 << 20;

/** One table of pins: its rows lie in the kernel until another table needs the room. */
export class PinTable implements Resident {
  #columns: PinColumns | undefined;

  private constructor(
    readonly names: PinNames,
    readonly shape: PinTableShape,
    columns?: PinColumns,
  ) {
    this.#columns = columns;
  }

  /** The table whose rows lie in the kernel. */
  static ofKernel(names: PinNames, layout: PinLayout): PinTable {
    const { kernel, pinCount: pins, instanceCount: instances } = names;
    return new PinTable(names, { layout, format: kernel.formatBits(), rows: kernel.rows.value, pins, instances });
  }

  /** A table that `save` has kept. */
  static load(names: PinNames, shape: PinTableShape, file: StateReader): PinTable {
    const lengths = JSON.parse(file.next().toString("utf8")) as readonly number[];
    const [pinOfRow, values, drivers, types, rawText, rawPieces] = lengths.map((length) => {
      const bytes = new Uint8Array(length);
      file.readAll(bytes);
      return bytes.buffer;
    });
    return new PinTable(names, shape, {
      pinOfRow: new Int32Array(pinOfRow!),
      values: new Int32Array(values!),
      drivers: new Int32Array(drivers!),
      types: new Uint8Array(types!),
      rawText: new Uint8Array(rawText!),
      rawPieces: new Uint32Array(rawPieces!),
    });
  }

  /** Keeps the columns; the shape is the caller's to keep. */
  save(file: StateWriter): void {
    const { pinOfRow, values, drivers, types, rawText, rawPieces } = this.columns();
    const all = [pinOfRow, values, drivers, types, rawText, rawPieces];
    file.write(Buffer.from(JSON.stringify(all.map(({ byteLength }) => byteLength))));
    for (const { buffer, byteOffset, byteLength } of all) file.writeAll(new Uint8Array(buffer, byteOffset, byteLength));
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
    const room = Math.max(pieceBytes, 4 * (nameMax + 40 * (this.shape.layout.columns + 1)));
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

  #copyOut(): PinColumns {
    const { kernel } = this.names;
    const ints = (at: number, count: number): Int32Array =>
      new Int32Array(kernel.memory.buffer, at >>> 0, count).slice();
    return {
      pinOfRow: ints(kernel.pinOfRow.value, this.shape.rows),
      values: ints(kernel.values.value, this.shape.rows * this.shape.layout.columns),
      drivers: ints(kernel.driverOfPin.value, this.shape.pins),
      types: new Uint8Array(kernel.memory.buffer, kernel.typeOfInstance.value >>> 0, this.shape.instances).slice(),
      rawText: new Uint8Array(kernel.memory.buffer, kernel.rawText.value >>> 0, kernel.rawBytes.value).slice(),
      rawPieces: new Uint32Array(kernel.memory.buffer, kernel.rawPieces.value >>> 0, 2 * kernel.rawCount.value).slice(),
    };
  }

  #moveIn(): void {
    if (this.names.isResident(this)) return;
    const columns = this.columns();
    this.names.enter(this);
    const { kernel } = this.names;
    beginTable(this.names, this.shape.layout, this.shape.rows);
    kernel.setFormat(this.shape.format);
    kernel.setRows(this.shape.rows);
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
  const { rows, pins, instances } = base.shape;
  kernel.beginBase(rows, pins, instances, isComparable);
  const { buffer } = kernel.memory;
  new Int32Array(buffer, kernel.basePinOfRow.value >>> 0).set(columns.pinOfRow);
  if (isComparable) new Int32Array(buffer, kernel.baseValues.value >>> 0).set(columns.values);
  new Int32Array(buffer, kernel.baseDrivers.value >>> 0).set(columns.drivers);
  new Uint8Array(buffer, kernel.baseTypes.value >>> 0).set(columns.types);
}
