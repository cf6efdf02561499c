import type { StatementCache } from "../../projections/statement-cache.js";

/** All rows of all read models, by table. */
export function dumpReadModels(ledger: {
  readonly readModels: { readonly tables: StatementCache };
}): Record<string, unknown> {
  const { tables } = ledger.readModels;
  const names = tables.all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'rm~_%' ESCAPE '~' ORDER BY name`,
  );
  return Object.fromEntries(names.map(({ name }) => [name, tables.all(`SELECT * FROM ${name} ORDER BY 1`)]));
}
