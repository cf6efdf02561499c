import { hash } from "node:crypto";
import type { z } from "zod";
import {
  completeCheckpoint,
  createCheckpoint,
  failCheckpoint,
  restoreCheckpoint,
  updateCheckpoint,
} from "../../schemas/commands/checkpoint-commands.js";
import { describeIssues } from "../../schemas/describe-issues.js";
import type { JsonObject } from "../../schemas/names.js";
import { checkpointByKey, checkpointSnapshot, type CheckpointSnapshot } from "../../projections/checkpoints.js";
import { type Checkpoint, type CheckpointCommand, decideCheckpoint, evolveCheckpoint } from "../domain/checkpoint.js";
import { generateCheckpointId } from "../domain/checkpoint-id.js";
import { type Refusal, refuse } from "../domain/refusal.js";
import { appendChained, appendedNumber, decisionsMax, newStream } from "./chained-append.js";
import { derivedId, keyTime, newCommandKey } from "./command-key.js";
import { heldBack } from "./held-back.js";
import type { Caller, Ledger } from "./ledger.js";
import { mergePayload, payloadBytesMax, readPayload, type TaskPayload, writePayload } from "./task-payload.js";

/** A checkpoint as callers see it: its state, and its data and metadata. */
export interface CheckpointView extends Omit<Checkpoint, "payload">, TaskPayload {
  /** Event number of its last change. */
  readonly event: number;
}

export type CheckpointAnswer = { readonly ok: true; readonly checkpoint: CheckpointView } | Refusal;

/**
 * Creates a task checkpoint, or a session one (complete at birth) when `session` is given.
 * @example await create(ledger, { taskId: "build", stepDescription: "place" }, { actor: "agent-7" })
 */
export async function create(ledger: Ledger, input: unknown, caller: Caller = {}): Promise<CheckpointAnswer> {
  const parsed = parse(createCheckpoint, input);
  if (!parsed.ok) return parsed;
  const { data, metadata, session, ...fields } = parsed.value;
  const key = caller.key ?? newCommandKey(ledger.now());
  const known = caller.key === undefined ? null : await madeBy(ledger, caller.key);
  if (known) return await view(ledger, known.checkpoint, known.number);
  const checkpointId = newCheckpointId({ taskId: fields.taskId, step: fields.stepNumber, key });
  const subject = {
    ...defined(fields),
    checkpointId,
    key,
    kind: session ? ("session" as const) : ("task" as const),
    taskTitle: fields.taskTitle ?? fields.taskId,
    ...(session ? { session } : {}),
  } as Extract<CheckpointCommand, { type: "create" }>["data"];
  const command = { type: "create", data: subject } as const;
  return await carryOut(ledger, checkpointId, { ...caller, key }, command, { data, metadata });
}

/** Changes step, description, data or metadata; an update that carries a state is the command of that state. */
export async function update(
  ledger: Ledger,
  checkpointId: string,
  input: unknown,
  caller: Caller = {},
): Promise<CheckpointAnswer> {
  const parsed = parse(updateCheckpoint, input);
  if (!parsed.ok) return parsed;
  const { state, error, data, metadata, replace, ...step } = parsed.value;
  switch (state) {
    case "completed":
      return await complete(ledger, checkpointId, defined({ data }), caller);
    case "failed":
      return await fail(ledger, checkpointId, { error: error ?? { message: "failed" } }, caller);
    case "restored":
      return await restore(ledger, checkpointId, {}, caller);
    case "active":
    case undefined: {
      const change = { data, metadata, replace };
      const nothing = Object.values({ ...step, ...change }).every((value) => value === undefined);
      if (nothing && state === undefined)
        return refuse("invalid", "the update says nothing", "Nothing was written. Name a step, data or a state.");
      const command: CheckpointCommand =
        state === "active" && nothing ? { type: "activate" } : { type: "update", ...step };
      return await run(ledger, checkpointId, caller, command, change);
    }
    default:
      return state satisfies never;
  }
}

/** Completes a task checkpoint with its final data. */
export async function complete(
  ledger: Ledger,
  checkpointId: string,
  input: unknown = {},
  caller: Caller = {},
): Promise<CheckpointAnswer> {
  const parsed = parse(completeCheckpoint, input);
  if (!parsed.ok) return parsed;
  return await run(ledger, checkpointId, caller, { type: "complete" }, parsed.value);
}

/** Marks a checkpoint as failed, with what went wrong. */
export async function fail(
  ledger: Ledger,
  checkpointId: string,
  input: unknown,
  caller: Caller = {},
): Promise<CheckpointAnswer> {
  const parsed = parse(failCheckpoint, input);
  if (!parsed.ok) return parsed;
  return await run(ledger, checkpointId, caller, { type: "fail", error: defined(parsed.value.error) });
}

/** Takes work up again at this checkpoint. */
export async function restore(
  ledger: Ledger,
  checkpointId: string,
  input: unknown = {},
  caller: Caller = {},
): Promise<CheckpointAnswer> {
  const parsed = parse(restoreCheckpoint, input);
  if (!parsed.ok) return parsed;
  return await run(ledger, checkpointId, caller, { type: "restore", ...parsed.value });
}

/** One checkpoint with its data. */
export async function getCheckpoint(ledger: Ledger, checkpointId: string): Promise<CheckpointAnswer> {
  await ledger.readModels.refresh();
  const found = checkpointSnapshot(ledger.readModels.tables, checkpointId);
  return found && !found.checkpoint.deleted
    ? await view(ledger, found.checkpoint, found.number)
    : noCheckpoint(checkpointId);
}

