import { sealMetadata } from "../../src/integrity/event-hash.js";
import { newCommandKey } from "../../src/ledger/command-key.js";
import type { Ledger } from "../../src/ledger/ledger.js";
import type { StoredEvent } from "../../src/store/event-store.js";

/** Appends, as a ckpt of some version would have, an event to a checkpoint's stream at 2026-03-01 11:59. */
export async function appendAs(
  ledger: Ledger,
  checkpointId: string,
  type: string,
  version: number,
): Promise<StoredEvent> {
  const stream = `checkpoint-${checkpointId}`;
  let last: StoredEvent | null = null;
  for await (const event of ledger.store.readStream(stream)) last = event;
  const { hash } = JSON.parse(last!.metadata) as { hash: string };
  const event = {
    id: newCommandKey(ledger.now()),
    stream,
    revision: last!.revision + 1,
    type,
    data: '{"stepNumber":9}',
  };
  const fields = { version, at: "2026-03-01T11:59:00.000Z", actor: "ann", correlation: newCommandKey(ledger.now()) };
  const { metadata } = sealMetadata(event, fields, hash);
  const result = await ledger.store.append({ stream, expected: last!.revision, events: [{ ...event, metadata }] });
  if (!result.ok) throw new Error(result.code);
  return { ...event, metadata, position: result.position, number: await ledger.store.numberAt(result.position) };
}
