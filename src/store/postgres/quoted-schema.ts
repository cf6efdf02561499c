/** A ledger's name as the quoted identifier of its schema: safe inside SQL text. */
export function quotedSchema(ledger: string): string {
  return `"${ledger.replaceAll('"', '""')}"`;
}
