import type { CacheWriter } from "../../cache/cache-store.js";
import { packBlock } from "../../codec/lz4-block.js";
import type { PathColumns } from "../../opensta/path-columns.js";
import { StatisticsTaker } from "./block-statistics.js";
import { EndpointIndexWriter } from "./endpoint-index.js";
import { type BlockEntry, entryNumbers, entryToNumbers } from "./block-entry.js";
import { writeDirectory } from "./path-directory.js";
import { writeTable } from "./paged-table.js";
import { NameCollector } from "./packed-names.js";
import { type BlockNames, blockMemory } from "./stored-paths.js";

/** Of the layout that these files write, and of what the report's kernel reads. */
export const pathFileVersion = 1;

/**
 * Writes the paths of one report in blocks that stand alone, then what finds them.
 *
 *     block (head, rows) …  index of endpoints  table of blocks  directory  trailer
 *
 * Numbers are in the machine's own order: the file never leaves it.
 */
export class PathFileWriter {
  readonly #entries: BlockEntry[] = [];
  readonly #statistics = new StatisticsTaker();
  readonly #endpoints: EndpointIndexWriter;
  #names: BlockNames | null = null;
  #paths = 0;

  constructor(private readonly writer: CacheWriter) {
    this.#endpoints = new EndpointIndexWriter(writer);
  }

  /** Takes a copy of the report's next paths, whose ids are not of the report's names any more after that. */
  add(paths: PathColumns): void {
    const { writer } = this;
    const statistics = this.#statistics.take(paths);
    this.#addEndpoints(paths);
    this.#names ??= { pins: new NameCollector(paths.names.pins), others: new NameCollector(paths.names.others) };
    const memory = blockMemory(paths, this.#names);
    const [head, rows] = [packBlock(memory.head), packBlock(memory.rows)];
    this.#entries.push({
      ...statistics,
      at: writer.bytes,
      headBytes: head.bytes.length,
      headCheck: head.check,
      rowsBytes: rows.bytes.length,
      rowsCheck: rows.check,
      first: this.#paths,
    });
    writer.write(head.bytes);
    writer.write(rows.bytes);
    this.#paths += paths.count;
  }

  /** Writes what makes the blocks found again; nothing follows. */
  finish(): void {
    const endpoints = this.#endpoints.finish();
    const blocks = writeTable(this.writer, Float64Array.from(this.#entries.flatMap(entryToNumbers)), entryNumbers);
    writeDirectory(this.writer, { paths: this.#paths, blocks, bits: this.#statistics.bits, endpoints });
  }

  /** By the pin and by the instance; a port is both. */
  #addEndpoints({ count, endpointAt, endpointLength, texts, endPin, names }: PathColumns): void {
    for (let index = 0; index < count; index++) {
      const ordinal = this.#paths + index;
      const at = endpointAt[index]!;
      const printed = texts.subarray(at, at + endpointLength[index]!);
      this.#endpoints.add(printed, ordinal);
      if (endPin[index]! < 0) continue;
      const pin = names.pins.bytes(endPin[index]!);
      if (!printed.equals(pin)) this.#endpoints.add(pin, ordinal);
    }
  }
}
