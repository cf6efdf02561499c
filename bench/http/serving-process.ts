/** A service in a process of its own: `node serving-process.js FILE`. It prints its URL and ends on SIGTERM. */
import { once } from "node:events";
import { serve } from "../../src/http/serve.js";
import { openLedger } from "../../src/index.js";

const ledger = await openLedger(`sqlite:${process.argv[2]}`);
const service = await serve(ledger, { port: 0 });
process.stdout.write(`${service.url}\n`);
await once(process, "SIGTERM");
await service.close();
await ledger.close();
