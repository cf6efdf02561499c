import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { inject, onTestFinished } from "vitest";

/** The run's PostgreSQL server; null where there is none, and tests of it are skipped. */
export const postgresUrl = inject("postgresUrl");

/** The URL of a ledger that nobody has used yet; its schema goes with the test. */
export function newPostgresLedger(): string {
  const ledger = `test-${randomUUID()}`;
  onTestFinished(
    async () => await asOther(async (client) => void (await client.query(`DROP SCHEMA IF EXISTS "${ledger}" CASCADE`))),
  );
  return ledgerUrl(ledger);
}

export function ledgerUrl(ledger: string): string {
  return `${postgresUrl!}${postgresUrl!.includes("?") ? "&" : "?"}ledger=${ledger}`;
}

/** The same URL, of another database of the server. */
export function inDatabase(url: string, database: string): string {
  return url.replace(/\/[^/?]*(?=\?|$)/, `/${database}`);
}

/** Work on a connection that is none of the ledger's. */
export async function asOther<T>(work: (client: Client) => Promise<T>, server = postgresUrl!): Promise<T> {
  const client = new Client(server);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
