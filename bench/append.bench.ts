/**
 * Durable appends to the embedded store, beside a raw write + fdatasync and "bare": the same table and indices, rows
 * stringified in the loop, no hashing, no tree, no read models, no checks. Ours is the whole way of an event: hash,
 * chain, store; and the tree and the read models brought to the log's end when all is written.
 */
import { fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openLedger } from "../src/index.js";
import { appendChained, newStream, type StreamTail } from "../src/ledger/chained-append.js";
import { derivedId, newCommandKey } from "../src/ledger/command-key.js";
import { openSqliteEventStore } from "../src/store/sqlite/sqlite-event-store.js";
import type { LedgerEvent } from "../schemas/events/event-registry.js";
import type { BenchArguments, Figures } from "./bench.js";

const text = "x".repeat(300);

/** The same stream names for bare and for ours: index entries of the same size. */
const checkpointId = (writer: number) => `cp_bench_${writer}_1767225600000-a`;

export async function bench({ events = "20000" }: BenchArguments): Promise<Figures> {
  const count = Number(events);
  const folder = mkdtempSync(join(tmpdir(), "ckpt-bench-"));
  try {
    // Both sides warm up alike.
    bare(join(folder, "warm.db"), count, 64);
    await ours(join(folder, "ours-warm.db"), count, 64);
    const figures: Figures = {
      rawSyncsPerSecond: raw(join(folder, "raw"), 2000),
      bareOneARow: bare(join(folder, "one.db"), Math.min(count, 10_000), 1),
      bare64: bare(join(folder, "many.db"), count, 64),
      oneWriter: await ours(join(folder, "ours-one.db"), Math.min(count, 10_000), 1),
      writers64: await ours(join(folder, "ours-many.db"), count, 64),
    };
    figures["storeAlone64"] = await storeAlone(join(folder, "store.db"), count, 64);
    figures["storeAlone64OfBare"] = figures["storeAlone64"] / Number(figures["bare64"]);
    figures["oneWriterOfBare"] = Number(figures["oneWriter"]) / Number(figures["bareOneARow"]);
    figures["writers64OfBare"] = Number(figures["writers64"]) / Number(figures["bare64"]);
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function raw(path: string, count: number): number {
  const file = openSync(path, "w");
  const bytes = Buffer.alloc(4096);
  const start = performance.now();
  for (let at = 0; at < count; at++) {
    writeSync(file, bytes, 0, bytes.length, (at % 256) * 4096);
    fdatasyncSync(file);
  }
  return count / ((performance.now() - start) / 1000);
}

function bare(path: string, count: number, rows: number): number {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, number INTEGER, stream TEXT NOT NULL, revision INTEGER NOT NULL,
      id BLOB NOT NULL, type TEXT NOT NULL, data NOT NULL, metadata TEXT NOT NULL);
    CREATE UNIQUE INDEX events_stream ON events (stream, revision);
    CREATE UNIQUE INDEX events_id ON events (id);
    CREATE UNIQUE INDEX events_number ON events (number) WHERE number IS NOT NULL;`);
  const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const key = newCommandKey(new Date());
  const metadata = {
    version: 1,
    at: new Date().toISOString(),
    actor: "bench",
    correlation: key,
    payload: "0".repeat(64),
    prev: "0".repeat(64),
    hash: "0".repeat(64),
  };
  const start = performance.now();
  for (let at = 0; at < count; at += rows) {
    database.exec("BEGIN IMMEDIATE");
    for (let row = at; row < at + rows; row++) {
      const id = Buffer.from(derivedId(newCommandKey(new Date()), String(row)).replaceAll("-", ""), "hex");
      insert.run(
        row + 1,
        row + 1,
        `checkpoint-${checkpointId((row % rows) + 1)}`,
        Math.floor(row / rows),
        id,
        "CheckpointProgressed",
        JSON.stringify({ stepNumber: row + 1, stepDescription: text }),
        JSON.stringify(metadata),
      );
    }
    database.exec("COMMIT");
  }
  const seconds = (performance.now() - start) / 1000;
  database.close();
  return count / seconds;
}

async function ours(path: string, count: number, writers: number): Promise<number> {
  const ledger = await openLedger(`sqlite:${path}`, { actor: "bench" });
  const key = newCommandKey(new Date());
  const append = async (id: string, tail: StreamTail, step: number): Promise<StreamTail> => {
    const event: LedgerEvent =
      step === 0
        ? {
            type: "CheckpointCreated",
            data: {
              checkpointId: id,
              kind: "task",
              key,
              taskId: "bench",
              taskTitle: "",
              stepNumber: 1,
              stepDescription: text,
            },
          }
        : { type: "CheckpointProgressed", data: { stepNumber: step, stepDescription: text } };
    const result = await appendChained(ledger, {
      stream: `checkpoint-${id}`,
      tail,
      events: [event],
      actor: "bench",
      key: newCommandKey(new Date()),
      step: "append",
    });
    if (!result.ok) throw new Error(JSON.stringify(result));
    return result;
  };
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const id = checkpointId(writer + 1);
      let tail: StreamTail = newStream;
      for (let step = 0; step < count / writers; step++) tail = await append(id, tail, step);
    }),
  );
  await ledger.readModels.refresh();
  const seconds = (performance.now() - start) / 1000;
  await ledger.close();
  return count / seconds;
}

/** The store by itself: no hashing, no read models, but every check of the port. */
async function storeAlone(path: string, count: number, writers: number): Promise<number> {
  const store = await openSqliteEventStore({ path, create: true });
  const metadata = JSON.stringify({
    version: 1,
    at: new Date().toISOString(),
    actor: "bench",
    payload: "0".repeat(64),
    prev: "0".repeat(64),
    hash: "0".repeat(64),
  });
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      const stream = `checkpoint-${checkpointId(writer + 1)}`;
      for (let step = 0; step < count / writers; step++) {
        const id = newCommandKey(new Date());
        const data = JSON.stringify({ stepNumber: step + 1, stepDescription: text });
        const event = { id, type: "CheckpointProgressed", data, metadata };
        const result = await store.append({ stream, expected: step === 0 ? "no_stream" : step - 1, events: [event] });
        if (!result.ok) throw new Error(JSON.stringify(result));
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  return count / seconds;
}
