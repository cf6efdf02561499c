import { capture } from "../../src/ledger/capture.js";
import { create, update } from "../../src/ledger/checkpoint-commands.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import type { EventStore, StoredEvent } from "../../src/store/event-store.js";

/** Two stages of a design, and so many tasks that were begun and went on. */
export async function fillLedger(ledger: Ledger, tasks: number): Promise<void> {
  for (const stage of ["place", "cts"]) {
    const report = async function* () {
      for (let at = 0; at < 40; at++) yield Buffer.from(`${stage} ${Math.random()} ${at}\n`.repeat(2000));
    };
    const captured = await capture(ledger, { design: "lane", stage }, [{ name: "a.txt", source: report() }]);
    if (!captured.ok) throw new Error(captured.message);
  }
  for (let at = 0; at < tasks; at++) {
    const made = await create(ledger, { taskId: `t${at}`, stepNumber: 1, stepDescription: "place", data: { at } });
    if (!made.ok) throw new Error(made.message);
    await update(ledger, made.checkpoint.checkpointId, { stepDescription: "route" });
  }
}

/** All that a copy keeps of a log, in its order. */
export async function keptByCopy(store: EventStore): Promise<Omit<StoredEvent, "position">[]> {
  const events = [];
  for await (const { position: _, data, ...rest } of store.readAll({ filter: { payload: true } }))
    events.push({ ...rest, data: typeof data === "string" ? data : Buffer.from(data).toString("base64") });
  return events;
}
