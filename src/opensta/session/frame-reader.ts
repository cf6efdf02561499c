/** What the child prints, cut at the marks: `\n<mark> <words>\n` ends or opens a command, all else is its text. */
export class FrameReader {
  #carry: Buffer = Buffer.alloc(0);
  #mark: Buffer | null = null;
  /** The pieces of a frame whose line end has not come yet. */
  #frame: Buffer[] | null = null;

  constructor(
    private readonly onText: (bytes: Buffer) => void,
    private readonly onFrame: (words: string) => void,
  ) {}

  /** The mark to look for from now on. */
  expect(mark: string): void {
    this.#mark = Buffer.from(`\n${mark} `);
  }

  push(bytes: Buffer): void {
    if (this.#frame) return this.#inFrame(bytes);
    const mark = this.#mark;
    const text = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : bytes;
    const at = mark ? text.indexOf(mark) : -1;
    // The end of what has come may be the beginning of a mark.
    const whole = at >= 0 ? at : Math.max(0, text.length - (mark ? mark.length - 1 : 0));
    if (whole > 0) this.onText(text.subarray(0, whole));
    this.#carry = at >= 0 ? Buffer.alloc(0) : Buffer.from(text.subarray(whole));
    if (at < 0) return;
    this.#frame = [];
    this.#inFrame(text.subarray(at + mark!.length));
  }

  /** Nothing more will come: what was held back is text. */
  finish(): void {
    if (this.#carry.length > 0) this.onText(this.#carry);
    this.#carry = Buffer.alloc(0);
  }

  #inFrame(bytes: Buffer): void {
    const end = bytes.indexOf(10);
    this.#frame!.push(end < 0 ? Buffer.from(bytes) : bytes.subarray(0, end));
    if (end < 0) return;
    const words = Buffer.concat(this.#frame!).toString();
    this.#frame = null;
    this.onFrame(words);
    if (end + 1 < bytes.length) this.push(bytes.subarray(end + 1));
  }
}
