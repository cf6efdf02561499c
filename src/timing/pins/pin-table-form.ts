import { CodedFormDamaged, encodeNumbers, NumberReader } from "../leb128.js";

/**
 * The stored form of a table of pins: numbers as LEB128, then the three byte ranges whose lengths they tell.
 * `version rows firstNew pinEnd format flags columns places… codedSize plainSize rawCount rawSize storedRawSize`, coded, plain, raw.
 * `firstNew` is how many pins the names must hold before; the base, if `flags` says that there is one, is the caller's to know.
 */
export interface PinTableForm {
  readonly rows: number;
  readonly firstNew: number;
  readonly pinEnd: number;
  readonly format: number;
  /** 1: slacks, 2: arrivals, 4: stands on a base, 8: the base's values are comparable, 16: its raw text is the same. */
  readonly flags: number;
  readonly places: readonly number[];
  readonly rawCount: number;
  readonly rawSize: number;
  readonly coded: Uint8Array;
  readonly plain: Uint8Array;
  /** Raw pieces and raw text, compressed; empty if there is none. */
  readonly raw: Uint8Array;
}

export const formFlags = { slacks: 1, arrivals: 2, base: 4, comparable: 8, sameRaw: 16 } as const;

const version = 2;
const rowsMax = 1 << 28;

/** The stored form of a pin table cannot be what was written. */
export class PinTableDamaged extends Error {
  override readonly name = "PinTableDamaged";
}

export function writeForm(form: PinTableForm): Uint8Array {
  const head = encodeNumbers([
    version,
    form.rows,
    form.firstNew,
    form.pinEnd,
    form.format,
    form.flags,
    form.places.length,
    ...form.places,
    form.coded.length,
    form.plain.length,
    form.rawCount,
    form.rawSize,
    form.raw.length,
  ]);
  return Buffer.concat([head, form.coded, form.plain, form.raw]);
}

export function readForm(bytes: Uint8Array): PinTableForm {
  return asTableDamage(() => parseForm(bytes));
}

/** What `read` answers; coded bytes that it finds damaged are a damaged table. */
export function asTableDamage<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof CodedFormDamaged) throw new PinTableDamaged("the pin table is damaged", { cause });
    throw cause;
  }
}

function parseForm(bytes: Uint8Array): PinTableForm {
  const reader = new NumberReader(bytes);
  if (reader.next() !== version) throw new PinTableDamaged("unknown version of a pin table");
  const rows = reader.next(rowsMax);
  const firstNew = reader.next(rowsMax);
  const pinEnd = reader.next(rowsMax);
  const format = reader.next(255);
  const flags = reader.next(31);
  const columns = reader.next(64);
  const places = Array.from({ length: columns }, () => reader.next(columns - 1));
  if (new Set(places).size !== columns) throw new PinTableDamaged("two columns in one place");
  const sizes = [reader.next(), reader.next()] as const;
  const rawCount = reader.next(rowsMax);
  const rawSize = reader.next();
  const storedRawSize = reader.next();
  const coded = reader.take(sizes[0]);
  const plain = reader.take(sizes[1]);
  const raw = reader.take(storedRawSize);
  reader.end();
  return { rows, firstNew, pinEnd, format, flags, places, rawCount, rawSize, coded, plain, raw };
}
