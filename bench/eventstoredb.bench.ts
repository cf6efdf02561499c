/**
 * The EventStoreDB store beside the bare client: the same events of the same process to the same server, handed to the
 * client as objects, no checks, no numbers. Each figure is measured in turns, bare and ours, and told as medians: the
 * ratio is that of the turns. `--url` names a server or cluster; streams `ckpt-bench-…` stay there.
 */
import {
  type AppendExpectedRevision,
  EventStoreDBClient,
  jsonEvent,
  type JSONType,
  NO_STREAM,
  streamNameFilter,
} from "@eventstore/db-client";
import { newCommandKey } from "../src/ledger/command-key.js";
import { openEventStoreDb } from "../src/store/eventstoredb/eventstoredb-event-store.js";
import { parseEventStoreDbUrl } from "../src/store/eventstoredb/server-url.js";
import { readStore, storeWriter, write, type Writer } from "./append-load.js";
import type { BenchArguments, Figures } from "./bench.js";
import { fillLedger, rebuildRate } from "./task-ledger.js";

/** One measurement: events a second. */
type Run = (turn: number) => Promise<number>;

export async function bench({ url, events = "20000", turns = "5" }: BenchArguments): Promise<Figures> {
  if (!url) throw new Error("name a server: --url 'esdb://HOST:2113?tls=false'");
  const count = Number(events);
  const name = `ckpt-bench-${newCommandKey(new Date())}`;
  const client = EventStoreDBClient.connectionString(parseEventStoreDbUrl(url).connectionString);
  const ledgerUrl = (which: string) => `${url}${url.includes("?") ? "&" : "?"}ledger=${name}-${which}`;
  const store = await openEventStoreDb({ url: ledgerUrl("ours") });
  try {
    const figures: Figures = {};
    const compare = async (figure: string, bare: Run, ours: Run) => {
      const pairs: [number, number][] = [];
      // The first turn warms both up.
      for (let turn = 0; turn <= Number(turns); turn++) {
        const pair: [number, number] = [await bare(turn), await ours(turn)];
        if (turn > 0) pairs.push(pair);
      }
      figures[`bare${figure}`] = median(pairs.map(([of]) => of));
      figures[`store${figure}`] = median(pairs.map(([, of]) => of));
      figures[`store${figure}OfBare`] = median(pairs.map(([bareRate, rate]) => rate / bareRate));
    };
    const [bare, mine] = [bareWriter(client, `${name}-bare`), storeWriter(store)];
    const append = async (figure: string, load: { writers: number; count: number; batch?: number }) => {
      const run =
        (writer: Writer): Run =>
        async (turn) =>
          await write(writer, `${figure}-${turn}`, load);
      await compare(figure, run(bare), run(mine));
    };
    await append("One", { writers: 1, count: count / 10 });
    await append("Many", { writers: 64, count });
    await append("Batches100", { writers: 1, count, batch: 100 });
    await append("Batches1000", { writers: 1, count, batch: 1000 });
    const readBare = async (which: string) => await followBare(client, `^${name}-${which}/`);
    await compare(
      "Read",
      async () => await readBare("ours"),
      async () => await readStore(store),
    );
    const taskUrl = ledgerUrl("tasks");
    await fillLedger(taskUrl, count * 2);
    await compare(
      "Rebuild",
      async () => await readBare("tasks"),
      async () => await rebuildRate(taskUrl),
    );
    return figures;
  } finally {
    await store.close();
    await client.dispose();
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

function bareWriter(client: EventStoreDBClient, ledger: string): Writer {
  return async (stream, revision, events) => {
    const expectedRevision: AppendExpectedRevision = revision === 0 ? NO_STREAM : BigInt(revision - 1);
    const given = events.map(({ id, type, data, metadata }) =>
      jsonEvent({ id, type, data: JSON.parse(data as string) as JSONType, metadata: JSON.parse(metadata) as JSONType }),
    );
    await client.appendToStream(`${ledger}/${stream}`, given, { expectedRevision, requiresLeader: true });
  };
}

/** A filtered subscription from the start until it has caught up. */
async function followBare(client: EventStoreDBClient, regex: string): Promise<number> {
  const start = performance.now();
  let read = 0;
  const subscription = client.subscribeToAll({ filter: streamNameFilter({ regex, checkpointInterval: 32 }) });
  await new Promise<void>((resolve, reject) => {
    subscription
      .on("data", () => read++)
      .on("caughtUp", () => resolve())
      .on("error", reject);
  });
  const rate = read / ((performance.now() - start) / 1000);
  await subscription.unsubscribe();
  return rate;
}
