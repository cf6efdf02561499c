import type { ByteSource } from "../opensta/byte-source.js";
import { parseReport, type ParseOptions } from "../opensta/parse-report.js";
import { recordToJson } from "../opensta/record-json.js";
import type { ReportRecord } from "../opensta/report-records.js";
import { writeOut } from "./output.js";
import { say } from "./session.js";

/** Lines are gathered up to so many bytes, or for so long, before they are written. */
const batchBytes = 1 << 16;
const batchMs = 200;

export interface PrintOptions extends ParseOptions {
  readonly onRecord?: (record: ReportRecord) => void;
}

/** Prints the records of a report as one JSON object a line, and what is odd in it on stderr, under its name. */
export async function printRecords(source: ByteSource, name: string, options: PrintOptions = {}): Promise<void> {
  let lines = "";
  let writtenAt = performance.now();
  const records = parseReport(source, {
    ...options,
    onNote: ({ code, byteOffset, line, message, endpoint }) => {
      // OpenROAD informs in a thousand lines.
      if (code === "info-line") return;
      say(
        `${code}: ${name}: byte ${byteOffset} (line ${line}${endpoint === undefined ? "" : `, endpoint ${endpoint}`}): ${message}`,
      );
    },
  });
  try {
    for await (const record of records) {
      options.onRecord?.(record);
      lines += `${recordToJson(record)}\n`;
      if (lines.length < batchBytes && performance.now() - writtenAt < batchMs) continue;
      await writeOut(lines);
      lines = "";
      writtenAt = performance.now();
    }
  } finally {
    // Also behind an error: what had come is good.
    await writeOut(lines);
  }
}
