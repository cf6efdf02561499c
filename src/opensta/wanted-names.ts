import { hashFactor, hashOf, hashStart } from "./name-hash.js";

/** A set of names that is asked by bytes: no text is made for a name that is not in it. */
export class WantedNames {
  readonly #names: readonly string[];
  readonly #bytes: readonly Buffer[];
  /** Open addressing: the name's place plus one, 0 for free; at most half full. */
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(names: Iterable<string>) {
    this.#names = [...names];
    this.#bytes = this.#names.map((name) => Buffer.from(name));
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, this.#names.length * 2)));
    this.#slots = new Int32Array(size);
    this.#mask = size - 1;
    for (const [at, bytes] of this.#bytes.entries()) this.#slots[this.#freeSlot(hashOf(bytes))] = at + 1;
  }

  /** The name that stands in `text[from, to)` before the first `separator`, if it is one of them. */
  find(text: Uint8Array, from: number, separator: number, to: number): string | null {
    let hash = hashStart;
    let at = from;
    for (; at < to; at++) {
      const byte = text[at]!;
      if (byte === separator) break;
      hash = Math.imul(hash ^ byte, hashFactor);
    }
    if (at === to) return null;
    for (let slot = spread(hash) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = this.#slots[slot]! - 1;
      if (place < 0) return null;
      if (this.#equals(this.#bytes[place]!, text, from, at)) return this.#names[place]!;
    }
  }

  #equals(name: Buffer, text: Uint8Array, from: number, to: number): boolean {
    if (name.length !== to - from) return false;
    for (let at = 0; at < name.length; at++) if (name[at] !== text[from + at]) return false;
    return true;
  }

  #freeSlot(hash: number): number {
    let slot = spread(hash) & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    return slot;
  }
}

/** The table's place is in the low bits, and the high ones are the better mixed. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
