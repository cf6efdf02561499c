import type { SealedFile } from "../../../schemas/stage-seal.js";

/** Forms that may stand under one another, and the text that may have to be read before a stage's own. */
const levelsMax = 16;
const textRatioMax = 16;
const textBytesFree = 64 << 20;

/** Bases that a stage is encoded against, at most, to find the cheapest. */
const candidatesMax = 3;

/** What is looked at to tell which stages are near to one another, without reading any text. */
export interface StageTraits {
  readonly checkpointId: string;
  readonly parent: string | null;
  readonly rawBytes: number;
  readonly files: readonly Pick<SealedFile, "name" | "sha256" | "rawBytes">[];
}

/** A stage committed before, as it is going to be stored. */
export interface PossibleBase extends StageTraits {
  readonly level: number;
  /** Text of all stages under it. */
  readonly textBefore: number;
}

/** Whether reading a stage of so much text through this base takes a bearable time: it means to read all text under it. */
function isWithinReach(base: PossibleBase, rawBytes: number): boolean {
  const text = base.textBefore + base.rawBytes;
  return base.level < levelsMax && text <= Math.max(textBytesFree, textRatioMax * rawBytes);
}

/**
 * The bases worth an attempt, the most promising first; null stands for a full stage. `mustMove`: the form that the stage
 * leans on now is not going to stay, so there has to be an answer. `again`: its present base counts as an attempt too.
 */
export function baseCandidates(
  stage: StageTraits & { readonly base: string | null },
  before: readonly PossibleBase[],
  { mustMove, again }: { readonly mustMove: boolean; readonly again: boolean },
): (string | null)[] {
  const present = before.find(({ checkpointId }) => checkpointId === stage.base);
  const near = before
    .filter((base) => isWithinReach(base, stage.rawBytes))
    .map((base) => ({ base, nearness: nearnessOf(stage, base) }))
    .toReversed()
    .toSorted((one, other) => compare(one.nearness, other.nearness));
  const mayKeepBase = present === undefined || !mustMove || present.level < levelsMax;
  const presentNearness = present && mayKeepBase ? nearnessOf(stage, present) : null;
  const nearest = near.find(({ nearness }) => !presentNearness || compare(nearness, presentNearness) < 0);
  const sibling = near.find(({ base }) => base.parent === stage.parent && stage.parent !== null);
  const parent = near.find(({ base }) => base.checkpointId === stage.parent);
  const countsPresent = mustMove || again;
  // An attempt ends once it takes more than the best one before it.
  const others = near.filter((each) => each === parent || each === sibling || each === nearest);
  const wanted = [
    ...(countsPresent && mayKeepBase ? [stage.base] : []),
    ...others.map(({ base }) => base.checkpointId),
  ];
  const found = [...new Set(wanted)].filter((base) => countsPresent || base !== stage.base);
  const isStranger = presentNearness?.shared === 0;
  if ((found.length === 0 && mustMove) || (isStranger && !found.includes(null))) found.push(null);
  return found.slice(0, candidatesMax);
}

interface Nearness {
  /** Bytes of the stage's text that the other holds too, in files that are the same. */
  readonly same: number;
  /** Files of one name. */
  readonly shared: number;
  /** By how much the sizes of the files differ, those that the other lacks counted whole. */
  readonly apart: number;
}

function nearnessOf(stage: StageTraits, base: StageTraits): Nearness {
  const digests = new Set(base.files.map(({ sha256 }) => sha256));
  const sizes = new Map(base.files.map(({ name, rawBytes }) => [name, rawBytes]));
  let [same, shared, apart] = [0, 0, 0];
  for (const { name, sha256, rawBytes } of stage.files) {
    if (digests.has(sha256)) same += rawBytes;
    if (sizes.has(name)) shared++;
    apart += Math.abs(rawBytes - (sizes.get(name) ?? 0));
  }
  return { same, shared, apart };
}

/** Below 0 if the first is nearer. */
function compare(one: Nearness, other: Nearness): number {
  return other.same - one.same || one.apart - other.apart;
}
