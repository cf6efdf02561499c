import { BannerReader, beginsBanner } from "./banner-reader.js";
import { reportFormats } from "./formats/formats.js";
import type { Line } from "./line.js";
import type { ReportFormat, SectionReader } from "./report-format.js";
import type { ReportNote, ReportRecord, TextSpan } from "./report-records.js";
import { ToolMessageReader } from "./tool-message.js";

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
  readonly #banner = new BannerReader();
  readonly #tell = (note: ReportNote): void => this.consumer.note?.(note);
  readonly #messages = new ToolMessageReader(this.#tell);
  readonly #emit = (record: ReportRecord): void => {
    this.#recognised = true;
    this.#messages.finish();
    this.#flushText();
    this.consumer.record?.(record);
  };

  constructor(
    private readonly consumer: SectionConsumer,
    private readonly formats: readonly ReportFormat[] = reportFormats,
  ) {}

  /** Whether every line matters now, blank ones too. */
  get attentive(): boolean {
    return this.#open !== null || this.#text !== null || this.#messages.isOpen || this.#banner.isOpen;
  }

  take(line: Line): void {
    if (!this.#framed(line)) this.#lead(line);
  }

  /** Whether `line` begins a section of its own; inside a full record that means the record was cut. */
  begins(line: Line): boolean {
    return beginsBanner(line) || this.#isOpening(line);
  }

  /** A full record follows, or the text ended: what is open is closed. */
  close(recognised: boolean): void {
    this.#release();
    this.#messages.finish();
    this.#recognised ||= recognised;
    this.#closeSection();
    this.#flushText();
  }

  /** A line inside a full record that is none of its lines. */
  stray(line: Line): void {
    if (this.#messages.take(line)) this.#messages.finish();
    else this.#junk(line);
  }

  /** Whether the line is part of a frame around a title, or may be. */
  #framed(line: Line): boolean {
    // What begins a section of its own is no title.
    if (this.#banner.isOpen && this.#isOpening(line)) this.#release();
    const banner = this.#banner.take(line);
    if (banner === "none") this.#release();
    if (banner === "held" || banner === "none") return banner === "held" || this.#banner.take(line) === "held";
    this.#closeSection();
    this.#emit(banner);
    return true;
  }

  #release(): void {
    for (const line of this.#banner.release()) this.#lead(line);
  }

  #lead(line: Line): void {
    const verdict = this.#open?.take(line) ?? "foreign";
    if (verdict === "ended") this.#open = null;
    if (verdict !== "foreign") this.#messages.finish();
    else if (line.isBlank) {
      this.#messages.finish();
      if (this.#text) this.#addText(line);
    } else if (!this.#opens(line) && !this.#messages.take(line)) {
      if (this.#recognised) this.#junk(line);
      this.#addText(line);
    }
  }

  #isOpening(line: Line): boolean {
    return this.formats.some((format) => format.open(line, ignore, ignore) !== null);
  }

  #opens(line: Line): boolean {
    for (const format of this.formats) {
      const reader = format.open(line, this.#emit, this.#tell);
      if (!reader) continue;
      this.#messages.finish();
      this.#closeSection();
      this.#recognised = true;
      this.#flushText();
      this.#open = reader;
      return true;
    }
    return false;
  }

  #closeSection(): void {
    this.#open?.finish?.();
    this.#open = null;
  }

  #junk(line: Line): void {
    const { byteOffset, number, beginning: message } = line;
    this.#tell({ severity: "info", code: "junk", byteOffset, line: number, message });
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
