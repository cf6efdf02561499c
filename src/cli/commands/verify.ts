import type { Command } from "commander";
import { verify } from "../../ledger/verify.js";
import { exitCodes } from "../exit-codes.js";
import { count } from "../output.js";
import { ProgressLine } from "../progress-line.js";
import { treeHead } from "../option-values.js";
import { type CommonOptions, complainInWords, print, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

export function verifyCommand(): Command {
  return storeCommand("verify", "check that nothing in the log was altered since it was written", [
    "verify",
    "verify --expect-head 41-9f2c…",
  ])
    .option("--expect-head <head>", "a head noted earlier, <size>-<hex>: the log must still begin with it", treeHead)
    .action(
      async (options: CommonOptions & { expectHead?: string }) =>
        await withLedger({ ...options, inspect: true }, async (ledger) => {
          const progress = new ProgressLine();
          const { expectHead } = options;
          const result = await verify(ledger, {
            ...(expectHead === undefined ? {} : { expectHead }),
            onProgress: (events) => progress.show(() => `verify  ${count(events)} events`),
          });
          progress.end();
          if (result.ok) {
            await ledger.readModels.ready();
            const parked = ledger.readModels.parked().length;
            return print(options, { ...result, parked }, () => [
              `verified: ${count(result.events)} events and ${count(result.chunks)} chunks, every chain whole, head ${result.head}`,
              ...(parked > 0 ? [`parked by read models: ${count(parked)}; \`ckpt projections\` says why`] : []),
            ]);
          }
          if (options.json) print(options, result, () => []);
          const place =
            result.event === null
              ? result.id === null
                ? ""
                : `chunk ${result.id} (${result.stream}): `
              : `event ${result.event} (${result.type}, ${result.stream}): `;
          const others =
            result.faults === 1 ? "Every other event is sound." : `${count(result.faults - 1)} more faults follow.`;
          const cure =
            result.id === null
              ? "Compare with a backup, and with where the head was noted."
              : `${others} \`ckpt verify --json\` has the digests; a backup has the event as it was.`;
          complainInWords(`the ledger does not verify: ${place}${result.reason}`, cure, exitCodes.corrupted);
        }),
    );
}
