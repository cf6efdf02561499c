/** The service by itself, for `nest start` and containers: configuration comes from CKPT_STORE, CKPT_HOST and CKPT_PORT. */
import { serve } from "./http/serve.js";
import { openLedger } from "./open-ledger.js";

const ledger = await openLedger(process.env["CKPT_STORE"] || "sqlite:.ckpt/ledger.db");
const port = Number(process.env["CKPT_PORT"] ?? 7077);
const service = await serve(ledger, { port, host: process.env["CKPT_HOST"] ?? "127.0.0.1" });
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    void service.close().then(() => ledger.close());
  });
process.stdout.write(`checkpoint-ledger at ${service.url}, docs at ${service.url}/docs\n`);
