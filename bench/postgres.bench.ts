/**
 * The PostgreSQL store beside the bare client: the same table and unique indices, one INSERT an event (or one of many
 * rows), no checks, no function, no numbers. `--url` names a server that may be written to; what is made there is
 * dropped again.
 */
import { Client, Pool } from "pg";
import { openPostgresEventStore } from "../src/store/postgres/postgres-event-store.js";
import { data, metadata, readStore, storeWriter, write, type Writer } from "./append-load.js";
import type { BenchArguments, Figures } from "./bench.js";
import { fillLedger, rebuildRate } from "./task-ledger.js";
import { UnfitInputError } from "./unfit-input.js";

const writersMax = 64;
const batchEvents = 1000;
const ours = "ckpt-bench";
const tasks = "ckpt-bench-tasks";
const bareSchema = '"ckpt-bench-bare"';

export async function bench({ url, events = "20000" }: BenchArguments): Promise<Figures> {
  if (!url) throw new UnfitInputError("name a server: --url postgres://USER@HOST/DATABASE");
  const count = Number(events);
  await drop(url);
  const pool = new Pool({ connectionString: url, max: writersMax });
  const ledgerUrl = (name: string) => `${url}${url.includes("?") ? "&" : "?"}ledger=${name}`;
  const store = await openPostgresEventStore({ url: ledgerUrl(ours), create: true });
  try {
    await pool.query(bareTable);
    const [bare, mine] = [bareWriter(pool), storeWriter(store)];
    for (const writer of [bare, mine]) await write(writer, "warm", { writers: writersMax, count: count / 4 });
    const figures: Figures = {};
    for (const writers of [1, writersMax]) {
      const load = { writers, count: writers === 1 ? count / 8 : count };
      figures[`bare${writers}`] = await write(bare, `w${writers}`, load);
      figures[`store${writers}`] = await write(mine, `w${writers}`, load);
    }
    const batches = { writers: 1, count, batch: batchEvents };
    figures["bareBatches"] = await write(bare, "b", batches);
    figures["storeBatches"] = await write(mine, "b", batches);
    figures["bareRead"] = await readBare(pool, bareSchema);
    figures["storeRead"] = await readStore(store);
    await fillLedger(ledgerUrl(tasks), count * 5);
    figures["bareRebuild"] = await readBare(pool, `"${tasks}"`);
    figures["storeRebuild"] = await rebuildRate(ledgerUrl(tasks));
    for (const name of [String(1), String(writersMax), "Batches", "Read", "Rebuild"])
      figures[`store${name}OfBare`] = Number(figures[`store${name}`]) / Number(figures[`bare${name}`]);
    return figures;
  } finally {
    await store.close();
    await pool.end();
    await drop(url);
  }
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
async function readBare(pool: Pool, schema: string): Promise<number> {
  const start = performance.now();
  const text = `SELECT xid, position, stream, revision, id, type, data, bytes, metadata FROM ${schema}.events
    WHERE (xid, position) > ($1::xid8, $2::bigint) ORDER BY xid, position LIMIT 1000`;
  let last = { xid: "0", position: "0" };
  for (let read = 0; ;) {
    const { rows } = await pool.query<typeof last>(text, [last.xid, last.position]);
    read += rows.length;
    last = rows.at(-1) ?? last;
    if (rows.length < 1000) return read / ((performance.now() - start) / 1000);
  }
}

async function drop(url: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  await client.query(
    `DROP SCHEMA IF EXISTS "${ours}" CASCADE; DROP SCHEMA IF EXISTS "${tasks}" CASCADE; DROP SCHEMA IF EXISTS ${bareSchema} CASCADE`,
  );
  await client.end();
}
