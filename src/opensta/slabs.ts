/** A piece of memory that is filled from its front. */
export interface Slab {
  readonly buffer: ArrayBuffer;
  used: number;
}

/** The bytes as a slab to take columns from; they are copied where numbers could not be read from their place. */
export function slabOver({ buffer, byteOffset, byteLength }: Uint8Array): Slab {
  if (byteOffset % 8 === 0) return { buffer: buffer as ArrayBuffer, used: byteOffset };
  return { buffer: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer, used: 0 };
}

/** Bytes of slabs that nobody uses; more are left to the collector. */
const idleBytesMax = 16 << 20;
const slabBytesMin = 1 << 16;

/** Memory for columns that come and go: given back, it is used again, so that none piles up for the collector. */
export class Slabs {
  readonly #idle: Slab[] = [];
  #idleBytes = 0;

  /** A slab with room for so many bytes. */
  take(bytes: number): Slab {
    const at = this.#idle.findIndex(({ buffer }) => buffer.byteLength >= bytes);
    const slab = at < 0 ? null : this.#idle.splice(at, 1)[0]!;
    if (slab) {
      slab.used = 0;
      this.#idleBytes -= slab.buffer.byteLength;
    }
    return slab ?? { buffer: new ArrayBuffer(2 ** Math.ceil(Math.log2(Math.max(bytes, slabBytesMin)))), used: 0 };
  }

  /** Nothing reads it any more. */
  give(slab: Slab): void {
    if (this.#idleBytes + slab.buffer.byteLength > idleBytesMax) return;
    this.#idleBytes += slab.buffer.byteLength;
    this.#idle.push(slab);
  }
}
