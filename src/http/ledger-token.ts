/** Where Nest finds the open ledger. */
export const LEDGER = Symbol("ledger");
