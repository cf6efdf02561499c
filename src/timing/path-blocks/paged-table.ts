import { crc32 } from "node:zlib";
import { CacheDamagedError, type CacheEntry, type CacheWriter } from "../../cache/cache-store.js";
import { takerFrom } from "../../opensta/path-arrays.js";
import { slabOver } from "../../opensta/slabs.js";

/** Where rows of numbers lie, ascending by their first: in pages, so that few of them have to be read. */
export interface TablePlace {
  readonly at: number;
  readonly rows: number;
  /** Numbers of a row. */
  readonly width: number;
}

/** What is kept apart of a table to read it. */
export interface PagedTable extends TablePlace {
  /** For each page the first number of its first row, and the CRC-32 of its bytes. */
  readonly pages: Float64Array;
}

const pageNumbers = 512;
const numberBytes = 8;

const rowsOfPage = (width: number): number => Math.floor(pageNumbers / width);

/** How many pages a table has. */
export function pageCount({ rows, width }: TablePlace): number {
  return Math.ceil(rows / rowsOfPage(width));
}

export function writeTable(writer: CacheWriter, numbers: Float64Array, width: number): PagedTable {
  const { bytes: at } = writer;
  const pages: number[] = [];
  const step = rowsOfPage(width) * width;
  for (let from = 0; from < numbers.length; from += step) {
    const page = numbers.subarray(from, from + step);
    const bytes = new Uint8Array(page.buffer, page.byteOffset, page.byteLength);
    pages.push(page[0]!, crc32(bytes));
    writer.write(bytes);
  }
  return { at, rows: numbers.length / width, width, pages: Float64Array.from(pages) };
}

/** Reads rows of a table; what is damaged throws CacheDamagedError. */
export class TableReader {
  #page = -1;
  #numbers = new Float64Array(0);

  constructor(
    private readonly entry: CacheEntry,
    private readonly table: PagedTable,
  ) {}

  get rows(): number {
    return this.table.rows;
  }

  /** The numbers of a row; good until the next row is asked for. */
  row(index: number): Float64Array {
    const { width } = this.table;
    const inPage = rowsOfPage(width);
    this.#read(Math.floor(index / inPage));
    const from = (index % inPage) * width;
    return this.#numbers.subarray(from, from + width);
  }

  /** The last row whose first number is not above this; the first row if there is none. */
  rowOf(first: number): number {
    const { rows, width, pages } = this.table;
    const inPage = rowsOfPage(width);
    const page = lastNotAbove(first, pages.length / 2, (at) => pages[2 * at]!);
    const inside = Math.min(inPage, rows - page * inPage);
    return page * inPage + lastNotAbove(first, inside, (at) => this.row(page * inPage + at)[0]!);
  }

  #read(page: number): void {
    if (page === this.#page) return;
    const { at, rows, width, pages } = this.table;
    const inPage = rowsOfPage(width);
    const length = Math.min(inPage, rows - page * inPage) * width;
    const bytes = this.entry.read(at + page * inPage * width * numberBytes, length * numberBytes);
    if (crc32(bytes) !== pages[2 * page + 1]) throw new CacheDamagedError(`page ${page} of the table at byte ${at}`);
    this.#numbers = Float64Array.from(takerFrom(slabOver(bytes))(Float64Array, length));
    this.#page = page;
  }
}

/** The last of `count` ascending numbers that is not above `limit`; the first if all are. */
function lastNotAbove(limit: number, count: number, numberAt: (index: number) => number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (numberAt(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