/** A new checkpoint id from a command key: its time, and a suffix that is the same at every try. */
export function newCheckpointId(parts: { taskId: string; step: number; key: string }): string {
  const suffix = hash("sha256", parts.key, "buffer").readUIntBE(0, 5).toString(36).padStart(8, "0");
  return generateCheckpointId({ taskId: parts.taskId, step: parts.step, at: new Date(keyTime(parts.key)), suffix });
}

/** Decides and appends, again from the start when another writer came first. */
export async function runCheckpointCommand(
  ledger: Ledger,
  request: {
    readonly checkpointId: string;
    readonly key: string;
    readonly actor: string;
    readonly step: string;
    readonly causation?: string;
  },
  command: (before: CheckpointSnapshot | null) => Promise<CheckpointCommand | Refusal>,
): Promise<{ ok: true; checkpoint: Checkpoint; number: number; id: string; hash: string } | Refusal> {
  const { checkpointId } = request;
  for (let tries = 0; tries < decisionsMax; tries++) {
    await ledger.readModels.refresh();
    const before = checkpointSnapshot(ledger.readModels.tables, checkpointId);
    const wanted = await command(before);
    if ("ok" in wanted) return wanted;
    const decided = decideCheckpoint(wanted, before?.checkpoint ?? null);
    if (!decided.ok) return decided;
    const result = await appendChained(ledger, {
      ...request,
      stream: `checkpoint-${checkpointId}`,
      tail: before ?? newStream,
      events: decided.events,
    });
    if (result.ok) {
      const checkpoint = decided.events.reduce<Checkpoint | null>(
        (state, event) => evolveCheckpoint(state, event, result.at),
        before?.checkpoint ?? null,
      );
      const number = await appendedNumber(ledger, result);
      return { ok: true, checkpoint: checkpoint!, number, id: result.id, hash: result.hash };
    }
    if (result.code === "id-conflict") return keyUsed(request.key);
    if (result.code !== "wrong-revision")
      throw new Error(`${checkpointId} could not be appended to: ${JSON.stringify(result)}`);
    const held = heldBack(ledger, `checkpoint-${checkpointId}`);
    if (held) return held;
  }
  return refuse(
    "conflict",
    `${checkpointId} is being changed by too many writers at once`,
    "Nothing was written. Try again.",
  );
}

/** Checks a caller's input; the refusal names each bad field. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): { readonly ok: true; readonly value: z.output<Schema> } | Refusal {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  return refuse(
    "invalid",
    describeIssues(parsed.error, "").join("; "),
    "Nothing was written. Correct the field and try again.",
  );
}

export function noCheckpoint(checkpointId: string): Refusal {
  return refuse("not-found", `there is no checkpoint ${checkpointId}`, "`ckpt task list` shows what there is.");
}

interface PayloadChange {
  readonly data?: JsonObject | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly replace?: boolean | undefined;
}

/** Carries a command out, unless an earlier try with the caller's key has done so. */
async function run(
  ledger: Ledger,
  checkpointId: string,
  caller: Caller,
  command: CheckpointCommand,
  change: PayloadChange = {},
): Promise<CheckpointAnswer> {
  const key = caller.key ?? newCommandKey(ledger.now());
  if (caller.key !== undefined && (await isDone(ledger, checkpointId, derivedId(key, command.type))))
    return await getCheckpoint(ledger, checkpointId);
  return await carryOut(ledger, checkpointId, { ...caller, key }, command, change);
}

async function carryOut(
  ledger: Ledger,
  checkpointId: string,
  { key, actor = ledger.actor }: Caller & { readonly key: string },
  command: CheckpointCommand,
  change: PayloadChange,
): Promise<CheckpointAnswer> {
  const request = { checkpointId, key, actor, step: command.type };
  const answer = await runCheckpointCommand(ledger, request, async (before) => {
    const state = before?.checkpoint ?? null;
    // Asked with an empty hand first: a refused command leaves no payload behind.
    const decided = decideCheckpoint(command, state);
    if (!decided.ok) return decided;
    const old = state ? await readPayload(ledger, state) : { data: {}, metadata: {} };
    const payload = mergePayload(old, change);
    if (!payload) return command;
    if (JSON.stringify(payload).length > payloadBytesMax)
      return refuse(
        "too-large",
        `data and metadata of ${checkpointId} exceed ${payloadBytesMax} bytes`,
        "Nothing was written. Keep large results in files and name them here.",
      );
    const reference = await writePayload(ledger, { checkpointId, key, payload });
    return command.type === "create"
      ? { ...command, data: { ...command.data, payload: reference } }
      : ({ ...command, payload: reference } as CheckpointCommand);
  });
  if (answer.ok) return await view(ledger, answer.checkpoint, answer.number);
  return answer.code === "not-found" ? noCheckpoint(checkpointId) : answer;
}

/** The checkpoint that an earlier try with this key made. */
async function madeBy(ledger: Ledger, key: string): Promise<CheckpointSnapshot | null> {
  await ledger.readModels.refresh();
  return checkpointByKey(ledger.readModels.tables, key);
}

/** Whether this very command has been carried out already: its event is in the stream. */
async function isDone(ledger: Ledger, checkpointId: string, eventId: string): Promise<boolean> {
  for await (const event of ledger.store.readStream(`checkpoint-${checkpointId}`))
    if (event.id === eventId) return true;
  return false;
}

async function view(ledger: Ledger, checkpoint: Checkpoint, number: number): Promise<CheckpointAnswer> {
  const { payload: _, ...rest } = checkpoint;
  return { ok: true, checkpoint: { ...rest, ...(await readPayload(ledger, checkpoint)), event: number } };
}

function keyUsed(key: string): Refusal {
  return refuse(
    "conflict",
    `the command key ${key} was used for another command`,
    "Nothing was written. Draw a new key for each command.",
  );
}

/** Leaves out undefined members. */
function defined<T extends object>(data: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
