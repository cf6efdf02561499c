import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL server for the whole run; null where there is none. */
    postgresUrl: string | null;
  }
}

/** One server for the run: POSTGRES_URL, else one that is started here. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env["POSTGRES_URL"];
  const server = given ? null : await startPostgres();
  const url = given || (server?.url ?? null);
  if (url === null) process.stderr.write("PostgreSQL is not tested: set POSTGRES_URL, or install postgresql.\n");
  project.provide("postgresUrl", url);
  return server ? async () => await server.stop() : undefined;
}
