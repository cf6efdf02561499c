import { writeLineBlock } from "./line-block.js";
import type { TimingKernel } from "../timing-kernel.js";

/** A block's text at most: what is decoded to read any of it, and what a capture that dies may lose. */
const blockTextMax = 16 << 20;
/** A block's coded bytes, beyond which it is closed. */
const blockCodedMax = 2 << 20;

/** How much text comes together before lines are looked for in it. */
const pieceBytes = 256 << 10;

/** What is written out letter by letter before the share of it is looked at, and the share beyond which lines are no reports. */
const literalBytesMin = 256 << 10;
const literalShareMax = 0.25;

/** A finished block: so many bytes of text, coded. */
export interface CodedLines {
  readonly text: number;
  readonly bytes: Uint8Array;
}

/** Encodes a file's lines block by block. */
export class LineEncoder {
  readonly #parts: Uint8Array[] = [];
  readonly #firstLiteral: number;
  #coded = 0;
  #text = 0;
  #filled = 0;
  /** How much of the window was there already when lines were looked for. */
  #waiting = 0;
  #isOpen = false;
  #firstPin = 0;
  #total = 0;

  constructor(private readonly kernel: TimingKernel) {
    this.#firstLiteral = kernel.literalBytes();
  }

  /** True once the text is no report that is worth coding by lines: `rest` is to be kept otherwise, and all that follows. */
  isForeign = false;

  /** Takes text; answers the blocks that it finished. */
  push(text: Uint8Array): CodedLines[] {
    const blocks: CodedLines[] = [];
    const room = this.kernel.windowBytes.value;
    for (let at = 0; at < text.length && !this.isForeign;) {
      const part = text.subarray(at, at + Math.min(room, this.#waiting + pieceBytes) - this.#filled);
      this.#window().set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < Math.min(room, this.#waiting + pieceBytes)) continue;
      this.#encode(false);
      if (this.isForeign && at < text.length) this.#rest = Buffer.from(text.subarray(at));
      if (this.#text >= blockTextMax || this.#coded >= blockCodedMax) blocks.push(...this.#close());
    }
    return blocks;
  }

  /** The text has ended, or the rest of it is kept otherwise: the last block. */
  finish(): CodedLines[] {
    if (!this.isForeign) this.#encode(true);
    return this.#close();
  }

  /** What is in no block: the beginning of a line without end, or what follows where the lines turned out to be foreign. */
  rest(): Uint8Array {
    return Buffer.concat([this.#window().subarray(0, this.#filled), this.#rest]);
  }
  #rest: Uint8Array = new Uint8Array(0);

  #encode(last: boolean): void {
    const { kernel } = this;
    this.#open();
    const taken = kernel.encode(this.#filled, last);
    this.#drain();
    const window = this.#window();
    window.copyWithin(0, taken, this.#filled);
    this.#filled -= taken;
    this.#waiting = this.#filled;
    this.#text += taken;
    this.#total += taken;
    const literal = kernel.literalBytes() - this.#firstLiteral;
    this.isForeign =
      kernel.isForeign.value !== 0 ||
      (taken === 0 && !last && this.#filled === kernel.windowBytes.value) ||
      (literal > literalBytesMin && literal > literalShareMax * this.#total);
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#firstPin = this.kernel.pinCount();
    this.kernel.startLinesEncoding();
  }

  #close(): CodedLines[] {
    const { kernel } = this;
    if (this.#text === 0) return [];
    kernel.finishLines();
    this.#drain();
    const pinEnd = kernel.pinCount();
    const block = {
      items: kernel.items.value,
      firstPin: this.#firstPin,
      pinEnd,
      ...this.#names(pinEnd),
      lines: Buffer.concat(this.#parts),
    };
    const text = this.#text;
    this.#parts.length = 0;
    this.#coded = 0;
    this.#text = 0;
    this.#isOpen = false;
    return [{ text, bytes: writeLineBlock(block) }];
  }

  #names(pinEnd: number): { names: Uint8Array; namesPlain: Uint8Array } {
    const { kernel } = this;
    if (pinEnd === this.#firstPin) return { names: new Uint8Array(0), namesPlain: new Uint8Array(0) };
    const mark = kernel.mark();
    // A name's bytes at most, and some for what is told of it.
    const most = 65_536 + (pinEnd - this.#firstPin) * 64 + 2 * blockTextMax;
    const codedAt = kernel.allocate(most) >>> 0;
    const plainAt = kernel.allocate(most) >>> 0;
    kernel.startEncoding(codedAt, most, plainAt, most);
    kernel.codeNames(this.#firstPin, pinEnd);
    kernel.finishEncoding();
    const names = this.#copy(codedAt, kernel.codedBytes());
    const namesPlain = this.#copy(plainAt, kernel.plainBytes());
    kernel.release(mark);
    return { names, namesPlain };
  }

  #drain(): void {
    const { kernel } = this;
    const bytes = this.#copy(kernel.codedStart.value, kernel.written());
    kernel.rewind();
    this.#coded += bytes.length;
    if (bytes.length > 0) this.#parts.push(bytes);
  }

  #copy(at: number, length: number): Uint8Array {
    return new Uint8Array(this.kernel.memory.buffer, at >>> 0, length).slice();
  }

  #window(): Buffer {
    const { kernel } = this;
    return Buffer.from(kernel.memory.buffer, kernel.windowStart.value, kernel.windowBytes.value);
  }
}
