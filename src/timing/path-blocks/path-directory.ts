import { CacheDamagedError, type CacheEntry, type CacheWriter } from "../../cache/cache-store.js";
import { packBlock, unpackBlock } from "../../codec/lz4-block.js";
import { takerFrom } from "../../opensta/path-arrays.js";
import { slabOver } from "../../opensta/slabs.js";
import { type NamedKind, namedKinds } from "./block-statistics.js";
import type { EndpointSegment } from "./endpoint-index.js";
import { NameBits } from "./name-bits.js";
import { pageCount, type PagedTable, type TablePlace } from "./paged-table.js";

/** What a file of paths holds, at its end: `<packed directory> <trailer>`. */
export interface PathDirectory {
  readonly paths: number;
  /** Entries of the blocks. */
  readonly blocks: PagedTable;
  readonly bits: Readonly<Record<NamedKind, NameBits>>;
  readonly endpoints: readonly EndpointSegment[];
}

/** The last bytes of a file: the mark, then where the directory lies, its length and its check. */
const mark = Buffer.from("ckptpath");
const trailerNumbers = 3;
const trailerBytes = mark.length + 8 * trailerNumbers;

/** What is packed: the length of this text and the number of numbers (f64 each), the text as JSON, the pages of all tables. */
interface DirectoryText {
  readonly paths: number;
  readonly names: Readonly<Record<NamedKind, string[]>>;
  readonly blocks: TablePlace;
  readonly endpoints: readonly { readonly first: number; readonly keys: TablePlace }[];
}

export function writeDirectory(writer: CacheWriter, { paths, blocks, bits, endpoints }: PathDirectory): void {
  const names = Object.fromEntries(namedKinds.map((kind) => [kind, bits[kind].names])) as DirectoryText["names"];
  const segments = endpoints.map(({ first, keys }) => ({ first, keys: placeOf(keys) }));
  const text: DirectoryText = { paths, names, blocks: placeOf(blocks), endpoints: segments };
  const json = Buffer.from(JSON.stringify(text));
  const pages = Buffer.concat([blocks, ...endpoints.map(({ keys }) => keys)].map((table) => bytesOf(table.pages)));
  const sizes = Float64Array.of(json.length, pages.length / 8);
  const packed = packBlock(Buffer.concat([bytesOf(sizes), json, Buffer.alloc(-json.length & 7), pages]));
  const trailer = Float64Array.of(writer.bytes, packed.bytes.length, packed.check);
  writer.write(packed.bytes);
  writer.write(mark);
  writer.write(bytesOf(trailer));
}

/** @throws CacheDamagedError if the entry does not end in a directory. */
export function readDirectory(entry: CacheEntry): PathDirectory {
  const trailer = entry.read(Math.max(0, entry.bytes - trailerBytes), trailerBytes);
  if (!mark.equals(trailer.subarray(0, mark.length))) throw new CacheDamagedError("it is no file of paths");
  const [at, bytes, check] = takerFrom(slabOver(trailer.subarray(mark.length)))(Float64Array, trailerNumbers);
  const take = takerFrom(slabOver(unpackChecked(entry.read(at!, bytes!), check!)));
  const [textBytes, numbers] = take(Float64Array, 2);
  const text = JSON.parse(Buffer.from(take(Uint8Array, textBytes!)).toString()) as DirectoryText;
  const pages = take(Float64Array, numbers!);
  let used = 0;
  const tableAt = (place: TablePlace): PagedTable => {
    const from = used;
    used += 2 * pageCount(place);
    return { ...place, pages: pages.subarray(from, used) };
  };
  const bits = Object.fromEntries(namedKinds.map((kind) => [kind, new NameBits(text.names[kind])]));
  return {
    paths: text.paths,
    blocks: tableAt(text.blocks),
    bits: bits as PathDirectory["bits"],
    endpoints: text.endpoints.map(({ first, keys }) => ({ first, keys: tableAt(keys) })),
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

function placeOf({ at, rows, width }: PagedTable): TablePlace {
  return { at, rows, width };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
