import { reportFormats } from "./formats/formats.js";
import type { Line } from "./line.js";
import type { ReportFormat, SectionReader } from "./report-format.js";
import type { ReportNote, ReportRecord, TextSpan } from "./report-records.js";

/** What the sections tell; what is left out is not worked for. */
export interface SectionConsumer {
  readonly record?: (record: ReportRecord) => void;
  readonly note?: (note: ReportNote) => void;
  readonly text?: (span: TextSpan) => void;
}

/** Text of one span at most; a longer one comes in several. */
const spanBytesMax = 1 << 16;

/** Leads each line that is no part of a full record to the format that it belongs to; what belongs to none is text. */
export class SectionDispatcher {
  #open: SectionReader | null = null;
  /** Whether any record was seen: what lies between records is a note, what has none is text. */
  #recognised = false;
  #text: { byteOffset: number; line: number; parts: string[]; bytes: number } | null = null;
  readonly #emit = (record: ReportRecord): void => {
    this.#recognised = true;
    this.#flushText();
    this.consumer.record?.(record);
  };

  constructor(
    private readonly consumer: SectionConsumer,
    private readonly formats: readonly ReportFormat[] = reportFormats,
  ) {}

  /** Whether every line matters now, blank ones too. */
  get attentive(): boolean {
    return this.#open !== null || this.#text !== null;
  }

  take(line: Line): void {
    const verdict = this.#open?.take(line) ?? "foreign";
    if (verdict === "ended") this.#open = null;
    if (verdict !== "foreign") return;
    if (line.isBlank) {
      if (this.#text) this.#addText(line);
      return;
    }
    if (!this.#opens(line)) this.#other(line);
  }

  /** Whether `line` begins a section of its own; inside a full record that means the record was cut. */
  begins(line: Line): boolean {
    return this.formats.some((format) => format.open(line, ignore, ignore) !== null);
  }

  /** A full record follows, or the text ended: what is open is closed. */
  close(recognised: boolean): void {
    this.#recognised ||= recognised;
    this.#open?.finish?.();
    this.#open = null;
    this.#flushText();
  }

  /** A line inside a full record that is none of its lines. */
  stray(line: Line): void {
    this.#note(line);
  }

  #opens(line: Line): boolean {
    for (const format of this.formats) {
      const reader = format.open(line, this.#emit, (note) => this.consumer.note?.(note));
      if (!reader) continue;
      this.#open?.finish?.();
      this.#recognised = true;
      this.#flushText();
      this.#open = reader;
      return true;
    }
    return false;
  }

  #other(line: Line): void {
    const tool = toolMessage.test(line.beginning);
    if (tool || this.#recognised) this.#note(line);
    if (!tool) this.#addText(line);
  }

  #note(line: Line): void {
    const message = line.beginning;
    const code = /^\[?warning/i.test(message) ? "warning-line" : /^\[?error/i.test(message) ? "error-line" : "junk";
    const { byteOffset, number } = line;
    const severity = code === "error-line" ? "warning" : "info";
    this.consumer.note?.({ severity, code, byteOffset, line: number, message });
  }

  #addText(line: Line): void {
    this.#text ??= { byteOffset: line.byteOffset, line: line.number, parts: [], bytes: 0 };
    this.#text.parts.push(this.consumer.text ? line.text : "");
    this.#text.bytes += line.to - line.from + 1;
    if (this.#text.bytes > spanBytesMax) this.#flushText();
  }

  #flushText(): void {
    const span = this.#text;
    if (!span) return;
    this.#text = null;
    const { byteOffset, line, parts } = span;
    this.consumer.text?.({ kind: "text", byteOffset, line, text: parts.join("\n").trimEnd() });
  }
}

const ignore = (): void => undefined;

const toolMessage = /^(?:\[?(?:WARNING|Warning)|\[?(?:ERROR|Error))\b/;
