import type { z } from "zod";
import { lifecycleState } from "../../schemas/commands/checkpoint-commands.js";
import type { checkpointCreated } from "../../schemas/events/checkpoint-created.js";
import { type EventType, eventTypes } from "../../schemas/events/event-registry.js";
import { namePattern } from "../../schemas/names.js";
import type { LifecycleState } from "../domain/checkpoint.js";
import { parseCheckpointId } from "../domain/checkpoint-id.js";
import { refuse, type Refusal } from "../domain/refusal.js";
import type { EventFilter, EventStore, StoredEvent } from "../store/event-store.js";

/** Which events somebody wants: those that every part lets through. A part with several values takes any of them. */
export interface EventSelection {
  /** Such as `StageCommitted`. */
  readonly types?: readonly string[];
  /** How the names of streams begin, such as `design-` or `checkpoint-cp_build_`. */
  readonly streamPrefixes?: readonly string[];
  /** All that happens to these designs: their own streams, and the checkpoints of their captures. */
  readonly designs?: readonly string[];
  /** The events by which a checkpoint comes into one of these states; an update of an active one is none. */
  readonly states?: readonly string[];
}

/** A selection in two parts: what the engine leaves out, and what only a look at the event's stream can tell. */
export interface CompiledSelection {
  readonly ok: true;
  readonly filter: Omit<EventFilter, "payload">;
  readonly isWanted: (event: StoredEvent) => Promise<boolean>;
}

type Streams = Pick<EventStore, "readStream">;

/** Streams of which something is remembered. */
const rememberedMax = 10_000;

/** Events of a stream that are looked at in one go. */
const lookBack = 16;

const typesInto = {
  created: ["CheckpointCreated"],
  active: ["CheckpointActivated", "CheckpointProgressed"],
  completed: ["CheckpointCompleted"],
  failed: ["CheckpointFailed"],
  restored: ["CheckpointRestored"],
} as const satisfies Record<LifecycleState, readonly EventType[]>;

/** The only ones that may leave a checkpoint in the state that it was in. */
const activating: readonly string[] = typesInto.active;
const intoAnyState = new Set<string>(Object.values(typesInto).flat());

/**
 * Refused: a type, state or design that there cannot be, and parts that together let nothing through.
 * @example compileSelection(ledger.store, { designs: ["lane"], types: ["StageCommitted", "HeadMoved"] })
 */
export function compileSelection(store: Streams, selection: EventSelection): CompiledSelection | Refusal {
  const states = lifecycleState.array().safeParse(selection.states ?? []);
  if (!states.success) return unknown("state", selection.states, lifecycleState.options);
  const known: readonly string[] = eventTypes;
  if (selection.types?.some((type) => !known.includes(type))) return unknown("event type", selection.types, eventTypes);
  const noDesign = selection.designs?.find((design) => !namePattern.test(design));
  if (noDesign !== undefined)
    return refuse("invalid", `"${noDesign}" cannot be the name of a design`, "`ckpt log` lists the designs.");

  const intoStates = selection.states && states.data.flatMap((state): readonly string[] => typesInto[state]);
  const types = both(selection.types, intoStates);
  const streamPrefixes = narrowest(selection.streamPrefixes, selection.designs?.flatMap(streamsOf));
  if (types?.length === 0)
    return refuse("invalid", "no event of these types brings a checkpoint into these states", "Leave one of them out.");
  if (streamPrefixes?.length === 0)
    return refuse("invalid", "no stream of these designs begins so", "Leave the designs or the beginnings out.");

  const designs = selection.designs && new Set(selection.designs);
  const designOf = designReader(store);
  const isTransition = transitionTest(store);
  return {
    ok: true,
    filter: { ...(types ? { types } : {}), ...(streamPrefixes ? { streamPrefixes } : {}) },
    isWanted: async (event) =>
      (!designs || designs.has((await designOf(event)) ?? "")) && (!selection.states || (await isTransition(event))),
  };
}

/** How they begin; others may, too: a capture's checkpoint bears the design's name as its task. */
function streamsOf(design: string): string[] {
  return [`design-${design}`, `checkpoint-cp_${design}_`];
}

/** Tells the design that an event belongs to; null for none. */
function designReader(store: Streams): (event: StoredEvent) => Promise<string | null> {
  const known = new Map<string, string | null>();
  return async ({ stream }) => {
    if (stream.startsWith("design-")) return stream.slice("design-".length);
    if (!stream.startsWith("checkpoint-") || !parseCheckpointId(stream.slice("checkpoint-".length))) return null;
    const design = known.get(stream) ?? (await capturedDesign(store, stream));
    remember(known, stream, design);
    return design;
  };
}

async function capturedDesign(store: Streams, stream: string): Promise<string | null> {
  for await (const { data } of store.readStream(stream, { limit: 1 })) {
    const { timing } = JSON.parse(data as string) as z.infer<typeof checkpointCreated.schema>;
    return timing?.design ?? null;
  }
  return null;
}

/** Tells whether an event that brings into a state found the checkpoint in another one. */
function transitionTest(store: Streams): (event: StoredEvent) => Promise<boolean> {
  /** The last revision at which a stream was seen to be active. */
  const active = new Map<string, number>();
  return async ({ stream, revision, type }) => {
    if (!activating.includes(type)) return true;
    const wasActive = active.get(stream) === revision - 1 || (await isActiveAt(store, stream, revision - 1));
    remember(active, stream, revision);
    return !wasActive;
  };
}

async function isActiveAt(store: Streams, stream: string, revision: number): Promise<boolean> {
  for (let from = revision; from >= 0; from -= lookBack)
    for await (const { type } of store.readStream(stream, { from, direction: "backwards", limit: lookBack }))
      if (intoAnyState.has(type)) return activating.includes(type);
  return false;
}

function remember<Value>(known: Map<string, Value>, stream: string, value: Value): void {
  if (known.size >= rememberedMax) known.clear();
  known.set(stream, value);
}

/** What is in both lists; null in place of a list stands for everything. */
function both(one: readonly string[] | undefined, other: readonly string[] | undefined): readonly string[] | undefined {
  return one && other ? one.filter((each) => other.includes(each)) : (one ?? other);
}

/** Prefixes of what begins in one of the first ways and in one of the others. */
function narrowest(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!one || !other) return one ?? other;
  const meets = (left: string) =>
    other.flatMap((right) => (left.startsWith(right) ? [left] : right.startsWith(left) ? [right] : []));
  return [...new Set(one.flatMap(meets))];
}

function unknown(what: string, given: readonly string[] | undefined, known: readonly string[]): Refusal {
  const stranger = given?.find((each) => !known.includes(each));
  return refuse("invalid", `there is no ${what} "${stranger}"`, `There are: ${known.join(", ")}.`);
}
