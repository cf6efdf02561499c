/**
 * The design aggregate: the tree of a design's stages, its head, where work stands, and the forms in which stages are
 * stored. Read from top to bottom: commands, state, evolve, decide. Pure.
 */
import type { DesignEvent } from "../../schemas/events/event-registry.js";
import { type Decision, type Refusal, refuse } from "./refusal.js";

// Commands

export type DesignCommand =
  | {
      readonly type: "commit-stage";
      readonly design: string;
      readonly stage: string;
      readonly checkpointId: string;
      readonly sealHash: string;
      readonly parent: string | null;
      /** The chunk stream that the stage leans on; null for a full stage. */
      readonly baseStream: string | null;
    }
  | ({ readonly type: "recompact-stage" } & DataOf<"StageRecompacted">)
  | ({ readonly type: "erase-chunks" } & DataOf<"ChunksErased">)
  | ({ readonly type: "finish-compact" } & DataOf<"DesignCompacted">)
  | {
      readonly type: "roll-back";
      readonly design: string;
      /** A stage reference. */
      readonly to: string;
      readonly reason: string;
      readonly by: string;
    };

type DataOf<Type extends DesignEvent["type"]> = Extract<DesignEvent, { type: Type }>["data"];

// State

export interface CommittedStage {
  readonly checkpointId: string;
  readonly stage: string;
  /** 1 for the first of that name in commit order. */
  readonly ordinal: number;
  readonly parent: string | null;
}

export interface Design {
  /** By checkpoint id, in commit order. */
  readonly stages: ReadonlyMap<string, CommittedStage>;
  readonly head: string | null;
  /** Chunk streams of forms that others took the place of; erased ones stay listed, so that nothing comes to lean on them. */
  readonly replaced: ReadonlyMap<string, "kept" | "erased">;
  /** The last stage in commit order for which `compact` has looked for the best base. */
  readonly compactedUpTo: string | null;
}

export const emptyDesign: Design = { stages: new Map(), head: null, replaced: new Map(), compactedUpTo: null };

/** The stage and all it descends from, newest first. */
export function* lineOf(design: Design, checkpointId: string | null): Generator<CommittedStage> {
  for (let at = checkpointId; at !== null;) {
    const stage = design.stages.get(at);
    if (!stage) return;
    yield stage;
    at = stage.parent;
  }
}

/**
 * Finds what a reference means: `cts` is the stage of that name on the head's line, else the newest of that name;
 * `cts#2` is the second of that name in commit order.
 */
