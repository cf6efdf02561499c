/** Characters that tell lines apart which may begin with any name. */
type Mark = " " | "^" | ">" | "=";

const markBits = new Uint8Array(256);
for (const [at, mark] of Array.from(" ^>=").entries()) markBits[mark.charCodeAt(0)] = 1 << at;

/** Shorter lines hold nothing up, whatever is in them. */
const raggedBytes = 1024;
const gapBytesMax = 200;

/** One line of a report, where it stands among the bytes. The scanner uses one object for all: read it, do not keep it. */
export class Line {
  source: Buffer = Buffer.alloc(0);
  /** Without the line feed, and without a carriage return before it. */
  from = 0;
  to = 0;
  /** Where it begins in the whole text: bytes from 0, lines from 1. */
  byteOffset = 0;
  number = 0;
  #marksOf = 0;
  #marks = 0;

  get isBlank(): boolean {
    return this.from === this.to;
  }

  /** The first byte, or -1. */
  get first(): number {
    return this.from < this.to ? this.source[this.from]! : -1;
  }

  /** The line as text; bytes that are no UTF-8 come out as U+FFFD. */
  get text(): string {
    return this.source.toString("utf8", this.from, this.to);
  }

  /** The text of its first 500 bytes: enough to tell what it is. */
  get beginning(): string {
    return this.source.toString("utf8", this.from, Math.min(this.to, this.from + 500));
  }

  /** The last byte, or -1. */
  get last(): number {
    return this.from < this.to ? this.source[this.to - 1]! : -1;
  }

  /** Whether the character is anywhere in it: found once for all who ask. */
  holds(mark: Mark): boolean {
    if (this.#marksOf !== this.number) {
      this.#marksOf = this.number;
      this.#marks = 0;
      for (let at = this.from; at < this.to; at++) this.#marks |= markBits[this.source[at]!]!;
    }
    return (this.#marks & markBits[mark.charCodeAt(0)]!) !== 0;
  }

  /** No row of any report: it has a gap wider than any column, and an expression would take long over it. */
  get isRagged(): boolean {
    if (this.to - this.from < raggedBytes) return false;
    let blanks = 0;
    for (let at = this.from; at < this.to; at++) {
      const byte = this.source[at]!;
      blanks = byte === 32 || (byte >= 9 && byte <= 13) ? blanks + 1 : 0;
      if (blanks > gapBytesMax) return true;
    }
    return false;
  }

  /** Where it begins, as records tell it. */
  get place(): { readonly byteOffset: number; readonly line: number } {
    return { byteOffset: this.byteOffset, line: this.number };
  }

  /** The same line on bytes of its own, to keep. */
  copy(): Line {
    const line = new Line();
    line.source = Buffer.from(this.source.subarray(this.from, this.to));
    line.to = line.source.length;
    line.byteOffset = this.byteOffset;
    line.number = this.number;
    return line;
  }

  startsWith(text: string): boolean {
    return startsWith(this.source, this.from, this.to, text);
  }

  /** What follows the first `length` bytes, without the blanks at its end. */
  after(length: number): string {
    return this.source.toString("utf8", this.from + length, this.to).trimEnd();
  }
}

/** Whether `source[from, to)` begins with `text` (ASCII). */
export function startsWith(source: Uint8Array, from: number, to: number, text: string): boolean {
  if (to - from < text.length) return false;
  for (let at = 0; at < text.length; at++) if (source[from + at] !== text.charCodeAt(at)) return false;
  return true;
}
