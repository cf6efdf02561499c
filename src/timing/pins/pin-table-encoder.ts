import { zstdCompressSync } from "node:zlib";
import { isSameLayout, layoutOf, type PinLayout } from "./pin-layout.js";
import type { PinNames, Resident } from "./pin-names.js";
import { encodeNumbers } from "../leb128.js";
import { formFlags, writeForm } from "./pin-table-form.js";
import { beginTable, loadBase, PinTable } from "./pin-table.js";

/** What the encoder made: the stored form, and the table itself. */
export interface EncodedPinTable {
  readonly bytes: Uint8Array;
  readonly table: PinTable;
}

const windowBytes = 1 << 20;
const firstLineMax = 1 << 16;
const rowsMost = 1 << 26;

/**
 * Encodes a table of pins from its text, given in any pieces: lossless, what is no row of numbers is kept as it is.
 * `base` is a table with the same names that this one is likely to resemble. `textBytesMax` bounds the whole text.
 *
 * One encoder at a time may use `names`; the names that it finds stay there.
 */
export class PinTableEncoder implements Resident {
  readonly #names: PinNames;
  readonly #base: PinTable | null;
  readonly #textBytesMax: number;
  readonly #firstNew: number;
  #layout: PinLayout | undefined;
  #firstLine: Uint8Array = new Uint8Array();
  #window = 0;
  #filled = 0;
  #fed = 0;

  constructor(names: PinNames, base: PinTable | null, textBytesMax: number) {
    this.#names = names;
    this.#base = base;
    this.#textBytesMax = textBytesMax;
    names.enter(this);
    this.#firstNew = names.pinCount;
  }

  /** An encoder whose room another took cannot go on. */
  moveOut(): void {
    throw new Error("another table is being encoded with these names");
  }

  push(text: Uint8Array): void {
    if (this.#layout !== undefined) return this.#feed(text);
    this.#firstLine = this.#firstLine.length === 0 ? Buffer.from(text) : Buffer.concat([this.#firstLine, text]);
    if (this.#firstLine.includes(10) || this.#firstLine.length > firstLineMax) this.#begin();
  }

  finish(): EncodedPinTable {
    if (this.#layout === undefined) this.#begin();
    const layout = this.#layout;
    if (layout === undefined) throw new Error("the table was not begun");
    const { kernel } = this.#names;
    kernel.scan(this.#window, this.#window + this.#filled, true);
    const isComparable =
      this.#base !== null &&
      isSameLayout(this.#base.shape.layout, layout) &&
      this.#base.shape.format === kernel.formatBits();
    if (this.#base !== null) loadBase(this.#names, this.#base, isComparable);
    kernel.encodeTable(this.#firstNew);
    const bytes = this.#write(layout, isComparable);
    const table = PinTable.ofKernel(this.#names, layout);
    this.#names.replaceResident(table);
    return { bytes, table };
  }

  #begin(): void {
    const line = this.#firstLine.indexOf(10);
    const text = this.#firstLine;
    const layout = layoutOf(Buffer.from(line < 0 ? text : text.subarray(0, line)).toString("latin1"));
    this.#layout = layout;
    this.#firstLine = new Uint8Array();
    const { kernel } = this.#names;
    const rowsMax = Math.min(rowsMost, Math.ceil(this.#textBytesMax / shortestRow(layout)) + 16);
    beginTable(this.#names, layout, layout.columns === 0 ? 0 : rowsMax);
    kernel.clearFormat();
    kernel.beginRaw(this.#textBytesMax + 16);
    this.#window = kernel.allocate(windowBytes + 64) >>> 0;
    this.#feed(text);
  }

  #feed(text: Uint8Array): void {
    const { kernel } = this.#names;
    this.#fed += text.length;
    if (this.#fed > this.#textBytesMax) throw new RangeError(`the table is longer than ${this.#textBytesMax} bytes`);
    for (let from = 0; from < text.length;) {
      const part = text.subarray(from, from + windowBytes - this.#filled);
      new Uint8Array(kernel.memory.buffer).set(part, this.#window + this.#filled);
      from += part.length;
      this.#filled += part.length;
      if (part.includes(10)) this.#scan();
      // No row is that long.
      if (this.#filled === windowBytes) {
        kernel.keepRaw(this.#window, this.#window + windowBytes);
        this.#filled = 0;
      }
    }
  }

  #scan(): void {
    const { kernel } = this.#names;
    const end = this.#window + this.#filled;
    const stop = kernel.scan(this.#window, end, false) >>> 0;
    if (stop > this.#window) new Uint8Array(kernel.memory.buffer).copyWithin(this.#window, stop, end);
    this.#filled = end - stop;
  }

  #write(layout: PinLayout, isComparable: boolean): Uint8Array {
    const { kernel } = this.#names;
    const { buffer } = kernel.memory;
    const range = (at: number, size: number): Uint8Array => new Uint8Array(buffer, at >>> 0, size);
    const pieces = new Uint32Array(buffer, kernel.rawPieces.value >>> 0, 2 * kernel.rawCount.value);
    const rawText = range(kernel.rawText.value, kernel.rawBytes.value);
    const isRawSame = pieces.length > 0 && this.#base !== null && hasRaw(this.#base, pieces, rawText);
    return writeForm({
      rows: kernel.rows.value,
      firstNew: this.#firstNew,
      pinEnd: this.#names.pinCount,
      format: kernel.formatBits(),
      flags:
        (layout.hasSlacks ? formFlags.slacks : 0) |
        (layout.hasArrivals ? formFlags.arrivals : 0) |
        (this.#base === null ? 0 : formFlags.base) |
        (isComparable ? formFlags.comparable : 0) |
        (isRawSame ? formFlags.sameRaw : 0),
      places: layout.places,
      rawCount: kernel.rawCount.value,
      rawSize: rawText.length,
      coded: range(kernel.codedAt.value, kernel.codedBytes()),
      plain: range(kernel.plainAt.value, kernel.plainBytes()),
      raw: pieces.length === 0 || isRawSame ? new Uint8Array() : compressRaw(pieces, rawText),
    });
  }
}

/** Whether a table has just this raw text, at the same rows. */
function hasRaw(table: PinTable, pieces: Uint32Array, text: Uint8Array): boolean {
  const { rawPieces, rawText } = table.columns();
  if (rawPieces.length !== pieces.length || rawText.length !== text.length) return false;
  return Buffer.compare(rawText, text) === 0 && pieces.every((value, index) => value === rawPieces[index]);
}

function compressRaw(pieces: Uint32Array, text: Uint8Array): Uint8Array {
  const numbers: Uint8Array[] = [];
  let before = 0;
  for (let index = 0; index < pieces.length; index += 2) {
    const row = pieces[index] ?? 0;
    numbers.push(encodeNumbers([row - before, pieces[index + 1] ?? 0]));
    before = row;
  }
  return zstdCompressSync(Buffer.concat([...numbers, text]));
}

/** The bytes of a row at least: a name and a figure a column, each of one letter, and what stands between them. */
const shortestRow = ({ columns }: PinLayout): number => 2 + 2 * columns;
