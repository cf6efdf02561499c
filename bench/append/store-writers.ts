/** The store by itself: no hashing, no read models, but every check of the port. */
import { newCommandKey } from "../../src/ledger/command-key.js";
import { openSqliteEventStore, type SqliteEventStore } from "../../src/store/sqlite/sqlite-event-store.js";
import { checkpointId, eventType, plainMetadata, progress } from "./bench-event.js";
import type { AppendLoad, Contender } from "./contender.js";

export class StoreWriters implements Contender {
  readonly #metadata = plainMetadata();

  private constructor(private readonly store: SqliteEventStore) {}

  static async open(path: string): Promise<StoreWriters> {
    return new StoreWriters(await openSqliteEventStore({ path, create: true }));
  }

  async append({ events, writers, batch, firstWriter }: AppendLoad): Promise<number> {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        const stream = `checkpoint-${checkpointId(firstWriter + writer)}`;
        for (let step = 0; step < events / writers; step += batch) {
          const result = await this.store.append({
            stream,
            expected: step === 0 ? "no_stream" : step - 1,
            events: Array.from({ length: batch }, (__, at) => this.#event(step + at)),
          });
          if (!result.ok) throw new Error(JSON.stringify(result));
        }
      }),
    );
    return events / ((performance.now() - start) / 1000);
  }

  async close(): Promise<void> {
    await this.store.close();
  }

  #event(step: number) {
    const [data, metadata] = [JSON.stringify(progress(step + 1)), JSON.stringify(this.#metadata)];
    return { id: newCommandKey(new Date()), type: eventType, data, metadata };
  }
}

/** Events a second that the store reads, page by page. */
export async function readStore(path: string): Promise<number> {
  const store = await openSqliteEventStore({ path, create: false });
  const start = performance.now();
  let read = 0;
  for await (const _ of store.readAll()) read++;
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  return read / seconds;
}
