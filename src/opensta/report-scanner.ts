import { type ByteReader, type ByteSource, isByteReader } from "./byte-source.js";
import { type EndConsumer, EndRows } from "./end-rows.js";
import { Line } from "./line.js";
import { PathBatch } from "./path-batch.js";
import { Attention, type ReportKernel, releaseKernel, Stop, takeKernel } from "./report-kernel.js";
import type { ReportFormat } from "./report-format.js";
import { type SectionConsumer, SectionDispatcher } from "./section-dispatcher.js";

/** What a scan tells as it goes, in document order; what is left out is not worked for. */
export interface ReportConsumer extends SectionConsumer, EndConsumer {
  /** Called when a batch is full, when another kind of record follows, and at the end. */
  readonly paths?: (batch: PathBatch) => void;
  /** False where the paths need no rows: of their pins only the end pins get ids then, which is quicker and takes less room. */
  readonly pathRows?: boolean;
}

/** The longest line that is read; what is longer is told and passed over. */
export const lineBytesMax = 1 << 20;

/** What the kernel's window takes at a time: small enough to stay in the processor's cache. */
const pieceBytes = 1 << 17;
/** The same where it is filled by the source itself: each filling costs a turn of the event loop. */
const filledBytes = 1 << 20;

/**
 * Reads OpenSTA's reports as bytes, in whatever pieces they come, with memory that does not grow with their size but
 * for the names. The records of -format full, full_clock and full_clock_expanded are read by the kernel:
 *
 *     Startpoint: b[1] (input port clocked by clk_a)
 *     Endpoint: _7913_ (rising edge-triggered flip-flop clocked by clk_a)
 *     Path Group: io_in
 *     Path Type: max
 *     Corner: slow
 *
 *       Delay    Time   Description
 *     ---------------------------------------------------------
 *        0.00    0.00   clock clk_a (rise edge)
 *        0.19    1.44 v _2859_/Y (AND2X1)
 *                3.48   data arrival time
 *
 *        4.00    4.00   clock clk_a (rise edge)
 *                4.31   data required time
 *     ---------------------------------------------------------
 *                4.31   data required time
 *               -3.48   data arrival time
 *     ---------------------------------------------------------
 *                0.82   slack (MET)
 *
 * Columns are found by where the header's words end; 2.0.17 prints some rows one column to the left of it. All other
 * lines go to the formats.
 * @example const scanner = new ReportScanner({ paths: (batch) => use(batch.path(0)) }); scanner.push(bytes); scanner.finish(); scanner.close();
 */
export class ReportScanner {
  /** While it is set, lines outside of path records are counted, and not looked at. */
  isQuiet = false;
  readonly batch: PathBatch;
  readonly #ends: EndRows;
  readonly #kernel: ReportKernel = takeKernel();
  readonly #line = new Line();
  readonly #sections: SectionDispatcher;
  #window: Buffer = Buffer.alloc(0);
  /** Bytes of a line without end that wait at the window's front. */
  #waiting = 0;
  /** Where the window's first byte is in the text. */
  #offset = 0;
  /** Inside a line that is too long. */
  #skipping = false;
  /** The text's last line, if no line feed ends it; known after `finish`. */
  unended: { readonly byteOffset: number; readonly line: number } | null = null;
  #closed = false;

