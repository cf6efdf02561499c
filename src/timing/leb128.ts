/**
 * Whole numbers from zero on as LEB128: seven bits a byte, the lowest first, the highest bit set but in the last one.
 * 300 is `ac 02`.
 */
export function encodeNumbers(numbers: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    while (rest > 127) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  }
  return Uint8Array.from(bytes);
}

/** Coded bytes cannot be what was written. */
export class CodedFormDamaged extends Error {
  override readonly name = "CodedFormDamaged";
}

/** Reads LEB128 numbers and byte ranges, and refuses whatever lies beyond the end. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** How many bytes were read. */
  get at(): number {
    return this.#at;
  }

  next(most = 0xffffffff): number {
    let number = 0;
    for (let scale = 1; scale < 2 ** 42; scale *= 128) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      number += (byte & 127) * scale;
      if (byte > 127) continue;
      if (number > most) break;
      return number;
    }
    throw new CodedFormDamaged("a number is cut or too large");
  }

  take(size: number): Uint8Array {
    if (size > this.#bytes.length - this.#at) throw new CodedFormDamaged("a range of bytes is cut");
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new CodedFormDamaged("there are bytes after the end");
  }
}
