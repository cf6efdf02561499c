import type { Command } from "commander";
import type { EventSelection } from "../../ledger/event-selection.js";
import type { EventView } from "../../ledger/event-view.js";
import { joinGroup, retryParked } from "../../ledger/join-group.js";
import type { Ledger } from "../../ledger/ledger.js";
import { subscribe } from "../../ledger/subscribe.js";
import { UsageError } from "../exit-codes.js";
import { visible, when, writeThrough } from "../output.js";
import { afterEvent, notEmpty } from "../option-values.js";
import { type CommonOptions, refused, say, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly after?: number;
  readonly from?: string;
  readonly type?: string[];
  readonly stream?: string[];
  readonly design?: string[];
  readonly state?: string[];
  readonly once?: boolean;
  readonly group?: string;
  readonly retryParked?: boolean;
}

export function watchCommand(): Command {
  return storeCommand("watch", "the events as they come, the past ones first", [
    "watch",
    "watch --design lane --type StageCommitted HeadMoved --from end",
    "watch --state failed completed --after 31 --json",
    "watch --once --stream design-lane",
    "watch --group mail --state failed --json       # each event to one of all that run this",
  ])
    .option("--after <event>", "only events after this number", afterEvent)
    .option("--from <position>", "where to begin: a `position` of --json, or end for what comes from now on", notEmpty)
    .option("--type <type...>", "only these types")
    .option("--stream <prefix...>", "only streams that begin so")
    .option("--design <name...>", "only what happens to these designs")
    .option("--state <state...>", "only events by which a checkpoint comes into these states")
    .option("--once", "end when all that is there has been printed")
    .option("--group <name>", "share the events with all that name this group; an event is done once it is printed")
    .option("--retry-parked", "first have what the group's workers have parked delivered again")
    .action(async (options: Options) => {
      refuseMixed(options);
      await withLedger(options, async (ledger) => {
        const controller = new AbortController();
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
        await (options.group === undefined ? watch : work)(ledger, options, controller.signal);
      });
    });
}

async function watch(ledger: Ledger, options: Options, signal: AbortSignal): Promise<void> {
  const { after, from, once } = options;
  const subscribed = await subscribe(ledger, {
    ...selectionOf(options),
    ...(after === undefined ? {} : { after }),
    ...(from === undefined ? {} : { from }),
    signal,
  });
  if (!subscribed.ok) return refused(subscribed);
  for await (const message of subscribed.feed) {
    if (message.kind === "event") {
      await printEvent(options, message.event, { position: message.position });
      continue;
    }
    if (once) return;
    say(`caught up; --from ${message.position} goes on here`);
  }
}

async function work(ledger: Ledger, options: Options, signal: AbortSignal): Promise<void> {
  const { group = "", from } = options;
  if (options.retryParked) {
    const retried = await retryParked(ledger, group);
    if (!retried.ok) return refused(retried);
  }
  const joined = joinGroup(ledger, {
    ...selectionOf(options),
    ...(from === "end" ? { from } : {}),
    group,
    inFlightMax: 1,
    signal,
  });
  if (!joined.ok) return refused(joined);
  for await (const item of joined.items) {
    await printEvent(options, item.event, { retries: item.retries });
    await item.done();
  }
}

function refuseMixed({ group, after, from, once, retryParked: retry }: Options): void {
  if (group === undefined) {
    if (retry) throw new UsageError("--retry-parked is for a group", "Name it with --group.");
    return;
  }
  if (once || after !== undefined || (from !== undefined && from !== "end"))
    throw new UsageError(
      "a group remembers where it is, and does not end",
      "Leave --once, --after and --from out; `--from end` says where a new group begins.",
    );
}

function selectionOf({ type, stream, design, state }: Options): EventSelection {
  return {
    ...(type ? { types: type } : {}),
    ...(stream ? { streamPrefixes: stream } : {}),
    ...(design ? { designs: design } : {}),
    ...(state ? { states: state } : {}),
  };
}

async function printEvent({ json }: Options, event: EventView, more: object): Promise<void> {
  const line = json
    ? JSON.stringify({ ...event, ...more })
    : visible(
        `${String(event.event).padStart(6)}  ${when(event.at)}  ${event.type.padEnd(20)}  ${event.stream}  by ${event.actor}`,
      );
  await writeThrough(`${line}\n`);
}
