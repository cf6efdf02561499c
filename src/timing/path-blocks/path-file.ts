import type { CacheEntry } from "../../cache/cache-store.js";
import { findEndpoint } from "./endpoint-index.js";
import { type BlockEntry, entryFromNumbers } from "./block-entry.js";
import { TableReader } from "./paged-table.js";
import { type PathDirectory, readDirectory, unpackChecked } from "./path-directory.js";
import {
  blockTest,
  endingAt,
  indicesFrom,
  type PathSelection,
  type SelectedPaths,
  selectPaths,
} from "./path-selection.js";
import { StoredPaths } from "./stored-paths.js";

/** The paths of a report as `PathFileWriter` wrote them: what is asked for is read without the rest. */
export class PathFile {
  readonly #directory: PathDirectory;

  /** @throws CacheDamagedError if it is no such file. */
  constructor(private readonly entry: CacheEntry) {
    this.#directory = readDirectory(entry);
  }

  /**
   * The paths that are wanted, from that of ordinal `from` on; a block that was looked at and holds none comes too,
   * without its rows.
   * @throws CacheDamagedError
   */
  *select(selection: PathSelection, from: number): Generator<SelectedPaths> {
    const { endpoint } = selection;
    for (const { block, indices } of this.#candidates(selection, from)) {
      const columns = new StoredPaths(this.#read(block.at, block.headBytes, block.headCheck));
      let wanted = selectPaths(selection, columns, indices);
      if (wanted.length > 0) {
        columns.readRows(this.#read(block.at + block.headBytes, block.rowsBytes, block.rowsCheck));
        if (endpoint !== undefined) wanted = endingAt(endpoint, columns, wanted);
      }
      yield { first: block.first, columns, indices: wanted };
    }
  }

  /** Blocks that may hold what is wanted, and which of their paths. */
  *#candidates(selection: PathSelection, from: number): Generator<{ block: BlockEntry; indices: number[] }> {
    const { paths, bits, endpoints } = this.#directory;
    const mayHold = blockTest(selection, bits);
    if (from >= paths) return;
    const blocks = new TableReader(this.entry, this.#directory.blocks);
    if (selection.endpoint !== undefined) {
      const found = findEndpoint(this.entry, endpoints, selection.endpoint).filter((ordinal) => ordinal >= from);
      for (const [at, ordinals] of Map.groupBy(found, (ordinal) => blocks.rowOf(ordinal))) {
        const block = entryFromNumbers(blocks.row(at));
        if (mayHold(block)) yield { block, indices: ordinals.map((ordinal) => ordinal - block.first) };
      }
      return;
    }
    for (let at = blocks.rowOf(from); at < blocks.rows; at++) {
      const block = entryFromNumbers(blocks.row(at));
      if (mayHold(block)) yield { block, indices: indicesFrom(from - block.first, block.count) };
    }
  }

  #read(at: number, bytes: number, check: number): Uint8Array {
    return unpackChecked(this.entry.read(at, bytes), check);
  }
}
