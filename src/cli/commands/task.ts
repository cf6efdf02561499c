import { Command } from "commander";
import { findCheckpoints } from "../../../projections/checkpoints.js";
import { lifecycleState } from "../../../schemas/commands/checkpoint-commands.js";
import type { JsonObject } from "../../../schemas/names.js";
import {
  type CheckpointAnswer,
  type CheckpointView,
  complete,
  create,
  fail,
  getCheckpoint,
  restore,
  update,
} from "../../ledger/checkpoint-commands.js";
import type { Ledger } from "../../ledger/ledger.js";
import { exitCodes } from "../exit-codes.js";
import { table, when } from "../output.js";
import { afterEvent, uuid, wholeNumber } from "../option-values.js";
import { type CommonOptions, complain, print, refused, withLedger } from "../session.js";
import { storeCommand } from "./store-command.js";

interface Options extends CommonOptions {
  readonly key?: string;
  readonly data?: string;
  readonly metadata?: string;
  readonly replace?: boolean;
  readonly title?: string;
  readonly worker?: string;
  readonly task?: string;
  readonly state?: string;
  readonly parent?: string;
  readonly step?: number;
  readonly of?: number;
  readonly description?: string;
  readonly error?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly limit: number;
  readonly after?: number;
}

/** Checkpoints that `task list` prints unless told otherwise. */
const defaultLimit = 100;

const stepValue = wholeNumber(1, 1_000_000);

export function taskCommand(): Command {
  const task = new Command("task").description("checkpoints of tasks and workers");
  const changing = (name: string, description: string, examples: string[]) =>
    storeCommand(
      name,
      description,
      examples.map((example) => `task ${name} ${example}`),
    )
      .option("--actor <name>", "who does it; default: the user")
      .option("--key <uuid>", "the command key: a retry with the same key does nothing twice", uuid);
  const withData = (command: Command) =>
    command.option("--data <json>", "a JSON object, merged by top-level key").option("--metadata <json>", "likewise");

  task.addCommand(
    withData(
      changing("create", "a new checkpoint of a task", [
        'build --title "Place and route" --worker w1 --of 4',
        "build --data '{\"seed\":7}'",
      ]),
    )
      .argument("<task>")
      .option("--title <text>")
      .option("--worker <id>")
      .option("--parent <checkpoint>", "the checkpoint that it continues")
      .option("--step <n>", "step number, from 1", stepValue)
      .option("--of <n>", "how many steps in all", stepValue)
      .option("--description <text>")
      .action(async (taskId: string, options: Options) => {
        await changeWith(options, { create: true }, (ledger, caller, data) =>
          create(
            ledger,
            pick({
              taskId,
              taskTitle: options.title,
              workerId: options.worker,
              parentCheckpointId: options.parent,
              ...stepOf(options),
              ...data,
            }),
            caller,
          ),
        );
      }),
  );
  task.addCommand(
    withData(
      changing("update", "a step forward", [
        "cp_build_1_… --step 2 --description route",
        "cp_build_1_… --data '{\"done\":120}'",
      ]),
    )
      .argument("<checkpoint>")
      .option("--replace", "take data and metadata as they are, instead of merging")
      .option("--step <n>", "step number, from 1", stepValue)
      .option("--of <n>", "how many steps in all", stepValue)
      .option("--description <text>")
      .action(async (id: string, options: Options) => {
        await changeWith(options, {}, (ledger, caller, data) =>
          update(ledger, id, pick({ ...stepOf(options), ...data, replace: options.replace }), caller),
        );
      }),
  );
  task.addCommand(
    changing("complete", "done, with its final data", ['cp_build_1_… --data \'{"result":"ok"}\''])
      .argument("<checkpoint>")
      .option("--data <json>", "a JSON object, merged by top-level key")
      .action(async (id: string, options: Options) => {
        await changeWith(options, {}, (ledger, caller, data) => complete(ledger, id, data, caller));
      }),
  );
  task.addCommand(
    changing("fail", "it went wrong", ['cp_build_1_… --error "out of memory"'])
      .argument("<checkpoint>")
      .requiredOption("--error <text>", "what went wrong")
      .option("--code <code>")
      .action(async (id: string, options: Options) => {
        await changeWith(options, {}, (ledger, caller) =>
          fail(ledger, id, { error: pick({ message: options.error, code: options.code }) }, caller),
        );
      }),
  );
  task.addCommand(
    changing("restore", "take work up again here", ['cp_build_1_… --reason "the worker died"'])
      .argument("<checkpoint>")
      .option("--reason <text>")
      .action(async (id: string, options: Options) => {
        await changeWith(options, {}, (ledger, caller) =>
          restore(ledger, id, pick({ reason: options.reason }), caller),
        );
      }),
  );
  task.addCommand(
    storeCommand("get", "one checkpoint with its data", ["task get cp_build_1_…"])
      .argument("<checkpoint>")
      .action(async (id: string, options: Options) => {
        await withLedger(options, async (ledger) => answer(options, await getCheckpoint(ledger, id)));
      }),
  );
  task.addCommand(
    storeCommand("list", "checkpoints in order of creation", [
      "task list --task build",
      "task list --state failed --json",
      "task list --worker w1 --limit 20",
    ])
      .option("--task <id>")
      .option("--worker <id>")
      .option("--state <state>", lifecycleState.options.join(", "))
      .option("--limit <n>", "how many at most", wholeNumber(1, 10_000), defaultLimit)
      .option("--after <event>", "the cursor: `next` of the page before", afterEvent)
      .action(async (options: Options) => {
        await withLedger(options, async (ledger) => await list(ledger, options));
      }),
  );
  return task;
}