export function resolveStage(design: Design, reference: string): CommittedStage | null {
  const [, stage, ordinal] = /^(.*?)(?:#(\d+))?$/su.exec(reference) as unknown as [string, string, string | undefined];
  const alike = [...design.stages.values()].filter((candidate) => candidate.stage === stage);
  if (ordinal !== undefined) return alike.find((candidate) => candidate.ordinal === Number(ordinal)) ?? null;
  for (const candidate of lineOf(design, design.head)) if (candidate.stage === stage) return candidate;
  return alike.at(-1) ?? null;
}

/** How a stage is called so that it means this one and no other: its name, with `#n` where the name came again. */
export function referenceOf(design: Design, checkpointId: string): string {
  const stage = design.stages.get(checkpointId);
  if (!stage) return checkpointId;
  return resolveStage(design, stage.stage) === stage ? stage.stage : `${stage.stage}#${stage.ordinal}`;
}

// Evolve

/** Folds one event; a new state, the old one stays as it was. */
export function evolveDesign(before: Design, event: DesignEvent): Design {
  switch (event.type) {
    case "StageCommitted": {
      const { checkpointId, stage, parent } = event.data;
      const stages = new Map(before.stages);
      const ordinal = 1 + [...stages.values()].filter((other) => other.stage === stage).length;
      stages.set(checkpointId, { checkpointId, stage, ordinal, parent });
      return { ...before, stages, head: parent === before.head ? checkpointId : before.head };
    }
    case "HeadMoved":
      return { ...before, head: event.data.to };
    case "StageRecompacted":
      return { ...before, replaced: new Map([...before.replaced, [event.data.replaces, "kept"]]) };
    case "ChunksErased":
      return { ...before, replaced: new Map([...before.replaced, [event.data.chunks.stream, "erased"]]) };
    case "DesignCompacted":
      return { ...before, compactedUpTo: event.data.upTo };
    default:
      return event satisfies never;
  }
}

// Decide

/** What happens when this command meets this state. */
export function decideDesign(command: DesignCommand, state: Design): Decision<DesignEvent> {
  switch (command.type) {
    case "commit-stage": {
      const { type: _, baseStream, ...data } = command;
      if (data.parent !== null && !state.stages.has(data.parent))
        return refuse("not-found", `the parent ${data.parent} is no stage of ${data.design}`, "Nothing was committed.");
      return (
        refuseTakenName(state, data) ??
        refuseErasedBase(state, baseStream) ?? { ok: true, events: [{ type: "StageCommitted", data }] }
      );
    }
    case "recompact-stage":
      return recompact(command, state);
    case "erase-chunks": {
      const { type: _, ...data } = command;
      return refuseErasure(data.chunks.stream, state) ?? { ok: true, events: [{ type: "ChunksErased", data }] };
    }
    case "finish-compact": {
      const { type: _, ...data } = command;
      return (
        refuseUnknownStage(data.upTo, data.design, state) ?? { ok: true, events: [{ type: "DesignCompacted", data }] }
      );
    }
    case "roll-back":
      return rollBack(command, state);
    default:
      return command satisfies never;
  }
}

/** A name may stand once on a line, or `design@name` would mean two stages. */
export function refuseTakenName(state: Design, request: { design: string; stage: string; parent: string | null }) {
  for (const start of [state.head, request.parent])
    for (const other of lineOf(state, start))
      if (other.stage === request.stage)
        return refuse(
          "exists-already",
          `stage "${request.stage}" of design "${request.design}" exists already`,
          `Nothing was written. Choose another name, or \`ckpt show ${request.design}@${request.stage}\` to see it.`,
        );
  return null;
}

function recompact(command: Extract<DesignCommand, { type: "recompact-stage" }>, state: Design): Decision<DesignEvent> {
  const { type: _, ...data } = command;
  const { design, checkpointId, replaces, form } = data;
  const refused = refuseUnknownStage(checkpointId, design, state) ?? refuseErasedBase(state, form.baseStream);
  if (refused) return refused;
  if (state.replaced.has(replaces))
    return refuse(
      "conflict",
      `${design}@${state.stages.get(checkpointId)!.stage} was written anew by another compact meanwhile`,
      "Nothing was changed. Run `ckpt compact` again.",
    );
  return { ok: true, events: [{ type: "StageRecompacted", data }] };
}

function refuseUnknownStage(checkpointId: string, design: string, state: Design): Refusal | null {
  if (state.stages.has(checkpointId)) return null;
  return refuse("not-found", `${checkpointId} is no committed stage of ${design}`, "Nothing was changed.");
}

/** Blocks whose base is gone could not be read. */
function refuseErasedBase(state: Design, baseStream: string | null): Refusal | null {
  if (baseStream === null || state.replaced.get(baseStream) !== "erased") return null;
  return refuse("conflict", `${baseStream}, which the stage leans on, was erased meanwhile`, "Try again.");
}

/** Only what was replaced may go, and once. */
function refuseErasure(stream: string, state: Design): Refusal | null {
  const found = state.replaced.get(stream);
  if (found === "kept") return null;
  return refuse(
    "conflict",
    found === "erased" ? `${stream} is erased already` : `${stream} is a form that a stage is read from`,
    "Nothing was changed.",
  );
}

function rollBack(command: Extract<DesignCommand, { type: "roll-back" }>, state: Design): Decision<DesignEvent> {
  const { design, to, reason, by } = command;
  const target = resolveStage(state, to);
  if (!target || state.head === null)
    return refuse(
      "not-found",
      `design "${design}" has no stage "${to}"`,
      `Nothing was changed. \`ckpt log ${design}\` lists its stages.`,
    );
  if (target.checkpointId === state.head)
    return refuse(
      "conflict",
      `the head of "${design}" is at "${to}" already`,
      "Nothing was changed, and nothing needs to be.",
    );
  return {
    ok: true,
    events: [{ type: "HeadMoved", data: { design, from: state.head, to: target.checkpointId, reason, by } }],
  };
}
