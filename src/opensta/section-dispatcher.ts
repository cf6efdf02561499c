import { reportFormats } from "./formats/formats.js";
import type { Line } from "./line.js";
import type { LineVerdict, ReportFormat, SectionReader } from "./report-format.js";
import type { ReportNote, ReportRecord, TextSpan } from "./report-records.js";
import { SectionAttempt } from "./section-attempt.js";
import { toolMessage } from "./tool-message.js";

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
  readonly #emit = (record: ReportRecord): void => {
    this.#recognised = true;
    this.#flushText();
    this.consumer.record?.(record);
  };
  /** For the next section that begins. */
  #spare = new SectionAttempt(this.#emit);

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
    return this.#open !== null || this.#attempt !== null || this.#text !== null;
  }

  take(line: Line): void {
    this.#suspect = null;
    if (line.isRagged) {
      this.#other(line);
      return;
    }
    if (this.#proven) {
      const { attempt, verdict } = this.#proven;
      this.#proven = null;
      this.#begin(attempt, verdict);
      return;
    }
    if (this.#attempt && this.#decides(this.#attempt, line)) return;
    const verdict = this.#open?.take(line) ?? "foreign";
    if (verdict === "ended") this.#open = null;
    if (verdict !== "foreign") return;
    if (line.isBlank) {
      if (this.#text) this.#addText(line);
      return;
    }
    const attempt = this.#attemptAt(line);
    if (!attempt) this.#other(line);
    else if (attempt.first) this.#attempt = attempt;
    else this.#begin(attempt, "taken");
  }

  /**
   * Whether `line` begins a section of its own; inside a full record that means the record was cut. Where the line is no
   * proof, the next of these lines may be.
   */
  begins(line: Line): boolean {
    if (line.isRagged) return false;
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
    if (this.#attempt) this.#withdraw(this.#attempt);
    this.#recognised ||= recognised;
    this.#open?.finish?.();
    this.#open = null;
    this.#flushText();
  }

  /** A line inside a full record that is none of its lines. */
  stray(line: Line): void {
    this.#note(line);
  }

  /** What `line` begins, told apart by the formats; null if it begins nothing. */
  #attemptAt(line: Line): SectionAttempt | null {
    const attempt = this.#spare;
    if (line.isBlank) return null;
    for (const format of this.#formats[line.first]!) {
      const reader = format.open(line, attempt.emit);
      if (!reader) continue;
      attempt.begin(reader, line);
      this.#spare = new SectionAttempt(this.#emit);
      return attempt;
    }
    return null;
  }

  #begin(attempt: SectionAttempt, verdict: LineVerdict): void {
    this.#open?.finish?.();
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
      if (this.#isMessage(line)) {
        this.#note(line);
        return true;
      }
      this.#withdraw(attempt);
      return false;
    }
    this.#attempt = null;
    this.#begin(attempt, verdict);
    return true;
  }

  /** Whether `line` is a message of the tool that may stand anywhere, and begins nothing. */
  #isMessage(line: Line): boolean {
    return toolMessage.test(line.beginning) && this.#attemptAt(line) === null;
  }

  #withdraw(attempt: SectionAttempt): void {
    this.#attempt = null;
    if (attempt.first) this.#other(attempt.first);
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
