import { describe, expect, it } from "vitest";
import type { CheckpointEvent } from "../../schemas/events/event-registry.js";
import {
  type Checkpoint,
  type CheckpointCommand,
  decideCheckpoint,
  evolveCheckpoint,
  isStale,
  validTransitions,
} from "../../src/domain/checkpoint.js";

const id = "cp_build_1_1763690400123-7f3k";
const created: CheckpointEvent = {
  type: "CheckpointCreated",
  data: {
    checkpointId: id,
    kind: "task",
    key: "01980000-0000-7000-8000-000000000000",
    taskId: "build",
    taskTitle: "Build",
    stepNumber: 1,
    stepDescription: "",
  },
};
const activated: CheckpointEvent = { type: "CheckpointActivated", data: {} };
const completed: CheckpointEvent = { type: "CheckpointCompleted", data: {} };
const failed: CheckpointEvent = {
  type: "CheckpointFailed",
  data: { error: { code: "oom", message: "out of memory" } },
};
const restored: CheckpointEvent = { type: "CheckpointRestored", data: {} };

const given = (...events: CheckpointEvent[]) =>
  events.reduce<Checkpoint | null>(
    (state, event, index) => evolveCheckpoint(state, event, `2026-01-01T00:00:0${index}.000Z`),
    null,
  );

const histories = {
  created: [created],
  active: [created, activated],
  completed: [created, completed],
  failed: [created, failed],
  restored: [created, failed, restored],
} as const;

const commands: Record<string, CheckpointCommand> = {
  activate: { type: "activate" },
  update: { type: "update", stepNumber: 2 },
  complete: { type: "complete" },
  fail: { type: "fail", error: { code: "x", message: "y" } },
  restore: { type: "restore" },
};

describe("the checkpoint's life cycle", () => {
  it.each([
    ["created", { activate: "active", update: "active", complete: "completed", fail: "failed", restore: "restored" }],
    ["active", { activate: "active", update: "active", complete: "completed", fail: "failed", restore: "restored" }],
    ["completed", { restore: "restored" }],
    ["failed", { restore: "restored" }],
    ["restored", { activate: "active", update: "active", complete: "completed", fail: "failed", restore: "restored" }],
  ] as const)("from %s allows exactly the table's commands", (from, allowed: Record<string, string>) => {
    const state = given(...histories[from]);
    expect(state!.state).toBe(from);
    for (const [name, command] of Object.entries(commands)) {
      const decision = decideCheckpoint(command, state);
      const next = allowed[name];
      if (next === undefined) {
        expect(decision).toMatchObject({
          ok: false,
          code: "transition-refused",
          allowed: ["restore", "tag", "archive", "delete"],
        });
      } else {
        if (!decision.ok) throw new Error(decision.message);
        expect(given(...histories[from], ...decision.events)!.state).toBe(next);
      }
    }
    expect(new Set(validTransitions(from))).toEqual(new Set(Object.values(allowed)));
  });

  it.each(["created", "active", "completed", "failed", "restored"] as const)(
    "tags, archives and deletes when %s",
    (from) => {
      const state = given(...histories[from]);
      for (const command of [
        { type: "tag", tags: ["golden"] },
        { type: "archive" },
        { type: "delete", erased: [] },
      ] as const)
        expect(decideCheckpoint(command, state)).toMatchObject({ ok: true });
    },
  );

  it("refuses a second creation", () => {
    expect(decideCheckpoint({ type: "create", data: created.data }, given(created))).toMatchObject({
      code: "exists-already",
    });
  });

  it("knows nothing of a checkpoint that was never created, or was deleted", () => {
    const deleted = given(created, { type: "CheckpointDeleted", data: { erased: [] } });
    for (const state of [null, deleted])
      expect(decideCheckpoint({ type: "activate" }, state)).toMatchObject({ code: "not-found" });
  });

  it("gives a session checkpoint its completion at birth", () => {
    const decision = decideCheckpoint(
      { type: "create", data: { ...(created.data as object), kind: "session" } as never },
      null,
    );
    expect(decision).toMatchObject({
      ok: true,
      events: [{ type: "CheckpointCreated" }, { type: "CheckpointCompleted" }],
    });
  });

  it("keeps when it failed, and how, after it is restored", () => {
    expect(given(created, failed, restored)).toMatchObject({
      state: "restored",
      failedAt: "2026-01-01T00:00:01.000Z",
      error: { code: "oom" },
    });
  });

  it("keeps a sealed timing stage sealed, restored or not", () => {
    const timing: CheckpointEvent = {
      type: "CheckpointCreated",
      data: { ...(created.data as object), kind: "timing" } as never,
    };
    const sealed: CheckpointEvent = { type: "CheckpointCompleted", data: { seal: {} as never } };
    for (const command of [commands["activate"]!, commands["update"]!, commands["complete"]!, commands["fail"]!])
      expect(decideCheckpoint(command, given(timing, sealed, restored))).toMatchObject({ code: "transition-refused" });
    const moved = { type: "restore", headMoved: "00000000-0000-8000-8000-000000000000" } as const;
    expect(decideCheckpoint(moved, given(timing, sealed, restored))).toMatchObject({ ok: true });
    expect(decideCheckpoint({ type: "restore" }, given(timing, sealed))).toMatchObject({ code: "invalid" });
    expect(decideCheckpoint({ type: "complete" }, given(timing))).toMatchObject({ code: "invalid" });
  });

  it("calls an unfinished checkpoint stale after a day without a word, a finished one never", () => {
    const later = new Date("2026-01-02T00:00:02.000Z");
    expect(isStale(given(created, activated)!, later)).toBe(true);
    expect(isStale(given(created, activated)!, later, 48)).toBe(false);
    expect(isStale(given(created, completed)!, later)).toBe(false);
  });
});
