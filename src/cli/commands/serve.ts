import { once } from "node:events";
import type { Command } from "commander";
import { exitCodes } from "../exit-codes.js";
import { type CommonOptions, complain, print, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function serveCommand(): Command {
  return storeCommand("serve", "serve the ledger over REST on this machine: /docs, /api/…, /api/events, /health", [
    "serve",
    "serve --port 8080",
  ])
    .option("--port <n>", "the port; 0 takes a free one", "7077")
    .action(async (options: CommonOptions & { port: string }) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535)
        return complain(`"${options.port}" is no port`, "Ports are 0 to 65535.", exitCodes.usage);
      await withLedger({ ...options, create: true }, async (ledger) => {
        // Nest is only loaded by who asks for it: every other command starts without.
        const { serve } = await import("../../http/serve.js");
        const service = await serve(ledger, { port });
        const told = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
        print(options, { url: service.url }, () => [
          `checkpoint-ledger at ${service.url}, docs at ${service.url}/docs; ends with Ctrl-C`,
        ]);
        await told;
        await service.close();
      });
    });
}
