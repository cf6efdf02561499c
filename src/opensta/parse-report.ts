import type { ByteSource } from "./byte-source.js";
import type { ReportNote, ReportRecord } from "./report-records.js";
import { ReportScanner } from "./report-scanner.js";

export interface ParseOptions {
  /** Told of warnings, junk and cut records, as they come. */
  readonly onNote?: (note: ReportNote) => void;
}

/**
 * The records of a report in document order, each the moment it ends; the next piece is read when they are consumed.
 * @example for await (const record of parseReport(openSource("max.rpt"))) if (record.kind === "path") use(record.slack);
 */
export async function* parseReport(source: ByteSource, options: ParseOptions = {}): AsyncGenerator<ReportRecord> {
  let ready: ReportRecord[] = [];
  const scanner = new ReportScanner({
    paths: (batch) => {
      for (let index = 0; index < batch.count; index++) ready.push(batch.path(index));
    },
    record: (record) => ready.push(record),
    text: (span) => ready.push(span),
    ...(options.onNote ? { note: options.onNote } : {}),
  });
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