async function list(ledger: Ledger, options: Options): Promise<void> {
  const state = options.state === undefined ? undefined : lifecycleState.safeParse(options.state);
  if (state && !state.success)
    return complain(
      `"${options.state}" is no state`,
      `States are ${lifecycleState.options.join(", ")}.`,
      exitCodes.usage,
    );
  await ledger.readModels.refresh();
  const { limit } = options;
  const found = findCheckpoints(ledger.readModels.tables, {
    taskId: options.task,
    workerId: options.worker,
    state: state?.data,
    after: options.after,
    limit,
  });
  const next = found.length === limit ? found.at(-1)!.number : null;
  const rows = found.map(({ checkpoint }) => [
    checkpoint.checkpointId,
    checkpoint.kind,
    checkpoint.state,
    checkpoint.taskId,
    checkpoint.workerId ?? "",
    when(checkpoint.updatedAt),
    checkpoint.stepDescription,
  ]);
  print(options, { checkpoints: found.map(({ checkpoint }) => checkpoint), next }, () => [
    ...table([["checkpoint", "kind", "state", "task", "worker", "updated", "step"], ...rows], [0, 1, 2, 3, 4, 5, 6]),
    ...(next === null ? [] : [`more: --after ${next}`]),
  ]);
}

type Caller = { readonly actor?: string | undefined; readonly key?: string | undefined };
type Payload = { readonly data?: JsonObject; readonly metadata?: JsonObject };

async function changeWith(
  options: Options,
  { create: mayCreate = false },
  work: (ledger: Ledger, caller: Caller, data: Payload) => Promise<CheckpointAnswer>,
): Promise<void> {
  let data: Payload;
  try {
    data = pick({
      data: options.data && JSON.parse(options.data),
      metadata: options.metadata && JSON.parse(options.metadata),
    });
  } catch (error) {
    return complain(
      `--data or --metadata is no JSON: ${(error as Error).message}`,
      "Nothing was written. Give an object such as '{\"seed\":7}'.",
      exitCodes.usage,
    );
  }
  await withLedger({ ...options, create: mayCreate }, async (ledger) =>
    answer(options, await work(ledger, { actor: options.actor, key: options.key }, data)),
  );
}

function answer(options: Options, result: CheckpointAnswer): void {
  if (!result.ok) return refused(result);
  const { checkpoint } = result;
  print(options, checkpoint, () => checkpointLines(checkpoint));
}

function checkpointLines(checkpoint: CheckpointView): string[] {
  const { checkpointId, state, stepNumber, totalSteps, stepDescription, event, data } = checkpoint;
  return [
    `${checkpointId}  ${state}  step ${stepNumber}${totalSteps === undefined ? "" : ` of ${totalSteps}`}${stepDescription ? `: ${stepDescription}` : ""}  (event ${event})`,
    ...(Object.keys(data).length > 0 ? [`data: ${JSON.stringify(data)}`] : []),
    ...(checkpoint.error ? [`error: ${checkpoint.error.message}`] : []),
  ];
}

function stepOf(options: Options) {
  return {
    stepNumber: options.step,
    totalSteps: options.of,
    stepDescription: options.description,
  };
}

/** Leaves out what was not given. */
function pick<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
