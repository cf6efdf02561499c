/** Told apart from other users of advisory locks by this first key: "CKPT". */
export const lockClass = 0x434b5054;

/** SQL for the second key of a stream's lock. */
export function streamKey(schema: string, stream: string): string {
  return `hashtext(${ledgerLiteral(schema)} || ${stream})`;
}

/** SQL for the second key of the lock of a ledger's marks. */
export function marksKey(schema: string): string {
  return `hashtext(${ledgerLiteral(schema)})`;
}

function ledgerLiteral(schema: string): string {
  return `'${schema.replaceAll("'", "''")}.'`;
}
