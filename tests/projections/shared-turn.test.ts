import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { sharedTurn } from "../../projections/shared-turn.js";

describe("a shared turn", () => {
  it("runs once for all who ask in the same turn of the event loop, however short the work is", async () => {
    let runs = 0;
    const ask = sharedTurn(async () => void runs++);
    const askAfter = async (microtasks: number) => {
      for (let at = 0; at < microtasks; at++) await Promise.resolve();
      await ask();
    };
    await Promise.all(Array.from({ length: 100 }, async (_, which) => await askAfter(which)));
    expect(runs).toBe(1);
  });

  it("begins anew for who asks while it runs", async () => {
    let begun = 0;
    let finish = () => {};
    const ask = sharedTurn(async () => {
      begun++;
      await new Promise<void>((resolve) => (finish = resolve));
    });
    const first = ask();
    while (begun < 1) await nextTurn();
    const second = ask();
    finish();
    await first;
    while (begun < 2) await nextTurn();
    finish();
    await second;
    expect(begun).toBe(2);
  });

  it("goes on after a run that failed", async () => {
    let runs = 0;
    const ask = sharedTurn(async () => {
      if (++runs === 1) throw new Error("the disk is full");
    });
    await expect(ask()).rejects.toThrow("the disk is full");
    await ask();
    expect(runs).toBe(2);
  });
});
