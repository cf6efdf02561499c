import { once } from "node:events";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.js";
import { wholeNumber } from "../option-values.js";
import { type CommonOptions, complain, print, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function serveCommand(): Command {
  return storeCommand("serve", "serve the ledger over REST on this machine: /docs, /api/…, /api/events, /health", [
    "serve",
    "serve --port 8080",
  ])
    .option("--port <n>", "the port; 0 takes a free one", wholeNumber(0, 65_535), 7077)
    .action(async (options: CommonOptions & { port: number }) => {
      await withLedger({ ...options, create: true }, async (ledger) => {
        // Nest is only loaded by who asks for it: every other command starts without.
        const { serve } = await import("../../http/serve.js");
        const { port } = options;
        const service = await serve(ledger, { port }).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
          complain(`port ${port} cannot be had: ${error.message}`, "--port 0 takes a free one.", exitCodes.store);
        });
        if (!service) return;
        const told = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
        print(options, { url: service.url }, () => [
          `checkpoint-ledger at ${service.url}, docs at ${service.url}/docs; ends with Ctrl-C`,
        ]);
        await told;
        await service.close();
      });
    });
}
