import type { Command } from "commander";
import { watch } from "../../ledger/watch.js";
import { writeOut, when } from "../output.js";
import { afterEvent } from "../option-values.js";
import { type CommonOptions, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly after: number;
  readonly type?: string[];
  readonly stream?: string[];
  readonly once?: boolean;
}

export function watchCommand(): Command {
  return storeCommand("watch", "the events as they come, the past ones first", [
    "watch",
    "watch --after 31 --type StageCommitted --json",
    "watch --once --stream design-lane",
  ])
    .option("--after <event>", "only events after this number", afterEvent, 0)
    .option("--type <type...>", "only these types")
    .option("--stream <prefix...>", "only streams that begin so")
    .option("--once", "end when all that is there has been printed")
    .action(
      async (options: Options) =>
        await withLedger(options, async (ledger) => {
          const controller = new AbortController();
          process.once("SIGINT", () => controller.abort());
          const filter = {
            ...(options.type ? { types: options.type } : {}),
            ...(options.stream ? { streamPrefixes: options.stream } : {}),
          };
          for await (const event of watch(ledger, {
            after: options.after,
            filter,
            signal: controller.signal,
          })) {
            if (event === null) {
              if (options.once) break;
              continue;
            }
            const line = options.json
              ? JSON.stringify(event)
              : `${String(event.event).padStart(6)}  ${when(event.at)}  ${event.type.padEnd(20)}  ${event.stream}  by ${event.actor}`;
            await writeOut(`${line}\n`);
          }
        }),
    );
}
