/** One line of a report, where it stands among the bytes. The scanner uses one object for all: read it, do not keep it. */
export class Line {
  source: Buffer = Buffer.alloc(0);
  /** Without the line feed, and without a carriage return before it. */
  from = 0;
  to = 0;
  /** Where it begins in the whole text: bytes from 0, lines from 1. */
  byteOffset = 0;
  number = 0;

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

  /** A line of its own, to be kept. */
  copy(): Line {
    const kept = new Line();
    kept.source = Buffer.from(this.source.subarray(this.from, this.to));
    kept.to = kept.source.length;
    kept.byteOffset = this.byteOffset;
    kept.number = this.number;
    return kept;
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
