import { CacheDamagedError, type CacheEntry, type CacheWriter } from "../../cache/cache-store.js";
import { packBlock, unpackBlock } from "../../codec/lz4-block.js";
import { takeColumn } from "../../opensta/path-arrays.js";
import { slabOver } from "../../opensta/slabs.js";
import { type BlockStatistics, type NamedKind, namedKinds } from "./block-statistics.js";
import type { EndpointDirectory } from "./endpoint-index.js";
import { NameBits } from "./name-bits.js";

/** Where a block lies, and what can be said of it. */
export interface BlockEntry extends BlockStatistics {
  /** Where its head begins; its rows follow. */
  readonly at: number;
  readonly headBytes: number;
  readonly headCheck: number;
  readonly rowsBytes: number;
  readonly rowsCheck: number;
  /** Ordinal of its first path. */
  readonly first: number;
}

/** What a file of paths holds, at its end: `<packed directory> <trailer>`. */
export interface PathDirectory {
  readonly paths: number;
  readonly blocks: BlockTable;
  readonly bits: Readonly<Record<NamedKind, NameBits>>;
  readonly endpoints: EndpointDirectory;
}

/** The numbers of a block's entry, in this order. */
const fields = [
  "at",
  "headBytes",
  "headCheck",
  "rowsBytes",
  "rowsCheck",
  "first",
  "count",
  "slackLeast",
  "slackMost",
  ...namedKinds,
] as const satisfies readonly (keyof BlockEntry)[];
const firstField = fields.indexOf("first");

/** The entries of all blocks as numbers: only those that are looked at become objects. */
export class BlockTable {
  constructor(readonly numbers: Float64Array) {}

  static of(entries: readonly BlockEntry[]): BlockTable {
    return new BlockTable(Float64Array.from(entries.flatMap((entry) => fields.map((field) => entry[field]))));
  }

  get size(): number {
    return this.numbers.length / fields.length;
  }

  entry(block: number): BlockEntry {
    const from = block * fields.length;
    const numbers = fields.map((field, at) => [field, this.numbers[from + at]!]);
    return Object.fromEntries(numbers) as Record<(typeof fields)[number], number>;
  }

  /** The block that a path lies in, if there is such a path. */
  blockOf(ordinal: number): number {
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.numbers[middle * fields.length + firstField]! <= ordinal) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The last bytes of a file: the mark, then where the directory lies, its length and its check. */
const mark = Buffer.from("ckptpath");
const trailerNumbers = 3;
const trailerBytes = mark.length + 8 * trailerNumbers;

/** What of a directory is no number of a table. */
interface DirectoryText {
  readonly paths: number;
  readonly blocks: number;
  readonly names: Readonly<Record<NamedKind, string[]>>;
  readonly segments: EndpointDirectory["segments"];
}

export function writeDirectory(writer: CacheWriter, { paths, blocks, bits, endpoints }: PathDirectory): void {
  const names = Object.fromEntries(namedKinds.map((kind) => [kind, bits[kind].names])) as DirectoryText["names"];
  const text: DirectoryText = { paths, blocks: blocks.numbers.length, names, segments: endpoints.segments };
  const json = Buffer.from(JSON.stringify(text));
  const numbers = Buffer.concat([blocks.numbers, endpoints.pages].map(bytesOf));
  const sizes = Float64Array.of(json.length, numbers.length / 8);
  const packed = packBlock(Buffer.concat([bytesOf(sizes), json, Buffer.alloc(-json.length & 7), numbers]));
  const trailer = Float64Array.of(writer.bytes, packed.bytes.length, packed.check);
  writer.write(packed.bytes);
  writer.write(mark);
  writer.write(bytesOf(trailer));
}

/** @throws CacheDamagedError if the entry does not end in a directory. */
export function readDirectory(entry: CacheEntry): PathDirectory {
  const trailer = entry.read(Math.max(0, entry.bytes - trailerBytes), trailerBytes);
  if (!mark.equals(trailer.subarray(0, mark.length))) throw new CacheDamagedError("it is no file of paths");
  const [at, bytes, check] = takeColumn(slabOver(trailer.subarray(mark.length)), Float64Array, trailerNumbers);
  const slab = slabOver(unpackChecked(entry.read(at!, bytes!), check!));
  const [textBytes, numberCount] = takeColumn(slab, Float64Array, 2);
  const text = JSON.parse(Buffer.from(takeColumn(slab, Uint8Array, textBytes!)).toString()) as DirectoryText;
  const numbers = takeColumn(slab, Float64Array, numberCount!);
  const bits = Object.fromEntries(namedKinds.map((kind) => [kind, new NameBits(text.names[kind])]));
  return {
    paths: text.paths,
    blocks: new BlockTable(numbers.subarray(0, text.blocks)),
    bits: bits as PathDirectory["bits"],
    endpoints: { segments: text.segments, pages: numbers.subarray(text.blocks) },
  };
}

/** @throws CacheDamagedError */
export function unpackChecked(bytes: Uint8Array, check: number): Uint8Array {
  try {
    return unpackBlock({ bytes, check });
  } catch (cause) {
    throw new CacheDamagedError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
