import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { generateCheckpointId, parseCheckpointId } from "../../src/domain/checkpoint-id.js";

describe("checkpoint ids", () => {
  it("give back what they were made from, whatever the task is called", () => {
    const task = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(
        task,
        fc.nat(),
        fc.integer({ min: 0, max: 4e12 }),
        fc.stringMatching(/^[0-9a-z]{1,10}$/),
        (taskId, step, time, suffix) => {
          const parts = { taskId, step, at: new Date(time), suffix };
          expect(parseCheckpointId(generateCheckpointId(parts))).toEqual(parts);
        },
      ),
    );
  });

  it("still reads the old form, whose time is in seconds", () => {
    expect(parseCheckpointId("cp_task_1_2_1672531200")).toEqual({
      taskId: "task_1",
      step: 2,
      at: new Date(1672531200000),
      suffix: null,
    });
  });

  it.each(["", "cp_", "cp_a_1", "xp_a_1_2-b", "cp_a_x_2-b"])("does not take %j for one", (text) => {
    expect(parseCheckpointId(text)).toBeNull();
  });
});
