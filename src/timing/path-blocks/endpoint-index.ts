import type { CacheEntry, CacheWriter } from "../../cache/cache-store.js";
import { hashOf } from "../../opensta/name-hash.js";
import { type PagedTable, TableReader, writeTable } from "./paged-table.js";

/**
 * From the name of an endpoint to the ordinals of paths. A segment is a table of the keys of 2^20 paths at most; a key
 * is the name's hash (32 bits) and the path's place in the segment (20 bits). Two names may have one hash: what is found
 * has to be looked at.
 */
export interface EndpointSegment {
  /** Ordinal of its first path. */
  readonly first: number;
  readonly keys: PagedTable;
}

const segmentPaths = 2 ** 20;

export class EndpointIndexWriter {
  #keys = new Float64Array(2 ** 12);
  #count = 0;
  #first = 0;
  readonly #segments: EndpointSegment[] = [];

  constructor(private readonly writer: CacheWriter) {}

  /** Paths come in the order of their ordinals. */
  add(name: Uint8Array, ordinal: number): void {
    if (ordinal - this.#first >= segmentPaths) this.#flush(ordinal);
    if (this.#count === this.#keys.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys[this.#count++] = keyOf(nameHash(name), ordinal - this.#first);
  }

  finish(): readonly EndpointSegment[] {
    if (this.#count > 0) this.#flush(0);
    return this.#segments;
  }

  #flush(next: number): void {
    const keys = this.#keys.subarray(0, this.#count).sort();
    this.#segments.push({ first: this.#first, keys: writeTable(this.writer, keys, 1) });
    this.#count = 0;
    this.#first = next;
  }
}

/**
 * Ordinals of the paths that may end at a pin or instance of this name, ascending.
 * @throws CacheDamagedError
 */
export function findEndpoint(entry: CacheEntry, segments: readonly EndpointSegment[], name: string): number[] {
  const hash = nameHash(Buffer.from(name));
  const [least, end] = [keyOf(hash, 0), keyOf(hash, segmentPaths)];
  const ordinals: number[] = [];
  for (const { first, keys } of segments) {
    const table = new TableReader(entry, keys);
    for (let row = table.rowOf(least); row < table.rows; row++) {
      const key = table.row(row)[0]!;
      if (key >= end) break;
      const ordinal = first + key - least;
      if (key >= least && ordinal !== ordinals.at(-1)) ordinals.push(ordinal);
    }
  }
  return ordinals;
}

function keyOf(hash: number, place: number): number {
  return hash * segmentPaths + place;
}

/** Of the name's text: bytes that are no UTF-8 count as what they are shown as. */
function nameHash(bytes: Uint8Array): number {
  return hashOf(isAscii(bytes) ? bytes : Buffer.from(Buffer.from(bytes).toString())) >>> 0;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x80) return false;
  return true;
}
