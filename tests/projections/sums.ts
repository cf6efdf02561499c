import { randomUUID } from "node:crypto";
import type { Projection } from "../../projections/projection.js";
import type { EventStore, NewEvent } from "../../src/store/event-store.js";

/** A read model for tests: the numbers of each stream's events, in the order in which it took them. */
export function sums(ordered: Projection["ordered"] = "stream"): {
  projection: Projection;
  /** It throws on events with these numbers in their data, after it has written. */
  poison: Map<number, () => Error>;
} {
  const poison = new Map<number, () => Error>();
  const projection: Projection = {
    name: "sums",
    version: 1,
    ordered,
    tables: ["rm_sums"],
    schema: [`CREATE TABLE rm_sums (stream TEXT PRIMARY KEY, taken TEXT NOT NULL)`],
    queryIndices: [],
    apply(tables, events) {
      for (const { stored } of events) {
        const { n } = JSON.parse(stored.data as string) as { n: number };
        const sql = `INSERT INTO rm_sums VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET taken = taken || ' ' || excluded.taken`;
        tables.run(sql, stored.stream, String(n));
        const error = poison.get(n)?.();
        if (error) throw error;
      }
    },
  };
  return { projection, poison };
}

/** An event whose data is a number. */
export function numbered(n: number): NewEvent {
  return { id: randomUUID(), type: "Numbered", data: JSON.stringify({ n }), metadata: "{}" };
}

/** Appends an event to each stream: `{ a: [1, 2], b: [3] }` in the order of the numbers. */
export async function appendNumbers(store: EventStore, streams: Readonly<Record<string, readonly number[]>>) {
  const all = Object.entries(streams).flatMap(([stream, numbers]) => numbers.map((n) => ({ stream, n })));
  for (const { stream, n } of all.toSorted((one, other) => one.n - other.n)) {
    const result = await store.append({ stream, expected: "any", events: [numbered(n)] });
    if (!result.ok) throw new Error(result.code);
  }
}