  constructor(
    private readonly consumer: ReportConsumer,
    formats?: readonly ReportFormat[],
  ) {
    this.batch = new PathBatch(this.#kernel);
    this.#ends = new EndRows(this.#kernel, this.batch.names, consumer);
    this.#kernel.keepRows(consumer.pathRows ?? true);
    const { record, endpoints, text, note } = consumer;
    this.#sections = new SectionDispatcher(
      {
        ...(record || endpoints
          ? {
              record: (seen) => {
                this.deliver();
                if (seen.kind === "endpoint") this.#ends.tell(seen);
                else record?.(seen);
              },
            }
          : {}),
        ...(text ? { text: (span) => (this.deliver(), text(span)) } : {}),
        ...(note ? { note } : {}),
      },
      formats,
    );
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) this.#take(bytes.subarray(at, at + pieceBytes));
  }

  /** Takes all of a source, to its end. */
  async readAll(source: ByteSource): Promise<void> {
    if (!isByteReader(source)) for await (const bytes of source) this.push(bytes);
    else
      try {
        for (let count = await this.#fill(source); count > 0; count = await this.#fill(source)) this.#advance(count);
      } finally {
        await source.close();
      }
    this.finish();
  }

  /** The text has ended: what was read is delivered. */
  finish(): void {
    const end = this.#offset + this.#waiting;
    if (this.#waiting > 0) {
      this.unended = { byteOffset: this.#offset, line: this.#kernel.lines.value + 1 };
      this.#take(lineFeed);
    }
    if (this.#kernel.isOpen()) this.#giveUp("cut-record", end, this.#kernel.lines.value, "ends here without its slack");
    this.deliver();
    this.#sections.close(false);
  }

  /** Gives the kernel back, with all its names: nothing that the scanner has told of is to be read any more. */
  close(): void {
    if (!this.#closed) releaseKernel(this.#kernel);
    this.#closed = true;
  }

  /** Whole paths read and not yet handed over, and all rows read. */
  get waiting(): { readonly paths: number; readonly rows: number } {
    return { paths: this.#kernel.pathCount(), rows: this.#kernel.rowCount() };
  }

  /** Hands over the whole paths read so far. */
  deliver(): void {
    if (this.#closed || this.#kernel.pathCount() === 0) return;
    this.batch.refresh();
    this.consumer.paths?.(this.batch);
    this.#kernel.clearBatch();
  }

  #take(bytes: Uint8Array): void {
    this.#seeWindow().set(bytes, this.#waiting);
    this.#advance(bytes.length);
  }

  async #fill(source: ByteReader): Promise<number> {
    return await source.readInto(this.#seeWindow().subarray(this.#waiting, this.#waiting + filledBytes));
  }

  /** Scans what was put behind the bytes that wait. */
  #advance(count: number): void {
    const end = this.#waiting + count;
    const from = this.#skipping ? this.#skip(end) : this.#isMark(end) ? 3 : 0;
    const start = this.#kernel.windowStart.value;
    this.#keep(from === end ? end : this.#scan(start + from, start + end) - start, end);
  }

  /** Passes over the rest of a line that is too long; answers where the next one begins. */
  #skip(end: number): number {
    const feed = this.#seeWindow().subarray(0, end).indexOf(10);
    this.#keepText(feed < 0 ? end : feed);
    if (feed < 0) return end;
    this.#skipping = false;
    this.#kernel.lines.value++;
    return feed + 1;
  }

  /** What is left of the window is the beginning of a line: it goes to the front. */
  #keep(from: number, to: number): void {
    const window = this.#seeWindow();
    this.#offset += from;
    this.#waiting = to - from;
    if (from > 0) window.copyWithin(0, from, to);
    if (this.#waiting > lineBytesMax) this.#tooLong();
  }

  /** Scans until a whole line is wanting; answers where it begins. */
  #scan(from: number, end: number): number {
    const kernel = this.#kernel;
    let at = from;
    for (;;) {
      const table = this.isQuiet ? null : this.#sections.endTable;
      if (table) {
        this.deliver();
        at = this.#ends.read(at, end, this.#offset, table);
      }
      const stop = kernel.scan(at, end, this.#offset, this.#attention());
      if (stop === Stop.needsMore) return kernel.resume.value;
      if (stop === Stop.batchFull) this.deliver();
      else this.#stopped(stop);
      at = kernel.resume.value;
    }
  }

  /** Where only paths are asked for, lines outside of records are not looked at. */
  #attention(): Attention {
    const { record, endpoints, note, text } = this.consumer;
    if (this.isQuiet || (!record && !endpoints && !note && !text)) return Attention.none;
    return this.#sections.attentive ? Attention.all : Attention.marked;
  }

  #stopped(stop: number): void {
    const line = this.#seeLine();
    switch (stop) {
      case Stop.lineOutside:
        if (line.startsWith("Startpoint: ")) {
          this.#sections.close(true);
          this.#kernel.again();
        } else this.#sections.take(line);
        return;
      case Stop.lineForeign:
        if (this.#sections.begins(line)) {
          this.#cut();
          this.#sections.take(line);
        } else this.#sections.stray(line);
        return;
      case Stop.recordShort:
        this.#short();
        return;
      case Stop.recordTooLong:
        this.#giveUp("long-record", line.byteOffset, line.number, "has more rows than a path can have");
        return;
      default:
        this.#cut();
    }
  }

  #short(): void {
    this.deliver();
    this.batch.refresh();
    this.#sections.close(true);
    this.consumer.record?.(this.batch.shortPath());
    this.#kernel.discard();
  }

  /** The line that was stopped at is no part of the record before it, which has not ended. */
  #cut(): void {
    this.#giveUp("cut-record", this.#line.byteOffset, this.#line.number, "ends here without its slack");
  }

  #giveUp(code: "cut-record" | "long-record", byte: number, atLine: number, why: string): void {
    const { batch } = this;
    batch.refresh();
    this.#kernel.discard();
    const { byteOffset, line, endpoint } = batch.shortPath();
    const message = `at byte ${byte} (line ${atLine}) the record ${why}`;
    const named = endpoint === "" ? {} : { endpoint };
    this.consumer.note?.({ severity: "warning", code, byteOffset, line, message, ...named });
  }

  #tooLong(): void {
    const message = `a line is longer than ${lineBytesMax} bytes; it is kept as text`;
    const line = this.#kernel.lines.value + 1;
    this.consumer.note?.({ severity: "warning", code: "long-line", byteOffset: this.#offset, line, message });
    this.#keepText(this.#waiting);
    this.#offset += this.#waiting;
    this.#waiting = 0;
    this.#skipping = true;
  }

  /** A line that is too long is text, in several spans. */
  #keepText(bytes: number): void {
    if (bytes === 0 || !this.consumer.text) return;
    this.deliver();
    const text = this.#seeWindow().toString("utf8", 0, bytes);
    this.consumer.text({ kind: "text", byteOffset: this.#offset, line: this.#kernel.lines.value + 1, text });
  }

  /** A byte order mark is no part of the first line. */
  #isMark(end: number): boolean {
    return this.#offset === 0 && end >= 3 && this.#seeWindow().compare(mark, 0, 3, 0, 3) === 0;
  }

  #seeWindow(): Buffer {
    const { buffer } = this.#kernel.memory;
    if (this.#window.buffer !== buffer)
      this.#window = Buffer.from(buffer, this.#kernel.windowStart.value, this.#kernel.windowBytes.value);
    return this.#window;
  }

  /** The line that the kernel stopped at. */
  #seeLine(): Line {
    const line = this.#line;
    const start = this.#kernel.windowStart.value;
    line.source = this.#seeWindow();
    line.from = this.#kernel.lineFrom.value - start;
    line.to = this.#kernel.lineTo.value - start;
    line.byteOffset = this.#offset + line.from;
    line.number = this.#kernel.lines.value;
    return line;
  }
}

const lineFeed = Uint8Array.of(10);
const mark = Uint8Array.of(0xef, 0xbb, 0xbf);
