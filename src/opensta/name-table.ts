/**
 * Interns names as bytes: equal bytes, equal id, dense from 0. The bytes live in one growing buffer and a string is
 * made only when asked for: a Map keyed by slices of a report would keep the whole report alive.
 */
export class NameTable {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 14);
  #bytesView = new DataView(this.#bytes.buffer);
  #used = 0;
  /** Where each name ends in `#bytes`; it begins where the one before ends. */
  #ends = new Int32Array(1 << 10);
  /** For each name, 1 + the name that followed it the last time; 0 if none. */
  #successors = new Int32Array(1 << 10);
  /** Open addressing, two words a slot: id + 1 (0: free), and the hash. Half full at most. */
  #slots = new Int32Array(1 << 12);
  #source: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #count = 0;

  /** How many distinct names there are. */
  get size(): number {
    return this.#count;
  }

  /** The id of `source[from, to)`. */
  intern(source: Uint8Array, from: number, to: number): number {
    if (source !== this.#source) this.#look(source);
    const hash = this.#hash(from, to);
    const slots = this.#slots;
    const mask = slots.length - 2;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const id = slots[slot]! - 1;
      if (id < 0) return this.#add(from, to, hash, slot);
      if (slots[slot + 1] === hash && this.#isAt(id, from, to)) return id;
    }
  }

  /** The same as `intern`, quicker where the name is likely the one of id `guess` (-1: no guess). */
  internLike(guess: number, source: Uint8Array, from: number, to: number): number {
    if (source !== this.#source) this.#look(source);
    return guess >= 0 && this.#isAt(guess, from, to) ? guess : this.intern(source, from, to);
  }

  /** The same as `intern`, quicker where the name came after `previous` the last time too (-1: after nothing). */
  internAfter(previous: number, source: Uint8Array, from: number, to: number): number {
    if (previous < 0) return this.intern(source, from, to);
    const id = this.internLike(this.#successors[previous]! - 1, source, from, to);
    this.#successors[previous] = id + 1;
    return id;
  }

  /** The name as text; bytes that are no UTF-8 come out as U+FFFD. */
  text(id: number): string {
    const from = id === 0 ? 0 : this.#ends[id - 1]!;
    return decoder.decode(this.#bytes.subarray(from, this.#ends[id]));
  }

  #look(source: Uint8Array): void {
    this.#source = source;
    this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  /** Four bytes at a time: most of a table's work is here. */
  #hash(from: number, to: number): number {
    const view = this.#view;
    let hash = to - from;
    let at = from;
    for (; at + 4 <= to; at += 4) {
      hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
    return hash ^ (hash >>> 16);
  }

  #isAt(id: number, from: number, to: number): boolean {
    const start = id === 0 ? 0 : this.#ends[id - 1]!;
    if (this.#ends[id]! - start !== to - from) return false;
    const source = this.#view;
    const bytes = this.#bytesView;
    let at = from;
    let own = start;
    for (; at + 4 <= to; at += 4, own += 4) if (bytes.getInt32(own) !== source.getInt32(at)) return false;
    for (; at < to; at++, own++) if (bytes.getInt8(own) !== source.getInt8(at)) return false;
    return true;
  }

  #add(from: number, to: number, hash: number, slot: number): number {
    const length = to - from;
    if (this.#used + length > this.#bytes.length) this.#growBytes(this.#used + length);
    if (this.#count === this.#ends.length) {
      this.#ends = grown(this.#ends, this.#count + 1);
      this.#successors = grown(this.#successors, this.#count + 1);
    }
    const source = this.#source;
    const bytes = this.#bytes;
    for (let at = from, own = this.#used; at < to; at++, own++) bytes[own] = source[at]!;
    this.#used += length;
    const id = this.#count++;
    this.#ends[id] = this.#used;
    this.#slots[slot] = id + 1;
    this.#slots[slot + 1] = hash;
    if (this.#count * 4 > this.#slots.length) this.#rehash();
    return id;
  }

  #growBytes(needed: number): void {
    this.#bytes = grown(this.#bytes, needed);
    this.#bytesView = new DataView(this.#bytes.buffer);
  }

  #rehash(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 4);
    const mask = slots.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let slot = (old[from + 1]! << 1) & mask;
      while (slots[slot] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[from]!;
      slots[slot + 1] = old[from + 1]!;
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
