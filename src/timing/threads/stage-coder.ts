import type { LineEncoder } from "../model/line-encoder.js";
import type { ModelCoding, StageModel } from "../model/stage-model.js";
import { FollowingModel } from "./following-model.js";

/** A pin table's text at most; what is longer is coded as several tables. Room is taken for so much once a table is not small. */
const tableBytesMax = 448 << 20;
const smallTableBytes = 8 << 20;

/** A block of the file that is coded: so many bytes of its text. */
export interface CodedBlock {
  readonly coding: ModelCoding;
  readonly raw: number;
  readonly bytes: Uint8Array;
}

/** What a piece of text led to. */
export interface Coded {
  readonly blocks: readonly CodedBlock[];
  /** Text that the model cannot hold; once there is some, all that follows is too. */
  readonly plain: Uint8Array | null;
}

/** Codes the files of one stage, one after the other, by the model of the stages that it stands on. */
export class StageCoder extends FollowingModel {
  #lines: LineEncoder | null = null;
  #table: TableCoder | null = null;

  begin(file: string, coding: ModelCoding): void {
    this.#lines = coding === "lines" ? this.model.encodeLines(file) : null;
    this.#table = coding === "pins" ? new TableCoder(file, this.model) : null;
  }

  push(text: Uint8Array): Coded {
    if (this.#table) return { blocks: this.#table.push(text), plain: null };
    if (!this.#lines) return { blocks: [], plain: text.slice() };
    const blocks = this.#lines.push(text).map(asLines);
    if (!this.#lines.isForeign) return { blocks, plain: null };
    const last = this.finish();
    return { ...last, blocks: [...blocks, ...last.blocks] };
  }

  /** The file has ended. */
  finish(): Coded {
    const [lines, table] = [this.#lines, this.#table];
    this.#lines = this.#table = null;
    if (table) return { blocks: table.finish(), plain: null };
    if (!lines) return { blocks: [], plain: null };
    const blocks = lines.finish().map(asLines);
    const rest = lines.rest();
    return { blocks, plain: lines.isForeign || rest.length > 0 ? rest : null };
  }
}

const asLines = ({ text, bytes }: { readonly text: number; readonly bytes: Uint8Array }): CodedBlock => ({
  coding: "lines",
  raw: text,
  bytes,
});

/** Codes a file that is a table of pins: one block, but for a huge one. */
class TableCoder {
  #small: Uint8Array[] | null = [];
  #bytes = 0;
  #encoder: ReturnType<StageModel["encodePins"]> | null = null;

  constructor(
    private readonly file: string,
    private readonly model: StageModel,
  ) {}

  push(text: Uint8Array): CodedBlock[] {
    if (!this.#small) return this.#take(text, tableBytesMax);
    this.#small.push(Buffer.from(text));
    this.#bytes += text.length;
    return this.#bytes < smallTableBytes ? [] : this.#takeSmall(tableBytesMax);
  }

  finish(): CodedBlock[] {
    const blocks = this.#small ? this.#takeSmall(this.#bytes) : [];
    return this.#encoder ? [...blocks, this.#close()] : blocks;
  }

  #takeSmall(tableMax: number): CodedBlock[] {
    const text = Buffer.concat(this.#small!);
    this.#small = null;
    this.#bytes = 0;
    return this.#take(text, tableMax);
  }

  #take(text: Uint8Array, tableMax: number): CodedBlock[] {
    const blocks: CodedBlock[] = [];
    for (let at = 0; at < text.length;) {
      this.#encoder ??= this.model.encodePins(this.file, tableMax);
      const part = text.subarray(at, at + tableMax - this.#bytes);
      this.#encoder.push(part);
      this.#bytes += part.length;
      at += part.length;
      if (this.#bytes === tableBytesMax) blocks.push(this.#close());
    }
    return blocks;
  }

  #close(): CodedBlock {
    const bytes = this.#encoder!.finish();
    const raw = this.#bytes;
    this.#encoder = null;
    this.#bytes = 0;
    return { coding: "pins", raw, bytes };
  }
}
