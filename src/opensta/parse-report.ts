import type { ByteSource } from "./byte-source.js";
import { formatsNamed, reportFormatsIn } from "./formats/formats.js";
import type { ReportFormat } from "./report-format.js";
import type { ReportNote, ReportRecord } from "./report-records.js";
import { type ReportConsumer, ReportScanner } from "./report-scanner.js";
import { unitExponent } from "./si-number.js";

export interface ParseOptions {
  /** Told of warnings, junk and cut records, as they come. */
  readonly onNote?: (note: ReportNote) => void;
  /** What -format json, which is in seconds and farads, is told in: `1ps`, `1fF` …; 1ns and 1pF if not given. */
  readonly timeUnit?: string;
  readonly capacitanceUnit?: string;
  /** What the text is said to be (formats/formats.ts has the names): nothing else is looked for. */
  readonly as?: string;
}

/**
 * The records of a report in document order, each the moment it ends; the next piece is read when they are consumed.
 * @throws {RangeError} if a unit is none, or `as` no format.
 * @example for await (const record of parseReport(openSource("max.rpt"))) if (record.kind === "path") use(record.slack);
 */
export async function* parseReport(source: ByteSource, options: ParseOptions = {}): AsyncGenerator<ReportRecord> {
  let ready: ReportRecord[] = [];
  const { onNote } = options;
  const consumer: ReportConsumer = {
    paths: (batch) => {
      for (let index = 0; index < batch.count; index++) ready.push(batch.path(index));
    },
    record: (record) => ready.push(record),
    text: (span) => ready.push(span),
    ...(onNote ? { note: onNote } : {}),
  };
  const scanner = new ReportScanner(consumer, formatsFor(options));
  try {
    for await (const bytes of source)
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        scanner.push(bytes.subarray(at, at + pieceBytes));
        scanner.deliver();
        yield* ready;
        ready = [];
      }
    scanner.finish();
  } finally {
    scanner.close();
  }
  yield* ready;
}

/** Small pieces keep few objects waiting, and each path is there soon after its last byte. */
const pieceBytes = 64 * 1024;

/** The formats that these options ask for. */
export function formatsFor(options: ParseOptions): readonly ReportFormat[] {
  const { as, timeUnit = "1ns", capacitanceUnit = "1pF" } = options;
  const units = { time: unitExponent(timeUnit, "s"), capacitance: unitExponent(capacitanceUnit, "F") };
  const formats = reportFormatsIn(units);
  return as === undefined ? formats : formatsNamed(as, formats);
}
