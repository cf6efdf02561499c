import { zstdDecompressSync } from "node:zlib";
import { NumberReader } from "../leb128.js";
import { isSameLayout, type PinLayout } from "./pin-layout.js";
import type { PinNames } from "./pin-names.js";
import { asTableDamage, formFlags, PinTableDamaged, readForm, type PinTableForm } from "./pin-table-form.js";
import { beginTable, loadBase, PinTable } from "./pin-table.js";

/**
 * The table that `bytes` hold; `names` and `base` must be what they were when it was encoded.
 * Its new names are added to `names`, also where the rest turns out damaged.
 *
 * @throws PinTableDamaged if the bytes cannot be what was written, or belong to other names or another base.
 */
export function decodePinTable(bytes: Uint8Array, names: PinNames, base: PinTable | null): PinTable {
  const form = readForm(bytes);
  const hasBase = (form.flags & formFlags.base) !== 0;
  if (hasBase !== (base !== null)) throw new PinTableDamaged("the pin table stands on another base");
  if (form.firstNew !== names.pinCount) throw new PinTableDamaged("the pin table stands on other names");
  const layout = layoutFrom(form);
  // A row takes at least a bit of what is stored, but for a table that is wholly its base's.
  if (form.rows > 64 + 4096 * bytes.length + (base?.shape.rows ?? 0)) throw new PinTableDamaged("too many rows");
  names.enter(undefined);
  const { kernel } = names;
  beginTable(names, layout, form.rows);
  if (kernel.setFormat(form.format) === 0) throw new PinTableDamaged("unknown format of numbers");
  loadRaw(form, names, base);
  const isComparable = (form.flags & formFlags.comparable) !== 0;
  if (base !== null) {
    if (isComparable && !isSameLayout(base.shape.layout, layout))
      throw new PinTableDamaged("the base has other columns");
    loadBase(names, base, isComparable);
  }
  if (!decode(form, names)) throw new PinTableDamaged("the pin table is damaged");
  const table = PinTable.ofKernel(names, layout);
  names.enter(table);
  return table;
}

function layoutFrom(form: PinTableForm): PinLayout {
  const hasSlacks = (form.flags & formFlags.slacks) !== 0;
  const hasArrivals = (form.flags & formFlags.arrivals) !== 0;
  const columns = form.places.length;
  if (columns < (hasArrivals ? 8 : hasSlacks ? 4 : 0) || (hasArrivals && !hasSlacks))
    throw new PinTableDamaged("too few columns");
  return { columns, hasSlacks, hasArrivals, places: form.places };
}

function decode(form: PinTableForm, names: PinNames): boolean {
  const { kernel } = names;
  const coded = kernel.allocate(form.coded.length + 64) >>> 0;
  const plain = kernel.allocate(form.plain.length + 64) >>> 0;
  const memory = new Uint8Array(kernel.memory.buffer);
  memory.set(form.coded, coded);
  memory.set(form.plain, plain);
  try {
    return (
      kernel.decodeTable(coded, form.coded.length, plain, form.plain.length, form.firstNew, form.pinEnd, form.rows) !==
      0
    );
  } catch (cause) {
    // The kernel stops at what it cannot hold.
    throw new PinTableDamaged("the pin table is damaged", { cause });
  }
}

/** Puts the raw text and its pieces into the kernel. */
function loadRaw(form: PinTableForm, names: PinNames, base: PinTable | null): void {
  const { kernel } = names;
  const { text, pieces } = rawOf(form, base);
  const textAt = kernel.allocate(text.length + 64) >>> 0;
  const piecesAt = kernel.allocate(4 * pieces.length + 64) >>> 0;
  new Uint8Array(kernel.memory.buffer).set(text, textAt);
  new Uint32Array(kernel.memory.buffer, piecesAt).set(pieces);
  kernel.setRaw(textAt, text.length, piecesAt, form.rawCount);
}

function rawOf(form: PinTableForm, base: PinTable | null): { text: Uint8Array; pieces: Uint32Array } {
  if (form.rawCount === 0) return { text: new Uint8Array(), pieces: new Uint32Array() };
  if ((form.flags & formFlags.sameRaw) === 0) return asTableDamage(() => readRaw(form));
  const { rawText, rawPieces } = base?.columns() ?? { rawText: undefined, rawPieces: undefined };
  if (rawText === undefined || rawPieces.length !== 2 * form.rawCount || (rawPieces.at(-2) ?? 0) > form.rows)
    throw new PinTableDamaged("the base has other raw text");
  return { text: rawText, pieces: rawPieces };
}

function readRaw(form: PinTableForm): { text: Uint8Array; pieces: Uint32Array } {
  const reader = new NumberReader(decompress(form));
  const pieces = new Uint32Array(2 * form.rawCount);
  let row = 0;
  let bytes = 0;
  for (let index = 0; index < pieces.length; index += 2) {
    row += reader.next();
    const length = reader.next();
    bytes += length;
    if (row > form.rows) throw new PinTableDamaged("raw text after the last row");
    pieces[index] = row;
    pieces[index + 1] = length;
  }
  if (bytes !== form.rawSize) throw new PinTableDamaged("raw text of another length");
  const text = reader.take(bytes);
  reader.end();
  return { text, pieces };
}

function decompress(form: PinTableForm): Uint8Array {
  if (form.rawCount > 16 * form.raw.length + form.rows + 1) throw new PinTableDamaged("too many raw pieces");
  try {
    return zstdDecompressSync(form.raw, { maxOutputLength: form.rawSize + 12 * form.rawCount + 16 });
  } catch (cause) {
    throw new PinTableDamaged("the raw text is damaged", { cause });
  }
}
