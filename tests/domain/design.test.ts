import { describe, expect, it } from "vitest";
import type { DesignEvent } from "../../schemas/events/event-registry.js";
import {
  decideDesign,
  type Design,
  type DesignCommand,
  emptyDesign,
  evolveDesign,
  referenceOf,
  resolveStage,
} from "../../src/domain/design.js";

const committed = (stage: string, checkpointId: string, parent: string | null): DesignEvent => ({
  type: "StageCommitted",
  data: { design: "lane", stage, checkpointId, sealHash: "0".repeat(64), parent },
});
const moved = (from: string, to: string): DesignEvent => ({
  type: "HeadMoved",
  data: { design: "lane", from, to, reason: "r", by: "ann" },
});
const given = (...events: DesignEvent[]): Design => events.reduce(evolveDesign, emptyDesign);
const commit = (stage: string, parent: string | null): DesignCommand =>
  ({
    type: "commit-stage",
    design: "lane",
    stage,
    checkpointId: "new",
    sealHash: "0".repeat(64),
    parent,
    baseStream: null,
  }) as const;
const back = (to: string) => ({ type: "roll-back", design: "lane", to, reason: "r", by: "ann" }) as const;

describe("a design", () => {
  const line = [committed("a", "1", null), committed("b", "2", "1"), committed("c", "3", "2")];

  it("moves its head to a stage committed on it, not to a sibling", () => {
    expect(given(...line).head).toBe("3");
    expect(given(...line, committed("d", "4", "2")).head).toBe("3");
  });

  it("refuses a name that is on the head's line, and takes it again after a rollback", () => {
    expect(decideDesign(commit("b", "3"), given(...line))).toMatchObject({ ok: false, code: "exists-already" });
    expect(decideDesign(commit("b", "1"), given(...line, moved("3", "1")))).toMatchObject({ ok: true });
  });

  it("refuses a name on the line that a sibling would continue: one line never holds a name twice", () => {
    const state = given(...line, moved("3", "1"), committed("x", "4", "1"));
    expect(decideDesign(commit("c", "3"), state)).toMatchObject({ ok: false, code: "exists-already" });
  });

  it("means by a name the stage on the head's line, else the newest; #n the n-th of that name", () => {
    const state = given(...line, moved("3", "1"), committed("b", "5", "1"));
    expect(resolveStage(state, "b")?.checkpointId).toBe("5");
    expect(resolveStage(state, "b#1")?.checkpointId).toBe("2");
    expect(resolveStage(state, "c")?.checkpointId).toBe("3");
    expect(resolveStage(state, "b#3")).toBeNull();
    expect(referenceOf(state, "2")).toBe("b#1");
    expect(referenceOf(state, "5")).toBe("b");
  });

  it("rolls back to any stage, keeps them all, and refuses an unknown one or the head itself", () => {
    const state = given(...line);
    expect(decideDesign(back("a"), state)).toEqual({
      ok: true,
      events: [moved("3", "1")].map((event) => ({ ...event })),
    });
    expect(given(...line, moved("3", "1")).stages.size).toBe(3);
    expect(decideDesign(back("nope"), state)).toMatchObject({ code: "not-found" });
    expect(decideDesign(back("c"), state)).toMatchObject({ code: "conflict" });
  });
});

describe("the forms of a design's stages", () => {
  const chunks = (stream: string) => ({ stream, count: 1, bytes: 9, storedBytes: 99, root: "0".repeat(64) });
  const form = (stream: string, baseStream: string | null) => ({
    chunks: chunks(stream),
    manifest: { at: 0, bytes: 9 },
    base: baseStream === null ? null : "1",
    baseStream,
    level: baseStream === null ? 0 : 1,
    chainBytes: 9,
  });
  const recompact = (
    checkpointId: string,
    replaces: string,
    to: string,
    base: string | null = null,
  ): DesignCommand => ({
    type: "recompact-stage",
    design: "lane",
    checkpointId,
    replaces,
    form: form(to, base),
    storedBytes: [9],
  });
  const erase = (stream: string) =>
    ({ type: "erase-chunks", design: "lane", checkpointId: "1", chunks: chunks(stream) }) as const;
  const finish = (upTo: string) =>
    ({ type: "finish-compact", design: "lane", upTo, rewritten: 1, bytesBefore: 9, bytesAfter: 8 }) as const;
  const line = [committed("a", "1", null), committed("b", "2", "1")];

  /** The events of a command that is allowed. */
  const happened = (command: DesignCommand, ...before: DesignEvent[]): DesignEvent[] => {
    const decided = decideDesign(command, given(...before));
    if (!decided.ok) throw new Error(decided.message);
    return [...before, ...decided.events];
  };
  const replaced = happened(recompact("1", "chunks-1-1", "chunks-1-2"), ...line);
  const erased = happened(erase("chunks-1-1"), ...replaced);

  it("are replaced one after the other, each once, of committed stages alone", () => {
    expect(replaced.at(-1)).toMatchObject({ type: "StageRecompacted", data: { replaces: "chunks-1-1" } });
    expect(decideDesign(recompact("1", "chunks-1-1", "chunks-1-3"), given(...replaced))).toMatchObject({
      code: "conflict",
    });
    expect(decideDesign(recompact("1", "chunks-1-2", "chunks-1-3"), given(...replaced))).toMatchObject({ ok: true });
    expect(decideDesign(recompact("3", "chunks-3-1", "chunks-3-2"), given(...line))).toMatchObject({
      code: "not-found",
    });
  });

  it("are erased once, and only when another took their place", () => {
    expect(erased.at(-1)).toMatchObject({ type: "ChunksErased", data: { chunks: { stream: "chunks-1-1" } } });
    expect(decideDesign(erase("chunks-1-2"), given(...erased))).toMatchObject({ code: "conflict" });
    expect(decideDesign(erase("chunks-1-1"), given(...erased))).toMatchObject({ code: "conflict" });
  });

  it("lean on nothing that is erased, neither written anew nor committed by a capture", () => {
    const late = { ...commit("c", "2"), baseStream: "chunks-1-1" } as DesignCommand;
    expect(decideDesign(late, given(...replaced))).toMatchObject({ ok: true });
    expect(decideDesign(late, given(...erased))).toMatchObject({ code: "conflict" });
    const leaning = recompact("2", "chunks-2-1", "chunks-2-2", "chunks-1-1");
    expect(decideDesign(leaning, given(...replaced))).toMatchObject({ ok: true });
    expect(decideDesign(leaning, given(...erased))).toMatchObject({ code: "conflict" });
  });

  it("are remembered as looked at up to a stage, and leave head and stages as they are", () => {
    const state = given(...happened(finish("2"), ...erased));
    expect(state).toMatchObject({ head: "2", compactedUpTo: "2" });
    expect([...state.stages.keys()]).toEqual(["1", "2"]);
    expect(decideDesign(finish("3"), state)).toMatchObject({ code: "not-found" });
  });
});
