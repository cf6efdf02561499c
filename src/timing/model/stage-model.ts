import { decodePinTable } from "../pins/decode-pin-table.js";
import { PinNames } from "../pins/pin-names.js";
import { PinTable, type PinTableShape } from "../pins/pin-table.js";
import { PinTableEncoder } from "../pins/pin-table-encoder.js";
import { readLineBlock } from "./line-block.js";
import { LineEncoder } from "./line-encoder.js";
import type { StateReader, StateWriter } from "./state-file.js";
import { kernelDigest, releaseKernel, takeKernel, type TimingKernel } from "../timing-kernel.js";
import { loadKernel, saveKernel } from "./kernel-state.js";

/** What is kept of a model beside its kernel and its tables' columns. */
interface Header {
  readonly kernel: string;
  readonly hasTable: boolean;
  readonly places: readonly (readonly [file: string, place: number])[];
  readonly tables: readonly PinTableShape[];
  readonly lastTable: number | null;
  readonly tableOfFile: readonly (readonly [file: string, table: number])[];
}

const readHeader = (file: StateReader) => JSON.parse(file.next().toString("utf8")) as Header;

/** How a block of a stage is coded: as general text, or as what the model of the stages before expects. */
export type ModelCoding = "lines" | "pins";

/**
 * What is known of a chain of stages: names, circuit, paths. Each block is coded as the continuation of all blocks before
 * it, so a model serves one chain, and both sides feed it the same blocks in the same order.
 * @example const model = new StageModel(); model.nextStage(); for (const text of model.decode("lines", "max.rpt", bytes)) print(text);
 */
export class StageModel {
  readonly #names: PinNames;
  /** Tables and places of the files of the stage before, replaced by this stage's own as they come. */
  readonly #tables = new Map<string, PinTable>();
  readonly #places = new Map<string, number>();
  #lastTable: PinTable | null = null;
  #hasTable = false;
  #file = "";

  constructor(readonly kernel: TimingKernel = takeKernel()) {
    this.#names = new PinNames(kernel);
  }

  /**
   * A model as `save` has kept it.
   * @throws Error if the file is damaged, cut, or of another version.
   */
  static load(file: StateReader): StageModel {
    const { kernel: digest, hasTable, places, tables, lastTable, tableOfFile } = readHeader(file);
    if (digest !== kernelDigest()) throw new Error("the model is of another version");
    const model = new StageModel(loadKernel(file));
    const loaded = tables.map((shape) => PinTable.load(model.#names, shape, file));
    model.#hasTable = hasTable;
    model.#lastTable = lastTable === null ? null : loaded[lastTable]!;
    for (const [name, place] of places) model.#places.set(name, place);
    for (const [name, table] of tableOfFile) model.#tables.set(name, loaded[table]!);
    return model;
  }

  /** Keeps all that the model knows, between two stages. */
  save(file: StateWriter): void {
    this.#names.enter(undefined);
    const tables = [...new Set([...this.#tables.values(), ...(this.#lastTable ? [this.#lastTable] : [])])];
    const header: Header = {
      kernel: kernelDigest(),
      hasTable: this.#hasTable,
      places: [...this.#places],
      tables: tables.map((table) => table.shape),
      lastTable: this.#lastTable && tables.indexOf(this.#lastTable),
      tableOfFile: [...this.#tables].map(([name, table]) => [name, tables.indexOf(table)]),
    };
    file.write(Buffer.from(JSON.stringify(header)));
    saveKernel(this.kernel, file);
    for (const table of tables) table.save(file);
  }

  /** Nobody uses the model any more. */
  close(): void {
    releaseKernel(this.kernel);
  }

  /** What follows belongs to the next stage of the chain. */
  nextStage(): void {
    this.kernel.nextStage();
    this.#hasTable = false;
    this.#file = "";
  }

  /** Begins to encode a file's lines. */
  encodeLines(file: string): LineEncoder {
    this.#beginFile(file);
    return new LineEncoder(this.kernel);
  }

  /** Encodes a table of pins of at most so many bytes. */
  encodePins(file: string, textBytesMax: number): { push(text: Uint8Array): void; finish(): Uint8Array } {
    const encoder = new PinTableEncoder(this.#names, this.#baseTable(file), textBytesMax);
    return {
      push: (text) => encoder.push(text),
      finish: () => {
        const { bytes, table } = encoder.finish();
        this.#took(file, table);
        return bytes;
      },
    };
  }

  /**
   * Decodes a file's next block; its text comes in pieces that are good until the next one is asked for. Where the text is
   * not wanted, nothing comes.
   * @throws Error if the bytes are not what was written.
   */
  *decode(coding: ModelCoding, file: string, bytes: Uint8Array, wantsText = true): Generator<Uint8Array> {
    if (coding === "pins") {
      const table = decodePinTable(bytes, this.#names, this.#baseTable(file));
      this.#took(file, table);
      if (wantsText) yield* table.pieces();
      return;
    }
    this.#beginFile(file);
    yield* this.#decodeLines(bytes, wantsText);
  }

  *#decodeLines(bytes: Uint8Array, wantsText: boolean): Generator<Uint8Array> {
    const { kernel } = this;
    const block = readLineBlock(bytes);
    if (block.firstPin !== kernel.pinCount()) throw new Error("the block stands on other names");
    if (block.lines.length > kernel.linesCodedBytes.value) throw new Error("the block is too large");
    this.#decodeNames(block.names, block.namesPlain, block.firstPin, block.pinEnd);
    new Uint8Array(kernel.memory.buffer).set(block.lines, kernel.codedStart.value);
    kernel.startLinesDecoding(block.lines.length);
    while (kernel.items.value < block.items) {
      const before = kernel.items.value;
      const length = kernel.decode(block.items - before, wantsText);
      if (length < 0 || kernel.items.value === before) throw new Error("the block's lines are damaged");
      if (length > 0) yield Buffer.from(kernel.memory.buffer, kernel.windowStart.value, length);
    }
  }

  #decodeNames(coded: Uint8Array, plain: Uint8Array, from: number, to: number): void {
    const { kernel } = this;
    if (to === from) return;
    const mark = kernel.mark();
    const codedAt = kernel.allocate(coded.length + 64) >>> 0;
    const plainAt = kernel.allocate(plain.length + 64) >>> 0;
    const memory = new Uint8Array(kernel.memory.buffer);
    memory.set(coded, codedAt);
    memory.set(plain, plainAt);
    kernel.startDecoding(codedAt, coded.length, plainAt, plain.length);
    const isSound = kernel.codeNames(from, to) !== 0 && kernel.pinCount() === to;
    kernel.release(mark);
    if (!isSound) throw new Error("the block's names are damaged");
  }

  #beginFile(file: string): void {
    if (file === this.#file) return;
    this.#file = file;
    this.kernel.beginFile(this.#places.get(file) ?? -1);
    this.#places.set(file, this.kernel.filePlace());
  }

  /** The table that this file's is likely to resemble: its own of the stage before, else the one read last. */
  #baseTable(file: string): PinTable | null {
    return this.#tables.get(file) ?? this.#lastTable;
  }

  #took(file: string, table: PinTable): void {
    this.#tables.set(file, table);
    this.#lastTable = table;
    if (this.#hasTable || !table.shape.layout.hasSlacks) return;
    this.#hasTable = true;
    this.kernel.adoptTable();
  }
}
