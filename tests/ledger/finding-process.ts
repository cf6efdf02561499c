/** A process of its own that looks for paths: `node finding-process.js LEDGER STAGE`. It prints how many there are. */
import { findPaths } from "../../src/ledger/paths.js";
import { openLedger } from "../../src/open-ledger.js";

const [url = "", stage = ""] = process.argv.slice(2);
const ledger = await openLedger(url, { create: false });
const page = await findPaths(ledger, stage, { limit: 100_000 });
await ledger.close();
process.stdout.write(`${page.ok ? page.paths.length : page.message}\n`);
