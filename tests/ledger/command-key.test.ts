import { describe, expect, it } from "vitest";
import { derivedId, keyTime, newCommandKey } from "../../src/ledger/command-key.js";

const key = "0190a5b2-7c3d-7e4f-8a1b-2c3d4e5f6071";

describe("ids derived from a command key", () => {
  // A retry after an upgrade has to find what the version before it wrote.
  it.each([
    [key, "create", "0190a5b2-7c3d-8aa2-94c3-2ec1c8782185"],
    [key, "seal+3", "0190a5b2-7c3d-8eab-a45f-2754fe5843fd"],
    ["ffffffff-ffff-4fff-bfff-ffffffffffff", "update", "ffffffff-ffff-8d5c-8992-cec113a3d242"],
    [key.toUpperCase(), "create", "0190a5b2-7c3d-840f-95ca-b12ec1fce4fc"],
  ])("are those that every version has made: %s %s", (from, step, id) => {
    expect(derivedId(from, step)).toBe(id);
  });
});

describe("a new command key", () => {
  it("is a UUIDv7 of its time, and no two are alike", () => {
    const keys = Array.from({ length: 5000 }, () => newCommandKey(new Date(1_767_225_600_000)));
    expect(new Set(keys).size).toBe(keys.length);
    for (const each of keys) {
      expect(each).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(keyTime(each)).toBe(1_767_225_600_000);
    }
  });

  it("keeps the place of a time with leading zeros", () => {
    expect(keyTime(newCommandKey(new Date(5)))).toBe(5);
  });
});
