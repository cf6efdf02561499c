/** The load that stores and bare clients of servers are measured with: events of one checkpoint's progress. */
import { newCommandKey } from "../src/ledger/command-key.js";
import type { EventStore, NewEvent } from "../src/store/event-store.js";

export const data = JSON.stringify({ stepNumber: 1, stepDescription: "x".repeat(300) });
export const metadata = JSON.stringify({
  version: 1,
  at: new Date().toISOString(),
  prev: "0".repeat(64),
  hash: "0".repeat(64),
});

const newEvent = (): NewEvent => ({ id: newCommandKey(new Date()), type: "CheckpointProgressed", data, metadata });

/** Appends events behind a stream's first `revision` ones. */
export type Writer = (stream: string, revision: number, events: readonly NewEvent[]) => Promise<unknown>;

export interface Load {
  /** Each writes to a stream of its own, one append after the other. */
  readonly writers: number;
  /** Events in all. */
  readonly count: number;
  /** Events of one append; default 1. */
  readonly batch?: number;
}

/** Appends, in streams named for `name`. @returns events a second. */
export async function write(writer: Writer, name: string, { writers, count, batch = 1 }: Load): Promise<number> {
  const each = Math.ceil(count / writers);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, which) => {
      for (let at = 0; at < each; at += batch)
        await writer(`checkpoint-${name}-${which}`, at, Array.from({ length: Math.min(batch, each - at) }, newEvent));
    }),
  );
  return (each * writers) / ((performance.now() - start) / 1000);
}

export function storeWriter(store: EventStore): Writer {
  return async (stream, revision, events) => {
    const result = await store.append({ stream, expected: revision === 0 ? "no_stream" : revision - 1, events });
    if (!result.ok) throw new Error(result.code);
  };
}

/** Reads a store's log. @returns events a second. */
export async function readStore(store: EventStore): Promise<number> {
  const start = performance.now();
  let read = 0;
  for await (const _ of store.readAll()) read++;
  return read / ((performance.now() - start) / 1000);
}
