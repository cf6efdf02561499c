/**
 * The design aggregate: the tree of a design's stages and its head, where work stands. Read from top to bottom:
 * commands, state, evolve, decide. Pure.
 */
import type { DesignEvent } from "../../schemas/events/event-registry.js";
import { type Decision, refuse } from "./refusal.js";

// Commands

export type DesignCommand =
  | {
      readonly type: "commit-stage";
      readonly design: string;
      readonly stage: string;
      readonly checkpointId: string;
      readonly sealHash: string;
      readonly parent: string | null;
    }
  | {
      readonly type: "roll-back";
      readonly design: string;
      /** A stage reference. */
      readonly to: string;
      readonly reason: string;
      readonly by: string;
    };

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
}

export const emptyDesign: Design = { stages: new Map(), head: null };

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
      return { stages, head: parent === before.head ? checkpointId : before.head };
    }
    case "HeadMoved":
      return { ...before, head: event.data.to };
    default:
      return event satisfies never;
  }
}

// Decide

/** What happens when this command meets this state. */
export function decideDesign(command: DesignCommand, state: Design): Decision<DesignEvent> {
  switch (command.type) {
    case "commit-stage": {
      const { type: _, ...data } = command;
      if (data.parent !== null && !state.stages.has(data.parent))
        return refuse("not-found", `the parent ${data.parent} is no stage of ${data.design}`, "Nothing was committed.");
      return refuseTakenName(state, data) ?? { ok: true, events: [{ type: "StageCommitted", data }] };
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
