/**
 * The PostgreSQL store beside the bare client: the same table and unique indices, one INSERT an event (or one of many
 * rows), no checks, no function, no numbers. `--url` names a server that may be written to; what is made there is
 * dropped again.
 */
import { Client, Pool } from "pg";
import { newCommandKey } from "../src/ledger/command-key.js";
import type { NewEvent } from "../src/store/event-store.js";
import { openPostgresEventStore, type PostgresEventStore } from "../src/store/postgres/postgres-event-store.js";
import type { BenchArguments, Figures } from "./bench.js";
import { UnfitInputError } from "./unfit-input.js";

const writersMax = 64;
const batchEvents = 1000;
const ours = "ckpt-bench";
const bareSchema = '"ckpt-bench-bare"';

const data = JSON.stringify({ stepNumber: 1, stepDescription: "x".repeat(300) });
const metadata = JSON.stringify({
  version: 1,
  at: new Date().toISOString(),
  prev: "0".repeat(64),
  hash: "0".repeat(64),
});
const newEvent = (): NewEvent => ({ id: newCommandKey(new Date()), type: "CheckpointProgressed", data, metadata });

/** Appends events one after the other, as one of many writers does. */
type Writer = (stream: string, revision: number, events: readonly NewEvent[]) => Promise<unknown>;

export async function bench({ url, events = "20000" }: BenchArguments): Promise<Figures> {
  if (!url) throw new UnfitInputError("name a server: --url postgres://USER@HOST/DATABASE");
  const count = Number(events);
  await drop(url);
  const pool = new Pool({ connectionString: url, max: writersMax });
  const store = await openPostgresEventStore({
    url: `${url}${url.includes("?") ? "&" : "?"}ledger=${ours}`,
    create: true,
  });
  try {
    await pool.query(bareTable);
    const [bare, mine] = [bareWriter(pool), storeWriter(store)];
    for (const writer of [bare, mine]) await write(writer, "warm", writersMax, count / 4);
    const figures: Figures = {};
    for (const writers of [1, writersMax]) {
      const wanted = writers === 1 ? count / 8 : count;
      figures[`bare${writers}`] = await write(bare, `w${writers}`, writers, wanted);
      figures[`store${writers}`] = await write(mine, `w${writers}`, writers, wanted);
    }
    figures["bareBatches"] = await write(bare, "b", 1, count, batchEvents);
    figures["storeBatches"] = await write(mine, "b", 1, count, batchEvents);
    figures["bareRead"] = await readBare(pool);
    figures["storeRead"] = await readStore(store);
    for (const name of [String(1), String(writersMax), "Batches", "Read"])
      figures[`store${name}OfBare`] = Number(figures[`store${name}`]) / Number(figures[`bare${name}`]);
    return figures;
  } finally {
    await store.close();
    await pool.end();
    await drop(url);
  }
}

/** Events a second, by so many writers with a stream each. */
async function write(writer: Writer, name: string, writers: number, count: number, batch = 1): Promise<number> {
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

function storeWriter(store: PostgresEventStore): Writer {
  return async (stream, revision, events) => {
    const result = await store.append({ stream, expected: revision === 0 ? "no_stream" : revision - 1, events });
    if (!result.ok) throw new Error(result.code);
  };
}

const bareTable = `CREATE SCHEMA ${bareSchema};
  CREATE TABLE ${bareSchema}.events (xid xid8 NOT NULL, position bigint GENERATED ALWAYS AS IDENTITY, stream text NOT NULL,
    revision integer NOT NULL, id uuid NOT NULL, payload boolean NOT NULL, type text NOT NULL, data text, bytes bytea, metadata text NOT NULL);
  CREATE UNIQUE INDEX ON ${bareSchema}.events (xid, position);
  CREATE UNIQUE INDEX ON ${bareSchema}.events (xid, position) WHERE NOT payload;
  CREATE UNIQUE INDEX ON ${bareSchema}.events (stream, revision);
  CREATE UNIQUE INDEX ON ${bareSchema}.events (id);`;

function bareWriter(pool: Pool): Writer {
  const insert = `INSERT INTO ${bareSchema}.events (xid, stream, revision, id, payload, type, data, metadata)`;
  const one = `${insert} VALUES (pg_current_xact_id(), $1, $2, $3, false, $4, $5, $6)`;
  const many = `${insert} SELECT pg_current_xact_id(), $1, $2 + n - 1, id, false, type, data, metadata
    FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY AS e (id, type, data, metadata, n)`;
  return async (stream, revision, events) => {
    const [first] = events;
    if (events.length === 1)
      await pool.query({ name: "one", text: one, values: [stream, revision, first!.id, first!.type, data, metadata] });
    else
      await pool.query({
        name: "many",
        text: many,
        values: [
          stream,
          revision,
          ...(["id", "type", "data", "metadata"] as const).map((key) => events.map((each) => each[key])),
        ],
      });
  };
}

/** Rows a second, page by page. */
async function readBare(pool: Pool): Promise<number> {
  const start = performance.now();
  const text = `SELECT xid, position, stream, revision, id, type, data, bytes, metadata FROM ${bareSchema}.events
    WHERE (xid, position) > ($1::xid8, $2::bigint) ORDER BY xid, position LIMIT 1000`;
  let last = { xid: "0", position: "0" };
  for (let read = 0; ;) {
    const { rows } = await pool.query<typeof last>(text, [last.xid, last.position]);
    read += rows.length;
    last = rows.at(-1) ?? last;
    if (rows.length < 1000) return read / ((performance.now() - start) / 1000);
  }
}

async function readStore(store: PostgresEventStore): Promise<number> {
  const start = performance.now();
  let read = 0;
  for await (const _ of store.readAll()) read++;
  return read / ((performance.now() - start) / 1000);
}

async function drop(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(`DROP SCHEMA IF EXISTS "${ours}" CASCADE; DROP SCHEMA IF EXISTS ${bareSchema} CASCADE`);
  await client.end();
}
