import { parsePrinted } from "./printed-number.js";
import { NameTable } from "./name-table.js";
import { PathBatch } from "./path-batch.js";
import { PathRecordParser, startsWith } from "./path-record-parser.js";
import type { EndpointSlack, PathType, ReportNote, TextSpan, TimingFigure } from "./report-records.js";

/** What a scan tells as it goes, in document order; what is left out is not worked for. */
export interface ReportConsumer {
  /** Called when a batch is full, when another kind of record follows, and at the end. */
  paths?(batch: PathBatch): void;
  endpoint?(row: EndpointSlack): void;
  figure?(figure: TimingFigure): void;
  note?(note: ReportNote): void;
  text?(span: TextSpan): void;
}

/** The longest line that is read; what is longer is told and passed over. */
export const lineBytesMax = 1 << 20;

/** Text of one span at most; a longer one comes in several. */
const spanBytesMax = 1 << 16;

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
  #line = 0;
  #latch = false;
  /** Whether any record was seen: what lies between records is a note, what has none is text. */
  #recognised = false;
  #group: { readonly group: string; readonly type: PathType } | null = null;
  #rows = false;
  #text: { byteOffset: number; line: number; parts: string[]; bytes: number } | null = null;

  constructor(private readonly consumer: ReportConsumer) {}

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
      this.#line++;
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
    this.#flushText();
  }

  #take(source: Buffer, from: number, end: number, length: number): void {
    const to = end > from && source[end - 1] === 13 ? end - 1 : end;
    this.#line++;
    if (this.#record.open) this.#inRecord(source, from, to);
    else this.#between(source, from, to);
    this.#offset += length;
  }

  #inRecord(source: Buffer, from: number, to: number): void {
    if (startsWith(source, from, to, "Startpoint: ")) {
      this.#cut();
      this.#begin(source, from, to);
      return;
    }
    const verdict = this.#record.line(source, from, to);
    if (verdict === "ended") {
      if (this.batch.full) this.deliver();
    } else if (verdict === "foreign") {
      if (groupOf(source, from, to)) {
        this.#cut();
        this.#between(source, from, to);
      } else this.#note(textOf(source, from, to));
    }
  }

  #between(source: Buffer, from: number, to: number): void {
    if (startsWith(source, from, to, "Startpoint: ")) {
      this.#flushText();
      this.#begin(source, from, to);
      return;
    }
    if (this.#latch) {
      this.#latch = to > from;
      return;
    }
    if (from === to) {
      this.#rows = false;
      if (this.#text) this.#addText("");
      return;
    }
    if (startsWith(source, from, to, "Time Borrowing Information")) {
      this.#latch = true;
      return;
    }
    if (this.#endReport(source, from, to)) return;
    const figure = figureOf(source, from, to);
    if (figure) {
      this.#recognise();
      this.consumer.figure?.({ ...figure, byteOffset: this.#offset, line: this.#line });
      return;
    }
    this.#other(source, from, to);
  }

  /**
   * report_checks -format end:
   *
   *     max_delay/setup group clk_a
   *
   *                                       Required    Actual
   *     Endpoint                                 Delay     Delay     Slack
   *     ------------------------------------------------------------------
   *     g_lane[0].u_lane/_1996_/D (DFFPOSX1)    4.2848    3.5063    0.7784 (MET)
   */
  #endReport(source: Buffer, from: number, to: number): boolean {
    const group = groupOf(source, from, to);
    if (group) {
      this.#recognise();
      this.#group = group;
      this.#rows = false;
      return true;
    }
    if (!this.#group) return false;
    if (this.#rows) {
      const row = endRow.exec(textOf(source, from, to));
      const [required, actual, slack] = row ? row.slice(3, 6).map(parsePrinted) : [];
      if (!row || !required || !actual || !slack) return false;
      const [, pin, cell] = row as unknown as [string, string, string];
      this.consumer.endpoint?.({
        kind: "endpoint",
        pin,
        cell,
        ...this.#group,
        required,
        actual,
        slack,
        byteOffset: this.#offset,
        line: this.#line,
      });
      return true;
    }
    const text = textOf(source, from, to);
    if (/^-+$/.test(text)) {
      this.#rows = true;
      return true;
    }
    return /^\s+Required\s+Actual\s*$/.test(text) || /^Endpoint\s+Delay\s+Delay\s+Slack\s*$/.test(text);
  }

  #other(source: Buffer, from: number, to: number): void {
    const message = textOf(source, from, Math.min(to, from + 500));
    const tool = /^(?:\[?(?:WARNING|Warning)|\[?(?:ERROR|Error))\b/.test(message);
    if (tool || this.#recognised) this.#note(message);
    if (!tool) this.#addText(this.consumer.text ? textOf(source, from, to) : "");
  }

  #note(message: string): void {
    const code = /^\[?(warning)/i.test(message) ? "warning-line" : /^\[?error/i.test(message) ? "error-line" : "junk";
    this.consumer.note?.({
      severity: code === "error-line" ? "warning" : "info",
      code,
      byteOffset: this.#offset,
      line: this.#line,
      message,
    });
  }

  #begin(source: Buffer, from: number, to: number): void {
    this.#recognised = true;
    this.#latch = false;
    this.#group = null;
    this.#rows = false;
    this.#record.begin(source, from, to, this.#offset, this.#line);
  }

  /** A record of another kind than paths: what came before is delivered first. */
  #recognise(): void {
    this.#recognised = true;
    this.deliver();
    this.#flushText();
  }

  #cut(): void {
    const { batch } = this;
    const endpoint = this.#record.endpoint();
    const byteOffset = batch.byteOffset[batch.count]!;
    const line = batch.line[batch.count]!;
    const short = this.#record.isShort;
    this.#record.discard();
    if (short) return;
    const message = `the record ends at byte ${this.#offset} (line ${this.#line}) without its slack`;
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
      line: this.#line + 1,
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

  #addText(text: string): void {
    this.#text ??= { byteOffset: this.#offset, line: this.#line, parts: [], bytes: 0 };
    this.#text.parts.push(text);
    this.#text.bytes += text.length + 1;
    if (this.#text.bytes > spanBytesMax) this.#flushText();
  }

  #flushText(): void {
    const span = this.#text;
    if (!span) return;
    this.#text = null;
    this.deliver();
    const { byteOffset, line, parts } = span;
    this.consumer.text?.({ kind: "text", byteOffset, line, text: parts.join("\n").trimEnd() });
  }
}

const empty = Buffer.alloc(0);

const endRow = /^(\S+) \((.*?)\)\s+(\S+)\s+(\S+)\s+(\S+)(?: \([A-Z]+\))?\s*$/;

function groupOf(source: Buffer, from: number, to: number): { group: string; type: PathType } | null {
  const first = source[from];
  if (first !== 109) return null;
  if (startsWith(source, from, to, "max_delay/setup group "))
    return { group: textOf(source, from + 22, to).trimEnd(), type: "max" };
  if (startsWith(source, from, to, "min_delay/hold group "))
    return { group: textOf(source, from + 21, to).trimEnd(), type: "min" };
  return null;
}

/** `wns -1.64`, `tns max -264.85`, `worst slack max -1.52`, `worst_slack -1.52` */
function figureOf(source: Buffer, from: number, to: number): Omit<TimingFigure, "byteOffset" | "line"> | null {
  const first = source[from];
  if ((first !== 119 && first !== 116) || to - from > 80) return null;
  const match = /^(wns|tns|worst[ _]slack)(?: (max|min))? (\S+)\s*$/.exec(textOf(source, from, to));
  const value = match && parsePrinted(match[3]!);
  if (!value) return null;
  const name = match[1]!.startsWith("worst") ? "worst_slack" : (match[1] as "wns" | "tns");
  return { kind: "figure", name, type: (match[2] as PathType | undefined) ?? null, value };
}

function textOf(source: Buffer, from: number, to: number): string {
  return source.toString("utf8", from, to);
}
