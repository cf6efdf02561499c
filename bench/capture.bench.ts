/** Capturing files as a stage and printing them again: ratio and speed, beside zstd -3 on the same text. */
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { constants, zstdCompressSync } from "node:zlib";
import { capture, openLedger, openSource } from "../src/index.js";
import { findStage, openStage } from "../src/ledger/stage-access.js";
import type { BenchArguments, Figures } from "./bench.js";

export async function bench({ input, next }: BenchArguments): Promise<Figures> {
  if (!input)
    throw new Error("--input FILE[,FILE…] [--next FILE[,FILE…]]: the files of one stage, and of the one after");
  const folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`);
  const figures: Figures = {};
  try {
    for (const [stage, list] of [["base", input] as const, ...(next ? [["delta", next] as const] : [])]) {
      const files = list.split(",");
      const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
      const start = performance.now();
      const named = files.map((file, at) => ({
        name: next ? `f${at}` : basename(file),
        source: openSource(file, { unpack: false }),
      }));
      const result = await capture(ledger, { design: "bench", stage }, named);
      if (!result.ok) throw new Error(result.message);
      const captured = performance.now();
      const found = await findStage(ledger, `bench@${stage}`);
      if (!found.ok) throw new Error(found.message);
      const reader = await openStage(ledger, found.row);
      for (const { name } of named) for await (const _ of reader.stream(name));
      const seconds = (performance.now() - captured) / 1000;
      figures[`${stage}Ratio`] = bytes / result.stage.storedBytes;
      figures[`${stage}StoredBytes`] = result.stage.storedBytes;
      figures[`${stage}CaptureMbPerSecond`] = bytes / 1e3 / (captured - start);
      figures[`${stage}CatMbPerSecond`] = bytes / 1e6 / seconds;
    }
    const sample = readFileSync(input.split(",")[0]!).subarray(0, 64 << 20);
    const start = performance.now();
    zstdCompressSync(sample, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
    figures["zstd3MbPerSecond"] = sample.length / 1e3 / (performance.now() - start);
    figures["peakRssMb"] = process.resourceUsage().maxRSS / 1024;
    return figures;
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
}
