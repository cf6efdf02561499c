/**
 * Interns names as bytes: equal bytes, equal id, dense from 0. The bytes live in one growing buffer and a string is
 * made only when asked for: a Map keyed by slices of a report would keep the whole report alive.
 */
export class NameTable {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 14);
  #used = 0;
  /** Where each name ends in `#bytes`; it begins where the one before ends. */
  #ends = new Int32Array(1 << 10);
  #hashes = new Int32Array(1 << 10);
  /** Open addressing: id + 1, or 0 for a free slot. Never more than half full. */
  #slots = new Int32Array(1 << 11);
  #count = 0;

  /** How many distinct names there are. */
  get size(): number {
    return this.#count;
  }

  /** The id of `source[from, to)`. */
  intern(source: Uint8Array, from: number, to: number): number {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ source[at]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]! - 1;
      if (id < 0) return this.#add(source, from, to, hash, slot);
      if (this.#hashes[id] === hash && this.#isAt(id, source, from, to)) return id;
    }
  }

  /** The name as text; bytes that are no UTF-8 come out as U+FFFD. */
  text(id: number): string {
    const from = id === 0 ? 0 : this.#ends[id - 1]!;
    return decoder.decode(this.#bytes.subarray(from, this.#ends[id]));
  }

  #isAt(id: number, source: Uint8Array, from: number, to: number): boolean {
    const start = id === 0 ? 0 : this.#ends[id - 1]!;
    if (this.#ends[id]! - start !== to - from) return false;
    const bytes = this.#bytes;
    for (let at = from, own = start; at < to; at++, own++) if (bytes[own] !== source[at]) return false;
    return true;
  }

  #add(source: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const length = to - from;
    if (this.#used + length > this.#bytes.length) this.#bytes = grown(this.#bytes, this.#used + length);
    if (this.#count === this.#ends.length) {
      this.#ends = grown(this.#ends, this.#count + 1);
      this.#hashes = grown(this.#hashes, this.#count + 1);
    }
    this.#bytes.set(source.subarray(from, to), this.#used);
    this.#used += length;
    const id = this.#count++;
    this.#ends[id] = this.#used;
    this.#hashes[id] = hash;
    this.#slots[slot] = id + 1;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let slot = this.#hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function grown<T extends Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(array: T, needed: number): T {
  const larger = new (array.constructor as new (length: number) => T)(Math.max(needed, Math.ceil(array.length * 1.5)));
  larger.set(array);
  return larger;
}
