import type { AppendResult, EventStore } from "../../src/store/event-store.js";

/** The answer to an append, with the event number that an engine may have left out. */
export async function numbered(
  store: EventStore,
  appended: AppendResult | Promise<AppendResult>,
): Promise<AppendResult> {
  const result = await appended;
  return result.ok ? { ...result, number: await store.numberAt(result.position) } : result;
}
