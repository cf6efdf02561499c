/**
 * The checkpoint aggregate: one unit of work, one timing capture or one session, from creation to its end. Read from
 * top to bottom: commands, state, evolve, decide. Pure: times and ids arrive from outside.
 */
import type { z } from "zod";
import type { LifecycleState } from "../../schemas/commands/checkpoint-commands.js";
import type { checkpointCreated } from "../../schemas/events/checkpoint-created.js";
import type { checkpointFailed } from "../../schemas/events/checkpoint-failed.js";
import type { CheckpointEvent } from "../../schemas/events/event-registry.js";
import type { PayloadReference } from "../../schemas/payload-reference.js";
import type { StageSeal } from "../../schemas/stage-seal.js";
import { type Decision, refuse } from "./refusal.js";

// Commands

type CreatedData = z.infer<typeof checkpointCreated.schema>;
type Failure = z.infer<typeof checkpointFailed.schema>;

export type CheckpointCommand =
  | { readonly type: "create"; readonly data: CreatedData }
  | { readonly type: "activate" }
  | {
      readonly type: "update";
      readonly stepNumber?: number | undefined;
      readonly totalSteps?: number | undefined;
      readonly stepDescription?: string | undefined;
      readonly payload?: PayloadReference | undefined;
      readonly leaseUntil?: string | undefined;
    }
  | {
      readonly type: "complete";
      readonly payload?: PayloadReference | undefined;
      readonly seal?: StageSeal | undefined;
    }
  | {
      readonly type: "fail";
      readonly error: Failure["error"];
      readonly abandoned?: boolean | undefined;
      readonly chunks?: PayloadReference[] | undefined;
    }
  | { readonly type: "restore"; readonly reason?: string | undefined; readonly headMoved?: string | undefined }
  | { readonly type: "tag"; readonly tags: readonly string[] }
  | { readonly type: "archive"; readonly reason?: string | undefined }
  | { readonly type: "delete"; readonly reason?: string | undefined; readonly erased: readonly PayloadReference[] };

// State

export type { LifecycleState };

export interface Checkpoint extends Omit<CreatedData, "payload" | "tags"> {
  readonly state: LifecycleState;
  /** UTC; `updatedAt` is the time of the last event. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly payload: PayloadReference | null;
  readonly tags: readonly string[];
  /** Kept when it is restored later: a rolled-back-to stage is still a sealed stage. */
  readonly completedAt: string | null;
  readonly failedAt: string | null;
  readonly error: Failure["error"] | null;
  readonly abandoned: boolean;
  readonly restoredAt: string | null;
  /** A timing checkpoint whose manifest is written. */
  readonly sealed: boolean;
  readonly leaseUntil: string | null;
  readonly archived: boolean;
  readonly deleted: boolean;
}

const allowedCommands = {
  created: ["activate", "update", "complete", "fail", "restore"],
  active: ["activate", "update", "complete", "fail", "restore"],
  completed: ["restore"],
  failed: ["restore"],
  restored: ["activate", "update", "complete", "fail", "restore"],
} as const satisfies Record<LifecycleState, readonly string[]>;

const stateAfter = {
  activate: "active",
  update: "active",
  complete: "completed",
  fail: "failed",
  restore: "restored",
} as const satisfies Record<string, LifecycleState>;

/** The states that a checkpoint in this state can come to next. */
export function validTransitions(state: LifecycleState): LifecycleState[] {
  return [...new Set(allowedCommands[state].map((command) => stateAfter[command]))];
}

/** Whether an unfinished checkpoint has not been heard of for so long; a finished one is never stale. */
export function isStale(checkpoint: Checkpoint, now: Date, maxAgeHours = 24): boolean {
  const finished = checkpoint.state === "completed" || checkpoint.state === "failed";
  return !finished && now.getTime() - Date.parse(checkpoint.updatedAt) > maxAgeHours * 3_600_000;
}

// Evolve

/** Folds one event; `at` is the event's own timestamp. */
export function evolveCheckpoint(before: Checkpoint | null, event: CheckpointEvent, at: string): Checkpoint {
  if (event.type === "CheckpointCreated") return created(event.data, at);
  if (!before) throw new Error(`${event.type} before CheckpointCreated: the stream does not begin at its beginning`);
  const state = { ...before, updatedAt: at };
  switch (event.type) {
    case "CheckpointActivated":
      return { ...state, state: "active" };
    case "CheckpointProgressed": {
      const { stepNumber, totalSteps, stepDescription, payload, leaseUntil } = event.data;
      return {
        ...state,
        state: "active",
        stepNumber: stepNumber ?? state.stepNumber,
        ...(totalSteps === undefined ? {} : { totalSteps }),
        stepDescription: stepDescription ?? state.stepDescription,
        payload: payload ?? state.payload,
        leaseUntil: leaseUntil ?? state.leaseUntil,
      };
    }
    case "CheckpointCompleted":
      return {
        ...state,
        state: "completed",
        completedAt: at,
        payload: event.data.payload ?? state.payload,
        sealed: event.data.seal !== undefined,
        leaseUntil: null,
      };
    case "CheckpointFailed":
      return {
        ...state,
        state: "failed",
        failedAt: at,
        error: event.data.error,
        abandoned: event.data.abandoned ?? false,
        leaseUntil: null,
      };
    case "CheckpointRestored":
      return { ...state, state: "restored", restoredAt: at };
    case "CheckpointTagged":
      return { ...state, tags: event.data.tags };
    case "CheckpointArchived":
      return { ...state, archived: true };
    case "CheckpointDeleted":
      return { ...state, deleted: true, payload: null };
    default:
      return event satisfies never;
  }
}

