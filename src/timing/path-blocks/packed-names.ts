import type { Names } from "../../opensta/names.js";
import { takerFrom } from "../../opensta/path-arrays.js";
import type { Slab } from "../../opensta/slabs.js";

/** The names of one block: where each ends, then their bytes. */
export class PackedNames implements Names {
  #ends = new Int32Array(0);
  #bytes: Buffer = Buffer.alloc(0);
  readonly #texts: string[] = [];

  get size(): number {
    return this.#ends.length;
  }

  /** Finds them in a slab. */
  read(slab: Slab, count: number): void {
    this.#ends = takerFrom(slab)(Int32Array, count);
    this.#bytes = Buffer.from(slab.buffer, slab.used, this.#ends.at(-1) ?? 0);
    slab.used += this.#bytes.length;
  }

  text(id: number): string {
    return (this.#texts[id] ??= this.#bytes.toString("utf8", this.#start(id), this.#ends[id]));
  }

  bytes(id: number): Uint8Array {
    return this.#bytes.subarray(this.#start(id), this.#ends[id]);
  }

  #start(id: number): number {
    return id === 0 ? 0 : this.#ends[id - 1]!;
  }
}

/** Gives the names that a block uses ids of its own, in the order in which it meets them. */
export class NameCollector {
  /** For each name of the report its id in the block; -1 if the block has not met it. */
  #ids = new Int32Array(1024).fill(-1);
  readonly #met: number[] = [];

  constructor(private readonly names: Names) {}

  /** How many names the block has. */
  get count(): number {
    return this.#met.length;
  }

  /** The id in the block; -1 stays -1. */
  idOf(name: number): number {
    if (name < 0) return -1;
    if (name >= this.#ids.length) this.#grow(name);
    const known = this.#ids[name]!;
    if (known >= 0) return known;
    this.#ids[name] = this.#met.length;
    return this.#met.push(name) - 1;
  }

  /** Replaces each name's id by the block's own. */
  replace(ids: Int32Array): void {
    for (let at = 0; at < ids.length; at++) ids[at] = this.idOf(ids[at]!);
  }

  /** The block's names as `PackedNames` reads them; the next block begins. */
  take(): Uint8Array[] {
    const ends = new Int32Array(this.#met.length);
    const parts: Uint8Array[] = [Buffer.from(ends.buffer)];
    let end = 0;
    for (const [id, name] of this.#met.entries()) {
      const bytes = this.names.bytes(name);
      ends[id] = end += bytes.length;
      parts.push(bytes);
      this.#ids[name] = -1;
    }
    this.#met.length = 0;
    return parts;
  }

  #grow(name: number): void {
    const larger = new Int32Array(Math.max(2 * this.#ids.length, name + 1)).fill(-1);
    larger.set(this.#ids);
    this.#ids = larger;
  }
}
