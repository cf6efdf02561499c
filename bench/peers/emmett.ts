/** Emmett's SQLite event store as it comes: WAL, synchronous FULL, a connection that it opens and closes as it likes. */
import { checkpointId, eventType, progress } from "../append/bench-event.js";
import { peerPackage } from "./peer-package.js";
import { PeerWriters } from "./peer-writers.js";

interface EmmettSqlite {
  readonly getSQLiteEventStore: (options: { fileName: string }) => {
    appendToStream(stream: string, events: readonly { type: string; data: object }[]): Promise<unknown>;
  };
}

/** While it is open nothing is printed by console.log, with which it tells every error that it meets. */
export async function openEmmett(path: string): Promise<PeerWriters> {
  const { getSQLiteEventStore } = peerPackage("@event-driven-io/emmett-sqlite") as EmmettSqlite;
  const { log } = console;
  console.log = () => undefined;
  const store = getSQLiteEventStore({ fileName: path });
  const appendOne = async (writer: number, step: number) =>
    await store.appendToStream(`checkpoint-${checkpointId(writer)}`, [{ type: eventType, data: progress(step + 1) }]);
  // The first append makes the tables.
  await appendOne(0, 0);
  return new PeerWriters({ appendOne, close: () => (console.log = log) });
}