/** What is so of every checkpoint until an event says otherwise. */
export const untilSaidOtherwise = {
  payload: null,
  tags: [],
  completedAt: null,
  failedAt: null,
  error: null,
  abandoned: false,
  restoredAt: null,
  sealed: false,
  leaseUntil: null,
  archived: false,
  deleted: false,
} as const satisfies Partial<Checkpoint>;

function created(data: CreatedData, at: string): Checkpoint {
  return {
    ...data,
    ...untilSaidOtherwise,
    payload: data.payload ?? null,
    tags: data.tags ?? untilSaidOtherwise.tags,
    leaseUntil: data.timing?.leaseUntil ?? null,
    state: "created",
    createdAt: at,
    updatedAt: at,
  };
}

// Decide

/** What happens when this command meets this state: the events, or a refusal that names what is allowed. */
export function decideCheckpoint(command: CheckpointCommand, state: Checkpoint | null): Decision<CheckpointEvent> {
  if (command.type === "create") return create(command.data, state);
  if (!state || (state.deleted && command.type !== "delete"))
    return refuse(
      "not-found",
      "there is no such checkpoint",
      "List the checkpoints of a task with `ckpt task list --task ID`.",
    );
  const refused = refuseTransition(command.type, state);
  if (refused) return refused;
  switch (command.type) {
    case "activate":
      return happened({ type: "CheckpointActivated", data: {} });
    case "update": {
      const { type: _, ...data } = command;
      return happened({ type: "CheckpointProgressed", data: defined(data) });
    }
    case "complete": {
      const { type: _, ...data } = command;
      if (state.kind === "timing" && !data.seal)
        return refuse(
          "invalid",
          "a timing checkpoint is completed by its capture, with a manifest",
          "Use `ckpt capture`.",
        );
      return happened({ type: "CheckpointCompleted", data: defined(data) });
    }
    case "fail": {
      const { type: _, ...data } = command;
      return happened({ type: "CheckpointFailed", data: defined(data) });
    }
    case "restore": {
      const { type: _, ...data } = command;
      if (state.kind === "timing" && data.headMoved === undefined)
        return refuse(
          "invalid",
          `${state.checkpointId} is a timing stage: it is stood at again by moving the head`,
          "Nothing was written. Use `ckpt rollback`.",
        );
      return happened({ type: "CheckpointRestored", data: defined(data) });
    }
    case "tag":
      return happened({ type: "CheckpointTagged", data: { tags: [...command.tags] } });
    case "archive": {
      const { type: _, ...data } = command;
      return happened({ type: "CheckpointArchived", data: defined(data) });
    }
    case "delete": {
      const { type: _, erased, ...data } = command;
      if (state.deleted) return happened();
      return happened({ type: "CheckpointDeleted", data: { ...defined(data), erased: [...erased] } });
    }
    default:
      return command satisfies never;
  }
}

function create(data: CreatedData, state: Checkpoint | null): Decision<CheckpointEvent> {
  if (state) return refuse("exists-already", `checkpoint ${data.checkpointId} exists already`, "Nothing was written.");
  const birth: CheckpointEvent = { type: "CheckpointCreated", data };
  // A session is a snapshot: there is nothing left to do once it is taken.
  return data.kind === "session" ? happened(birth, { type: "CheckpointCompleted", data: {} }) : happened(birth);
}

function refuseTransition(command: Exclude<CheckpointCommand["type"], "create">, state: Checkpoint) {
  if (command === "tag" || command === "archive" || command === "delete") return null;
  const allowed: readonly string[] = state.sealed ? ["restore"] : allowedCommands[state.state];
  if (allowed.includes(command)) return null;
  const what = state.sealed ? "is a sealed timing stage" : `is ${state.state}`;
  return refuse(
    "transition-refused",
    `cannot ${command} ${state.checkpointId}: it ${what}`,
    `Nothing was written. Allowed now: ${[...allowed, "tag", "archive", "delete"].join(", ")}.`,
    [...allowed, "tag", "archive", "delete"],
  );
}

function happened(...events: CheckpointEvent[]): Decision<CheckpointEvent> {
  return { ok: true, events };
}

/** Leaves out undefined members: an event holds only what was said. */
function defined<T extends object>(data: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
