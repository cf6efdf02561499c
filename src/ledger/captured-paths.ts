import { setImmediate as nextTurn } from "node:timers/promises";
import type { SealedFile } from "../../schemas/stage-seal.js";
import type { Cache } from "../cache/cache.js";
import { CacheDamagedError, type CacheEntry, type CacheKey } from "../cache/cache-store.js";
import { PathFile } from "../timing/path-blocks/path-file.js";
import { PathFileWriter, pathFileVersion } from "../timing/path-blocks/path-file-writer.js";
import {
  endingAt,
  indicesFrom,
  type PathSelection,
  type SelectedPaths,
  selectPaths,
} from "../timing/path-blocks/path-selection.js";
import { pathsOfText } from "../timing/path-blocks/paths-of-text.js";
import type { Ledger } from "./ledger.js";
import { type CommittedRow, openStage } from "./stage-access.js";
import type { StageReader } from "../timing/stage-reader.js";

/** How far the first reading of a report has come, in bytes of its text. */
export interface PathProgress {
  readonly file: string;
  readonly bytes: number;
  readonly bytesOfAll: number;
}

/** Milliseconds of reading after which others of the process get their turn. */
const turnMs = 10;

/** An entry that is damaged is made again so many times; after that the text is read. */
const attemptsMax = 2;

/** A stage that is opened when its text is wanted, which is seldom, and once: a reader goes on where it stopped. */
export class StageText {
  #reader: Promise<StageReader> | null = null;

  constructor(
    private readonly ledger: Ledger,
    private readonly row: CommittedRow,
    private readonly onProgress: (progress: PathProgress) => void = () => undefined,
  ) {}

  async *stream({ name, rawBytes }: SealedFile): AsyncGenerator<Uint8Array> {
    const reader = await (this.#reader ??= openStage(this.ledger, this.row));
    let bytes = 0;
    for await (const piece of reader.stream(name)) {
      this.onProgress({ file: name, bytes, bytesOfAll: rawBytes });
      yield piece;
      bytes += piece.length;
    }
  }
}

/** The paths of one captured report: read as text once, from then on from the cache. */
export class CapturedPaths {
  readonly #key: CacheKey;

  constructor(
    private readonly cache: Cache,
    private readonly text: StageText,
    private readonly file: SealedFile,
  ) {
    this.#key = { kind: "paths", version: pathFileVersion, of: file.sha256 };
  }

  /**
   * Those that are wanted, in the order of the report, from that of ordinal `from` on. Columns are good until the next
   * ones are asked for.
   * @throws BlockDamagedError if the stage has to be read, and is damaged.
   */
  async *select(selection: PathSelection, from = 0): AsyncGenerator<SelectedPaths> {
    let next = from;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const entry = await this.#open();
      if (!entry) break;
      let turn = performance.now();
      try {
        for (const paths of new PathFile(entry).select(selection, next)) {
          if (paths.indices.length > 0) yield paths;
          next = Math.max(next, paths.first + paths.columns.count);
          if (performance.now() - turn < turnMs) continue;
          await nextTurn();
          turn = performance.now();
        }
        return;
      } catch (error) {
        if (!(error instanceof CacheDamagedError)) throw error;
        this.cache.remove(this.#key);
      } finally {
        entry.close();
      }
    }
    yield* this.#selectFromText(selection, next);
  }

  async #open(): Promise<CacheEntry | null> {
    return await this.cache.openOrFill(this.#key, async (cacheWriter) => {
      const writer = new PathFileWriter(cacheWriter);
      for await (const paths of pathsOfText(this.text.stream(this.file))) writer.add(paths);
      writer.finish();
    });
  }

  /** Where nothing can be kept: the way without the cache. */
  async *#selectFromText(selection: PathSelection, from: number): AsyncGenerator<SelectedPaths> {
    const { endpoint } = selection;
    let first = 0;
    for await (const columns of pathsOfText(this.text.stream(this.file))) {
      const wanted = selectPaths(selection, columns, indicesFrom(from - first, columns.count));
      const selected = endpoint === undefined ? wanted : endingAt(endpoint, columns, wanted);
      if (selected.length > 0) yield { first, columns, indices: selected };
      first += columns.count;
    }
  }
}
