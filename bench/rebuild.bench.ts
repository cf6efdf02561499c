/** Rebuilding all read models, and verifying, over a log of task checkpoints. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger, verify } from "../src/index.js";
import type { BenchArguments, Figures } from "./bench.js";
import { fillWithTasks } from "./task-ledger.js";

export async function bench({ events = "100000" }: BenchArguments): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`, { actor: "bench" });
  try {
    await fillWithTasks(ledger, Number(events));
    const start = performance.now();
    await ledger.readModels.rebuild();
    const rebuilt = performance.now();
    const result = await verify(ledger);
    const verified = performance.now();
    return {
      events: result.events,
      rebuildEventsPerSecond: result.events / ((rebuilt - start) / 1000),
      verifyEventsPerSecond: result.events / ((verified - rebuilt) / 1000),
      verifies: String(result.ok),
    };
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
}
