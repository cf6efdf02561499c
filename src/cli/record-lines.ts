import { join } from "node:path";
import type { ByteSource } from "../opensta/byte-source.js";
import { recordToJson } from "../opensta/record-json.js";
import type { ReportRecord } from "../opensta/report-records.js";
import { pageCursor } from "../opensta/spool/spool-reader.js";
import { SpoolWriter } from "../opensta/spool/spool-writer.js";
import { RecordStream, type RecordStreamOptions } from "../opensta/stream/record-stream.js";
import { writeOut } from "./output.js";
import { ledgerFolder } from "../system/ledger-folder.js";
import { say } from "./session.js";

/** Lines are gathered up to so many bytes, or for so long, before they are written. */
const batchBytes = 1 << 16;
const batchMs = 200;

export interface PrintOptions extends RecordStreamOptions {
  /** Told of what comes, before it is printed. */
  readonly onRecords?: (records: readonly ReportRecord[], stream: RecordStream) => void;
  /** Keep the records on disk and print the cursor of their first page. */
  readonly pages?: boolean;
}

/** Prints the records of a report as one JSON object a line, and what is odd in it on stderr, under its name. */
export async function printRecords(source: ByteSource, name: string, options: PrintOptions = {}): Promise<void> {
  const stream = new RecordStream(source, {
    ...options,
    onNote: ({ code, byteOffset, line, message, endpoint }) => {
      // OpenROAD informs in a thousand lines.
      if (code === "info-line") return;
      say(
        `${code}: ${name}: byte ${byteOffset} (line ${line}${endpoint === undefined ? "" : `, endpoint ${endpoint}`}): ${message}`,
      );
    },
  });
  const batches = watched(stream, options);
  if (options.pages) await spool(batches, name);
  else await printAll(batches);
}

async function* watched(stream: RecordStream, { onRecords }: PrintOptions): AsyncGenerator<readonly ReportRecord[]> {
  for await (const records of stream.batches()) {
    onRecords?.(records, stream);
    yield records;
  }
}

async function printAll(batches: AsyncIterable<readonly ReportRecord[]>): Promise<void> {
  let lines = "";
  let writtenAt = performance.now();
  try {
    for await (const records of batches)
      for (const record of records) {
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

/** Where streams that are paged lie. */
export function spoolFolder(): string {
  return join(ledgerFolder(), "spool");
}

/** The cursor comes first: the pages can be read while the stream still runs. */
async function spool(batches: AsyncIterable<readonly ReportRecord[]>, title: string): Promise<void> {
  const writer = new SpoolWriter({ root: spoolFolder(), title });
  await writeOut(`${JSON.stringify({ cursor: pageCursor(writer.id, 0), title })}\n`);
  await writer.writeAll(batches);
}
