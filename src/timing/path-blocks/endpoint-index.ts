import { crc32 } from "node:zlib";
import { CacheDamagedError, type CacheEntry, type CacheWriter } from "../../cache/cache-store.js";
import { hashOf } from "../../opensta/name-hash.js";
import { takeColumn } from "../../opensta/path-arrays.js";
import { slabOver } from "../../opensta/slabs.js";

/**
 * From the name of an endpoint to the ordinals of paths. A segment holds the sorted keys of 2^20 paths at most, in
 * pages; a key is the name's hash (32 bits) and the path's place in the segment (20 bits). Two names may have one hash:
 * what is found has to be looked at.
 */
interface Segment {
  /** Ordinal of its first path. */
  readonly first: number;
  /** Where its first page begins, and how many keys all its pages have. */
  readonly at: number;
  readonly keys: number;
}

/** What is to be kept of an index to read it. */
export interface EndpointDirectory {
  readonly segments: readonly Segment[];
  /** For each page of all segments its first key, and the CRC-32 of its bytes. */
  readonly pages: Float64Array;
}

const segmentPaths = 2 ** 20;
const pageKeys = 512;
const keyBytes = 8;

export class EndpointIndexWriter {
  #keys = new Float64Array(2 ** 12);
  #count = 0;
  #first = 0;
  readonly #segments: Segment[] = [];
  readonly #pages: number[] = [];

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

  finish(): EndpointDirectory {
    if (this.#count > 0) this.#flush(0);
    return { segments: this.#segments, pages: Float64Array.from(this.#pages) };
  }

  #flush(next: number): void {
    const keys = this.#keys.subarray(0, this.#count).sort();
    this.#segments.push({ first: this.#first, at: this.writer.bytes, keys: keys.length });
    for (let from = 0; from < keys.length; from += pageKeys) {
      const page = keys.subarray(from, from + pageKeys);
      const bytes = new Uint8Array(page.buffer, page.byteOffset, page.byteLength);
      this.#pages.push(page[0]!, crc32(bytes));
      this.writer.write(bytes);
    }
    this.#count = 0;
    this.#first = next;
  }
}

/**
 * Ordinals of the paths that may end at a pin or instance of this name, ascending.
 * @throws CacheDamagedError
 */
export function findEndpoint(entry: CacheEntry, { segments, pages }: EndpointDirectory, name: string): number[] {
  const hash = nameHash(Buffer.from(name));
  const ordinals: number[] = [];
  let firstPage = 0;
  for (const { first, at, keys } of segments) {
    const least = keyOf(hash, 0);
    const count = Math.ceil(keys / pageKeys);
    const firstKey = (page: number) => pages[2 * (firstPage + page)]!;
    for (
      let page = lastBefore(least, count, firstKey);
      page < count && firstKey(page) < keyOf(hash, segmentPaths);
      page++
    ) {
      const length = Math.min(pageKeys, keys - page * pageKeys);
      const bytes = entry.read(at + page * pageKeys * keyBytes, length * keyBytes);
      if (crc32(bytes) !== pages[2 * (firstPage + page) + 1])
        throw new CacheDamagedError(`page ${page} of the index at byte ${at}`);
      for (const key of takeColumn(slabOver(bytes), Float64Array, length)) {
        const ordinal = first + key - least;
        if (key >= least && key < least + segmentPaths && ordinal !== ordinals.at(-1)) ordinals.push(ordinal);
      }
    }
    firstPage += count;
  }
  return ordinals;
}

function keyOf(hash: number, place: number): number {
  return hash * segmentPaths + place;
}

/** Of the name's text: bytes that are no UTF-8 count as what they are shown as. */
function nameHash(bytes: Uint8Array): number {
  return hashOf(bytes.every((byte) => byte < 0x80) ? bytes : Buffer.from(Buffer.from(bytes).toString())) >>> 0;
}

/** The last of `count` ascending keys that is not above `key`; the first if all are. */
function lastBefore(key: number, count: number, keyAt: (index: number) => number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (keyAt(middle) <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}
