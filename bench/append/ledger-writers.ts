/** The whole way of an event into a ledger: validated, hashed, chained, stored; and the read models at the log's end. */
import type { LedgerEvent } from "../../schemas/events/event-registry.js";
import { type Ledger, openLedger } from "../../src/index.js";
import { appendChained, newStream, type StreamTail } from "../../src/ledger/chained-append.js";
import { newCommandKey } from "../../src/ledger/command-key.js";
import { checkpointId, padded, progress } from "./bench-event.js";
import type { AppendLoad, Contender } from "./contender.js";

export class LedgerWriters implements Contender {
  /** The longest that an append took, in milliseconds. */
  worstMs = 0;

  private constructor(private readonly ledger: Ledger) {}

  static async open(path: string): Promise<LedgerWriters> {
    return new LedgerWriters(await openLedger(`sqlite:${path}`, { actor: "bench" }));
  }

  /** @throws Error if an append is refused. */
  async append({ events, writers, batch, firstWriter }: AppendLoad): Promise<number> {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const id = checkpointId(firstWriter + writer);
        let tail: StreamTail = newStream;
        for (let step = 0; step < events / writers; step += batch) {
          const began = performance.now();
          tail = await this.#appendOne(
            id,
            tail,
            Array.from({ length: batch }, (__, at) => eventOf(id, step + at)),
          );
          this.worstMs = Math.max(this.worstMs, performance.now() - began);
        }
      }),
    );
    await this.ledger.readModels.refresh();
    return events / ((performance.now() - start) / 1000);
  }

  async close(): Promise<void> {
    await this.ledger.close();
  }

  async #appendOne(id: string, tail: StreamTail, events: readonly LedgerEvent[]): Promise<StreamTail> {
    const key = newCommandKey(new Date());
    const stream = `checkpoint-${id}`;
    const result = await appendChained(this.ledger, { stream, tail, events, actor: "bench", key, step: "append" });
    if (!result.ok) throw new Error(`an append of ${id} was refused: ${JSON.stringify(result)}`);
    return result;
  }
}

function eventOf(id: string, step: number): LedgerEvent {
  return step === 0 ? created(id) : { type: "CheckpointProgressed", data: progress(step) };
}

/** The event that begins a checkpoint's stream. */
function created(id: string): LedgerEvent {
  const key = newCommandKey(new Date());
  const subject = { checkpointId: id, kind: "task" as const, key, taskId: "bench", taskTitle: "", stepNumber: 1 };
  return { type: "CheckpointCreated", data: padded({ ...subject, stepDescription: "" }) };
}
