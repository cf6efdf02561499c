import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "../src/index.js";
import { appendChained, newStream } from "../src/ledger/chained-append.js";
import { newCommandKey } from "../src/ledger/command-key.js";
import type { Ledger } from "../src/ledger/ledger.js";

/** Fills a ledger with task checkpoints of `eventsEach` events, one append each: about so many events in all. */
export async function fillWithTasks(ledger: Ledger, events: number, eventsEach = 10): Promise<void> {
  const streams = Math.ceil(events / eventsEach);
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
}

/** The same for a ledger that a URL names. */
export async function fillLedger(url: string, events: number): Promise<void> {
  const ledger = await openLedger(url, { actor: "bench" });
  await fillWithTasks(ledger, events);
  await ledger.close();
}

/** Builds all read models of a ledger on a server, in a folder that has none. @returns events a second. */
export async function rebuildRate(url: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  const ledger = await openLedger(url, { actor: "bench", folder });
  try {
    const start = performance.now();
    await ledger.readModels.refresh();
    return ledger.readModels.status()[0]!.number / ((performance.now() - start) / 1000);
  } finally {
    await ledger.close();
    rmSync(folder, { recursive: true });
  }
}
