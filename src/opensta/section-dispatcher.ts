import { BannerReader, beginsBanner } from "./banner-reader.js";
import { reportFormats } from "./formats/formats.js";
import type { EndTable } from "./end-batch.js";
import type { Line } from "./line.js";
import type { LineVerdict, ReportFormat, SectionReader } from "./report-format.js";
import type { ReportNote, ReportRecord, TextSpan } from "./report-records.js";
import { SectionAttempt } from "./section-attempt.js";
import { readToolMessage, ToolMessageReader } from "./tool-message.js";

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
  /** By the first byte of the line. */
  readonly #formats: readonly (readonly ReportFormat[])[];
  #open: SectionReader | null = null;
  /** Waits for the line that decides. */
  #attempt: SectionAttempt | null = null;
  /** The same among the lines of a full record, and one that the line at hand has proven. */
  #suspect: SectionAttempt | null = null;
  #proven: { readonly attempt: SectionAttempt; readonly verdict: LineVerdict } | null = null;
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
  /** For the next section that begins. */
  #spare = new SectionAttempt(this.#emit, this.#tell);

  constructor(
    private readonly consumer: SectionConsumer,
    formats: readonly ReportFormat[] = reportFormats,
  ) {
    this.#formats = Array.from({ length: 256 }, (_, byte) =>
      formats.filter(({ initials }) => initials === undefined || initials.includes(String.fromCharCode(byte))),
    );
  }

  /** Whether every line matters now, blank ones too. */
  get attentive(): boolean {
    const section = this.#open !== null || this.#attempt !== null;
    return section || this.#text !== null || this.#messages.isOpen || this.#banner.isOpen;
  }

  /** The end table to which a plain row that follows belongs, and nothing else is to be told of it; null if there is none. */
  get endTable(): EndTable | null {
    const table = this.#open?.endTable ?? null;
    if (table === null || this.#attempt || this.#text || this.#messages.isOpen || this.#banner.isOpen) return null;
    return table;
  }

  take(line: Line): void {
    this.#suspect = null;
    if (this.#proven) {
      const { attempt, verdict } = this.#proven;
      this.#proven = null;
      this.#begin(attempt, verdict);
    } else if (!this.#framed(line)) this.#lead(line);
  }

  /**
   * Whether `line` begins a section of its own; inside a full record that means the record was cut. Where the line is no
   * proof, the next of these lines may be.
   */
  begins(line: Line): boolean {
    if (line.isRagged) return false;
    if (beginsBanner(line)) return true;
    const suspect = this.#suspect;
    this.#suspect = null;
    const verdict = suspect?.take(line) ?? "foreign";
    if (suspect && (verdict === "taken" || verdict === "ended")) {
      this.#proven = { attempt: suspect, verdict };
      return true;
    }
    const attempt = this.#attemptAt(line);
    if (attempt?.first) this.#suspect = attempt;
    return attempt !== null && attempt.first === null;
  }

  /** A full record follows, or the text ended: what is open is closed. */
  close(recognised: boolean): void {
    this.#suspect = null;
    this.#release();
    this.#withdraw();
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
    // What surely begins a section of its own is no title.
    if (this.#banner.isOpen && this.#attemptAt(line)?.first === null) this.#release();
    const banner = this.#banner.take(line);
    if (banner === "none") this.#release();
    if (banner === "held" || banner === "none") return banner === "held" || this.#banner.take(line) === "held";
    this.#withdraw();
    this.#closeSection();
    this.#emit(banner);
    return true;
  }

  #release(): void {
    for (const line of this.#banner.release()) this.#lead(line);
  }

  #lead(line: Line): void {
    if (line.isRagged) {
      this.#other(line);
      return;
    }
    if (this.#attempt && this.#decides(this.#attempt, line)) return;
    const verdict = this.#open?.take(line) ?? "foreign";
    if (verdict === "ended") this.#open = null;
    if (verdict !== "foreign") this.#messages.finish();
    else if (line.isBlank) {
      this.#messages.finish();
      if (this.#text) this.#addText(line);
    } else {
      const attempt = this.#attemptAt(line);
      if (!attempt) this.#other(line);
      else if (attempt.first) this.#attempt = attempt;
      else this.#begin(attempt, "taken");
    }
  }

  /** What `line` begins, told apart by the formats; null if it begins nothing. */
  #attemptAt(line: Line): SectionAttempt | null {
    if (line.isBlank || line.isRagged) return null;
    const attempt = this.#spare;
    for (const format of this.#formats[line.first]!) {
      const reader = format.open(line, attempt.emit, attempt.tell);
      if (!reader) continue;
      attempt.begin(reader, line);
      this.#spare = new SectionAttempt(this.#emit, this.#tell);
      return attempt;
    }
    return null;
  }

  #begin(attempt: SectionAttempt, verdict: LineVerdict): void {
    this.#messages.finish();
    this.#closeSection();
    this.#recognised = true;
    this.#flushText();
    this.#open = verdict === "ended" ? null : attempt.reader;
    attempt.settle();
  }

  /** Whether `line` belongs to the section that only its first line spoke for; if not, it is as if it had never been. */
  #decides(attempt: SectionAttempt, line: Line): boolean {
    const verdict = attempt.take(line);
    if (verdict === "undecided") return true;
    if (verdict === "foreign") {
      // A message of the tool may stand anywhere.
      if (this.#isMessage(line) && this.#messages.take(line)) return true;
      this.#withdraw();
      return false;
    }
    this.#attempt = null;
    this.#begin(attempt, verdict);
    return true;
  }

  #isMessage(line: Line): boolean {
    const listed = this.#messages.isOpen && line.first === 32;
    return (listed || readToolMessage(line.beginning) !== null) && this.#attemptAt(line) === null;
  }

  /** The section that was waited for is none: its first line is what it would be without it. */
  #withdraw(): void {
    const first = this.#attempt?.first;
    this.#attempt = null;
    if (first) this.#other(first);
  }

  #closeSection(): void {
    this.#open?.finish?.();
    this.#open = null;
  }

  /** A line that no format knows. */
  #other(line: Line): void {
    if (this.#messages.take(line)) return;
    if (this.#recognised) this.#junk(line);
    this.#addText(line);
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
