import { describe, expect, it } from "vitest";
import type { DesignEvent } from "../../schemas/events/event-registry.js";
import {
  decideDesign,
  type Design,
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
const commit = (stage: string, parent: string | null) =>
  ({ type: "commit-stage", design: "lane", stage, checkpointId: "new", sealHash: "0".repeat(64), parent }) as const;
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
