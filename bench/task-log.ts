/** A log of task checkpoints to measure on. */
import { appendChained, newStream } from "../src/ledger/chained-append.js";
import { newCommandKey } from "../src/ledger/command-key.js";
import type { Ledger } from "../src/ledger/ledger.js";

/** Streams that are written at once. */
const writers = 500;

/** Appends so many checkpoints, each created and then progressed until its stream has `eventsEach` events. */
export async function fillWithTasks(ledger: Ledger, checkpoints: number, eventsEach: number): Promise<void> {
  for (let first = 0; first < checkpoints; first += writers)
    await Promise.all(
      Array.from({ length: Math.min(writers, checkpoints - first) }, async (_, offset) => {
        await appendTask(ledger, first + offset, eventsEach);
      }),
    );
}

/** The id of the checkpoint of that rank, from 0. */
export function taskCheckpointId(rank: number): string {
  return `cp_bench_${rank + 1}_1767225600000-a`;
}

async function appendTask(ledger: Ledger, rank: number, eventsEach: number): Promise<void> {
  const checkpointId = taskCheckpointId(rank);
  const key = newCommandKey(new Date());
  const taskId = `t${rank % writers}`;
  const created = {
    checkpointId,
    kind: "task" as const,
    key,
    taskId,
    taskTitle: "",
    stepNumber: 1,
    stepDescription: "",
  };
  await appendChained(ledger, {
    stream: `checkpoint-${checkpointId}`,
    tail: newStream,
    actor: "bench",
    key,
    step: "fill",
    events: [
      { type: "CheckpointCreated", data: created },
      ...Array.from({ length: eventsEach - 1 }, (_, step) => ({
        type: "CheckpointProgressed" as const,
        data: { stepNumber: step + 2 },
      })),
    ],
  });
}
