export { openLedger, type LedgerOptions } from "./open-ledger.js";
