import { beginningBytes, type FileForm, formOf } from "./file-form.js";
import type { Checking } from "./model/checking.js";
import type { LineEncoder } from "./model/line-encoder.js";
import type { ModelCoding, StageModel } from "./model/stage-model.js";
import type { PlainBlocks } from "./plain-blocks.js";
import type { BlockDraft } from "./stage-manifest.js";

/** A pin table's text at most; what is longer is coded as several tables. Room is taken for so much once a table is not small. */
const tableBytesMax = 448 << 20;
const smallTableBytes = 8 << 20;

/** Codes one file's text as what its beginning shows it to be, and as general text where it turns out to be something else. */
export class FileCoder {
  #beginning: Uint8Array[] = [];
  #beginningBytes = 0;
  #form: FileForm | null = null;
  #lines: LineEncoder | null = null;
  #pins: ReturnType<StageModel["encodePins"]> | null = null;
  #pinBytes = 0;
  #tableMax = 0;
  /** Where the next block begins in the file's text. */
  #from = 0;

  constructor(
    private readonly file: string,
    private readonly model: StageModel,
    private readonly checking: Checking,
    private readonly plain: PlainBlocks,
    private readonly write: (draft: Promise<BlockDraft>) => Promise<unknown>,
    private readonly isPlain: boolean,
  ) {}

  async push(bytes: Uint8Array): Promise<void> {
    if (this.#form !== null) return await this.#take(bytes);
    this.#beginning.push(Buffer.from(bytes));
    this.#beginningBytes += bytes.length;
    if (this.#beginningBytes < beginningBytes) return;
    const isTable = !this.isPlain && formOf(this.#beginning[0]!) === "pins";
    if (!isTable || this.#beginningBytes >= smallTableBytes) await this.#begin(tableBytesMax);
  }

  async finish(): Promise<void> {
    if (this.#form === null) await this.#begin(this.#beginningBytes);
    if (this.#pins) await this.#closePins();
    if (this.#lines) await this.#closeLines();
    await this.plain.flush();
  }

  async #begin(tableMax: number): Promise<void> {
    this.#tableMax = tableMax;
    const beginning = Buffer.concat(this.#beginning);
    this.#beginning = [];
    this.#form = this.isPlain ? "plain" : formOf(beginning);
    if (this.#form === "lines") this.#lines = this.model.encodeLines(this.file);
    await this.#take(beginning);
  }

  async #take(bytes: Uint8Array): Promise<void> {
    if (this.#form === "pins") return await this.#takePins(bytes);
    if (!this.#lines) return await this.#takePlain(bytes);
    for (const { text, bytes: coded } of this.#lines.push(bytes)) await this.#writeBlock("lines", text, coded);
    if (this.#lines.isForeign) await this.#closeLines();
  }

  async #takePins(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      this.#pins ??= this.model.encodePins(this.file, this.#tableMax);
      const part = bytes.subarray(at, at + this.#tableMax - this.#pinBytes);
      this.#pins.push(part);
      this.#pinBytes += part.length;
      at += part.length;
      if (this.#pinBytes === tableBytesMax) await this.#closePins();
    }
  }

  async #closePins(): Promise<void> {
    const coded = this.#pins!.finish();
    this.#pins = null;
    await this.#writeBlock("pins", this.#pinBytes, coded);
    this.#pinBytes = 0;
  }

  /** What lines cannot hold, and all that follows, is general text. */
  async #closeLines(): Promise<void> {
    const lines = this.#lines!;
    this.#lines = null;
    for (const { text, bytes } of lines.finish()) await this.#writeBlock("lines", text, bytes);
    this.plain.begin(this.#from);
    await this.#takePlain(lines.rest());
  }

  async #takePlain(bytes: Uint8Array): Promise<void> {
    await this.checking.takePlain(bytes);
    await this.plain.push(bytes);
  }

  async #writeBlock(coding: ModelCoding, raw: number, bytes: Uint8Array): Promise<void> {
    const draft = { coding, from: this.#from, raw, bytes };
    this.#from += raw;
    await this.checking.take(coding, this.file, bytes);
    await this.write(Promise.resolve(draft));
  }
}
