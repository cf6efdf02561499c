/**
 * The SQLite saver of LangGraph: a checkpoint of a thread for each event. As it comes it does not wait for the disk
 * (synchronous NORMAL); `durable` makes it.
 */
import { checkpointId, progress } from "../append/bench-event.js";
import { newCommandKey } from "../../src/ledger/command-key.js";
import { peerPackage } from "./peer-package.js";
import { PeerWriters } from "./peer-writers.js";

interface Place {
  readonly configurable: {
    readonly thread_id: string;
    readonly checkpoint_ns?: string;
    readonly checkpoint_id?: string;
  };
}

interface LangGraphSqlite {
  readonly SqliteSaver: {
    fromConnString(path: string): {
      readonly db: { pragma(text: string): unknown; close(): void };
      put(place: Place, checkpoint: object, metadata: object): Promise<Place>;
    };
  };
}

export function openLangGraph(path: string, { durable }: { readonly durable: boolean }): PeerWriters {
  const { SqliteSaver } = peerPackage("@langchain/langgraph-checkpoint-sqlite") as LangGraphSqlite;
  const saver = SqliteSaver.fromConnString(path);
  saver.db.pragma("journal_mode = WAL");
  if (durable) saver.db.pragma("synchronous = FULL");
  const places = new Map<number, Place>();
  return new PeerWriters({
    appendOne: async (writer, step) => {
      const place = places.get(writer) ?? { configurable: { thread_id: checkpointId(writer) } };
      places.set(writer, await saver.put(place, checkpoint(step), { source: "loop", step, parents: {} }));
    },
    close: () => saver.db.close(),
  });
}

/** A checkpoint as LangGraph makes one after a step, holding what an event of ours holds. */
function checkpoint(step: number): object {
  return {
    v: 4,
    id: newCommandKey(new Date()),
    ts: new Date().toISOString(),
    channel_values: progress(step + 1),
    channel_versions: { stepNumber: step + 1, stepDescription: step + 1 },
    versions_seen: {},
  };
}
