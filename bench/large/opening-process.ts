/** A process of its own that opens a ledger: `node opening-process.js FILE`. It prints the milliseconds that it took. */
import { openLedger } from "../../src/index.js";

const start = performance.now();
const ledger = await openLedger(`sqlite:${process.argv[2]}`, { create: false });
process.stdout.write(String(performance.now() - start));
await ledger.close();
