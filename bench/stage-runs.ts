/** What codec.bench.ts and paths.bench.ts run in processes of their own, so that their memory can be told apart. */
import { FileSource } from "../src/opensta/file-source.js";
import { ReportScanner } from "../src/opensta/report-scanner.js";
import { capture, openLedger, openSource } from "../src/index.js";
import { findStage, openStage } from "../src/ledger/stage-access.js";
import { pathRuns } from "./path-runs.js";
import type { StageFile } from "./stage-files.js";

export interface StageRequest {
  /** The ledger's file. */
  readonly store: string;
  readonly stage: string;
  readonly files: readonly StageFile[];
}

export interface FileTime {
  readonly name: string;
  readonly seconds: number;
}

const design = "bench";

export const stageRuns = {
  /** Captures the files as a stage. */
  async capture({ store, stage, files }: StageRequest) {
    const ledger = await openLedger(`sqlite:${store}`);
    try {
      const start = performance.now();
      const named = files.map(({ name, path }) => ({ name, source: openSource(path) }));
      const result = await capture(ledger, { design, stage }, named);
      const end = performance.now();
      if (!result.ok) throw new Error(`${result.message}. ${result.cure}`);
      const { storedBytes, level, files: sealed } = result.stage;
      return { seconds: (end - start) / 1000, storedBytes, level, files: sealed };
    } finally {
      await ledger.close();
    }
  },

  /** Reads every file of a stage back, and throws the text away. */
  async read({ store, stage, files }: StageRequest): Promise<FileTime[]> {
    return await withReader(store, stage, async (reader) => {
      const times: FileTime[] = [];
      for (const { name } of files) {
        const start = performance.now();
        for await (const _ of reader.stream(name));
        times.push({ name, seconds: (performance.now() - start) / 1000 });
      }
      return times;
    });
  },

  /** Compares what comes back with the files, byte for byte. */
  async compare({ store, stage, files }: StageRequest): Promise<boolean> {
    return await withReader(store, stage, async (reader) => {
      for (const { name, path, bytes } of files) {
        const original = new FileSource(path);
        let at = 0;
        for await (const given of reader.stream(name)) {
          const wanted = Buffer.alloc(given.length);
          let filled = 0;
          for (let read = -1; filled < wanted.length && read !== 0; filled += read)
            read = await original.readInto(wanted.subarray(filled));
          if (!wanted.equals(given)) throw new Error(`${stage}: ${name} comes back otherwise from byte ${at} on`);
          at += given.length;
        }
        await original.close();
        if (at !== bytes) throw new Error(`${stage}: ${name} had ${bytes} bytes, ${at} come back`);
      }
      return true;
    });
  },

  /** The tokenizer alone: counts the paths of the files. */
  async scan({ files }: Pick<StageRequest, "files">): Promise<FileTime[]> {
    const times: FileTime[] = [];
    for (const { name, path } of files) {
      const start = performance.now();
      let paths = 0;
      const scanner = new ReportScanner({ paths: (batch) => (paths += batch.count) });
      await scanner.readAll(openSource(path, { unpack: false }));
      scanner.close();
      times.push({ name, seconds: (performance.now() - start) / 1000 });
    }
    return times;
  },

  ...pathRuns,
} as const;

async function withReader<Answer>(
  store: string,
  stage: string,
  use: (reader: Awaited<ReturnType<typeof openStage>>) => Promise<Answer>,
): Promise<Answer> {
  const ledger = await openLedger(`sqlite:${store}`, { create: false });
  try {
    const found = await findStage(ledger, `${design}@${stage}`);
    if (!found.ok) throw new Error(found.message);
    return await use(await openStage(ledger, found.row));
  } finally {
    await ledger.close();
  }
}
