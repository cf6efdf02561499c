import { Line } from "./line.js";
import { NameTable } from "./name-table.js";
import { PathBatch } from "./path-batch.js";
import { PathRecordParser } from "./path-record-parser.js";
import type { ReportFormat } from "./report-format.js";
import { type SectionConsumer, SectionDispatcher } from "./section-dispatcher.js";

/** What a scan tells as it goes, in document order; what is left out is not worked for. */
export interface ReportConsumer extends SectionConsumer {
  /** Called when a batch is full, when another kind of record follows, and at the end. */
  readonly paths?: (batch: PathBatch) => void;
}

/** The longest line that is read; what is longer is told and passed over. */
export const lineBytesMax = 1 << 20;

/**
 * Reads OpenSTA's reports as bytes, in whatever pieces they come, with memory that does not grow with their size but
 * for the names.
 * @example const scanner = new ReportScanner({ paths: (batch) => use(batch.path(0)) }); scanner.push(bytes); scanner.finish();
 */
export class ReportScanner {
  readonly batch = new PathBatch({ pins: new NameTable(), others: new NameTable() });
  readonly #record = new PathRecordParser(this.batch);
  #carry: Buffer = empty;
  #skipping = false;
  #offset = 0;
  readonly #line = new Line();
  readonly #sections: SectionDispatcher;

  constructor(
    private readonly consumer: ReportConsumer,
    formats?: readonly ReportFormat[],
  ) {
    const { record, text, note } = consumer;
    this.#sections = new SectionDispatcher(
      {
        ...(record ? { record: (seen) => (this.deliver(), record(seen)) } : {}),
        ...(text ? { text: (span) => (this.deliver(), text(span)) } : {}),
        ...(note ? { note } : {}),
      },
      formats,
    );
  }

  push(bytes: Uint8Array): void {
    const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let from = 0;
    if (this.#carry.length > 0) {
      const end = source.indexOf(10);
      const more = end < 0 ? source : source.subarray(0, end);
      if (this.#carry.length + more.length > lineBytesMax) this.#tooLong();
      else if (end < 0) {
        this.#carry = Buffer.concat([this.#carry, more]);
        return;
      } else {
        const line = Buffer.concat([this.#carry, more]);
        this.#carry = empty;
        this.#take(line, 0, line.length, line.length + 1);
        from = end + 1;
      }
    }
    if (this.#skipping) {
      const end = source.indexOf(10);
      this.#offset += end < 0 ? source.length : end + 1;
      if (end < 0) return;
      this.#skipping = false;
      this.#line.number++;
      from = end + 1;
    }
    // Four bytes at a time: a word without a line feed, which most are, costs one look.
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    let at = from;
    for (const last = source.length - 4; at <= last; at += 4) {
      const word = view.getInt32(at, true) ^ 0x0a0a0a0a;
      if (((word - 0x01010101) & ~word & 0x80808080) === 0) continue;
      for (let end = at; end < at + 4; end++) {
        if (source[end] !== 10) continue;
        this.#take(source, from, end, end + 1 - from);
        from = end + 1;
      }
    }
    for (; at < source.length; at++) {
      if (source[at] !== 10) continue;
      this.#take(source, from, at, at + 1 - from);
      from = at + 1;
    }
    if (source.length - from > lineBytesMax) {
      this.#carry = source.subarray(from);
      this.#tooLong();
    } else this.#carry = Buffer.from(source.subarray(from));
  }

  finish(): void {
    if (this.#carry.length > 0) this.#take(this.#carry, 0, this.#carry.length, this.#carry.length);
    this.#carry = empty;
    if (this.#record.open) this.#cut();
    this.deliver();
    this.#sections.close(false);
  }

  #take(source: Buffer, from: number, end: number, length: number): void {
    const line = this.#line;
    line.source = source;
    line.from = from;
    line.to = end > from && source[end - 1] === 13 ? end - 1 : end;
    line.byteOffset = this.#offset;
    line.number++;
    if (this.#record.open) this.#inRecord();
    else this.#between();
    this.#offset += length;
  }

  #inRecord(): void {
    const line = this.#line;
    if (line.startsWith("Startpoint: ")) {
      this.#cut();
      this.#begin();
      return;
    }
    const verdict = this.#record.line(line.source, line.from, line.to);
    if (verdict === "ended") {
      if (this.batch.full) this.deliver();
    } else if (verdict === "foreign") {
      if (this.#sections.begins(line)) {
        this.#cut();
        this.#between();
      } else this.#sections.stray(line);
    }
  }

  #between(): void {
    const line = this.#line;
    if (line.startsWith("Startpoint: ")) {
      this.#sections.close(true);
      this.#begin();
    } else this.#sections.take(line);
  }

  #begin(): void {
    const { source, from, to, byteOffset, number } = this.#line;
    this.#record.begin(source, from, to, byteOffset, number);
  }

  #cut(): void {
    const { batch } = this;
    const endpoint = this.#record.endpoint();
    const byteOffset = batch.byteOffset[batch.count]!;
    const line = batch.line[batch.count]!;
    const short = this.#record.isShort;
    this.#record.discard();
    if (short) return;
    const message = `the record ends at byte ${this.#offset} (line ${this.#line.number}) without its slack`;
    this.consumer.note?.({
      severity: "warning",
      code: "cut-record",
      byteOffset,
      line,
      message,
      ...(endpoint === undefined ? {} : { endpoint }),
    });
  }

  #tooLong(): void {
    const message = `a line is longer than ${lineBytesMax} bytes; it is passed over`;
    this.consumer.note?.({
      severity: "warning",
      code: "long-line",
      byteOffset: this.#offset,
      line: this.#line.number + 1,
      message,
    });
    this.#offset += this.#carry.length;
    this.#carry = empty;
    this.#skipping = true;
  }

  /** Hands over the whole paths read so far. */
  deliver(): void {
    if (this.batch.count === 0) return;
    this.consumer.paths?.(this.batch);
    this.#record.clearBatch();
  }
}

const empty = Buffer.alloc(0);
