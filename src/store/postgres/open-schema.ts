import type { Client } from "pg";
import { StoreError } from "../event-store.js";
import { appendOneSql } from "./append-one-sql.js";
import { functionsSql, markEvery } from "./functions.js";
import { lockClass } from "./locks.js";
import { tablesSql } from "./tables.js";

/** What brings the schema from one version to the next; what was released is never changed, only followed. */
const migrations: readonly ((schema: string) => string)[] = [
  (schema) => tablesSql(schema) + functionsSql(schema),
  (schema) => appendOneSql(schema, markEvery),
];

/** Names that would be in the way if somebody else had tables in the schema. */
const relations = ["events", "erased", "marks", "ckpt_schema"];

export interface SchemaOptions {
  /** The ledger's name: its schema's too. */
  readonly ledger: string;
  /** The same, quoted. */
  readonly schema: string;
  readonly shown: string;
  readonly create: boolean;
}

/**
 * Makes the ledger's tables, or brings them to this version; several processes may try at once.
 * @throws StoreError for a server that cannot hold a ledger, somebody else's schema, a newer version, no ledger at all.
 */
export async function openSchema(client: Client, options: SchemaOptions): Promise<void> {
  await refuseUnfit(client, options.shown);
  const version = await schemaVersion(client, options);
  if (version === null && !options.create)
    throw new StoreError(
      "store-unavailable",
      `there is no ledger ${options.ledger} at ${options.shown}`,
      "`ckpt init` or the first `ckpt capture` makes one; ?ledger=NAME names another.",
    );
  if (version !== migrations.length) await migrate(client, options);
  await refuseRestored(client, options);
}

async function migrate(client: Client, options: SchemaOptions): Promise<void> {
  const { schema } = options;
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1, hashtext($2))", [lockClass, `migrate ${schema}`]);
  const version = await schemaVersion(client, options);
  if (version === null) {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`CREATE TABLE ${schema}.ckpt_schema (version integer NOT NULL)`);
    await client.query(`INSERT INTO ${schema}.ckpt_schema VALUES (0)`);
  }
  for (const migration of migrations.slice(version ?? 0)) await client.query(migration(schema));
  await client.query(`UPDATE ${schema}.ckpt_schema SET version = $1`, [migrations.length]);
  await client.query("COMMIT");
}

/** The version of the ledger's tables, null if they are not there. */
async function schemaVersion(client: Client, { ledger, schema, shown }: SchemaOptions): Promise<number | null> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relname = ANY ($2)`,
    [ledger, relations],
  );
  if (rows.length === 0) return null;
  if (!rows.some(({ name }) => name === "ckpt_schema"))
    throw new StoreError(
      "not-a-ledger",
      `the schema ${schema} at ${shown} has a table ${rows[0]!.name} that is not a ledger's`,
      "Nothing was touched. Choose another name: ?ledger=NAME.",
    );
  const version = (await client.query<{ version: number }>(`SELECT version FROM ${schema}.ckpt_schema`)).rows[0]!
    .version;
  if (version > migrations.length)
    throw new StoreError(
      "not-a-ledger",
      `the ledger ${ledger} at ${shown} was written by a newer version (format ${version}, this one reads ${migrations.length})`,
      "Nothing was touched. Use a newer ckpt.",
    );
  return version;
}

async function refuseUnfit(client: Client, shown: string): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    "SELECT current_setting('server_version_num')::integer AS version, current_setting('server_encoding') AS encoding",
  );
  const { version, encoding } = rows[0]!;
  if (version < 130_000)
    throw new StoreError(
      "store-unavailable",
      `the server at ${shown} is PostgreSQL ${Math.floor(version / 10_000)}`,
      "A ledger needs PostgreSQL 13 or newer.",
    );
  if (encoding !== "UTF8")
    throw new StoreError(
      "store-unavailable",
      `the database at ${shown} has the encoding ${encoding}`,
      "Make one for ledgers: createdb --encoding UTF8 --template template0 NAME.",
    );
}

/** After pg_dump and restore the server's transactions may begin below those of the log: it could not be read on. */
async function refuseRestored(client: Client, { ledger, schema, shown }: SchemaOptions): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM ${schema}.events WHERE xid >= pg_snapshot_xmax(pg_current_snapshot()) LIMIT 1`,
  );
  if (rows.length > 0)
    throw new StoreError(
      "store-damaged",
      `the ledger ${ledger} at ${shown} was restored from a dump into another server, whose transactions are numbered otherwise`,
      "Bring a ledger to another server with `ckpt copy`, or restore the whole server from a base backup.",
    );
}
