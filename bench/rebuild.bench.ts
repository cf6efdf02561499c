/** Rebuilding all read models, and verifying, over a log of task checkpoints. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger, verify } from "../src/index.js";
import { appendChained, newStream } from "../src/ledger/chained-append.js";
import { newCommandKey } from "../src/ledger/command-key.js";
import type { BenchArguments, Figures } from "./bench.js";

/** Events of one checkpoint's stream. */
const eventsEach = 10;

export async function bench({ events = "100000" }: BenchArguments): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  const ledger = await openLedger(`sqlite:${join(folder, "ledger.db")}`, { actor: "bench" });
  try {
    const streams = Math.ceil(Number(events) / eventsEach);
    for (let first = 0; first < streams; first += 500)
      await Promise.all(
        Array.from({ length: Math.min(500, streams - first) }, async (_, offset) => {
          const id = `cp_bench_${first + offset + 1}_1767225600000-a`;
          const key = newCommandKey(new Date());
          await appendChained(ledger, {
            stream: `checkpoint-${id}`,
            tail: newStream,
            actor: "bench",
            key,
            step: "fill",
            events: [
              {
                type: "CheckpointCreated",
                data: {
                  checkpointId: id,
                  kind: "task",
                  key,
                  taskId: `t${offset}`,
                  taskTitle: "",
                  stepNumber: 1,
                  stepDescription: "",
                },
              },
              ...Array.from({ length: eventsEach - 1 }, (__, step) => ({
                type: "CheckpointProgressed" as const,
                data: { stepNumber: step + 2 },
              })),
            ],
          });
        }),
      );
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
