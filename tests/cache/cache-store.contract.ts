import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cache } from "../../src/cache/cache.js";
import { CacheDamagedError, type CacheKey, type CacheStore } from "../../src/cache/cache-store.js";

export const keyOf = (of: string, version = 1): CacheKey => ({ kind: "made", version, of: of.padStart(64, "0") });

/** Keeps an entry of so many bytes; tells whether it stands. */
export async function put(cache: Cache, key: CacheKey, bytes: Uint8Array): Promise<boolean> {
  const entry = await cache.openOrFill(key, async (writer) => writer.write(bytes));
  entry?.close();
  return entry !== null;
}

export function has(cache: Cache, key: CacheKey): boolean {
  const entry = cache.open(key);
  entry?.close();
  return entry !== null;
}

/** What every place for a cache does; `open` gives one that takes so many bytes. */
export function cacheStoreContract(engine: string, open: (bytesMax: number) => CacheStore): void {
  describe(`a cache ${engine}`, () => {
    it("gives back any range of what was written in pieces, and refuses what lies beyond", async () => {
      const cache = new Cache(open(1 << 20));
      const bytes = randomBytes(10_000);
      const entry = await cache.openOrFill(keyOf("a"), async (writer) => {
        for (let at = 0; at < bytes.length; at += 333) {
          expect(writer.bytes).toBe(at);
          writer.write(bytes.subarray(at, at + 333));
        }
      });
      expect(entry!.bytes).toBe(10_000);
      expect(bytes.equals(entry!.read(0, 10_000))).toBe(true);
      expect(bytes.subarray(777, 4000).equals(entry!.read(777, 3223))).toBe(true);
      for (const [at, count] of [
        [9000, 1001],
        [-1, 5],
        [Number.NaN, 5],
      ] as const)
        expect(() => entry!.read(at, count)).toThrow(CacheDamagedError);
      entry!.close();
    });

    it("knows an entry by kind, version and what it is made of", async () => {
      const cache = new Cache(open(1 << 20));
      await put(cache, keyOf("a"), Buffer.from("x"));
      expect([has(cache, keyOf("a")), has(cache, keyOf("b")), has(cache, keyOf("a", 2))]).toEqual([true, false, false]);
      expect(has(cache, { ...keyOf("a"), kind: "other" })).toBe(false);
    });

    it("fills an entry once for all who ask at the same time, and again after it was removed", async () => {
      const cache = new Cache(open(1 << 20));
      let fills = 0;
      const ask = () =>
        cache.openOrFill(keyOf("a"), async (writer) => {
          fills++;
          await new Promise((resolve) => setTimeout(resolve, 5));
          writer.write(Buffer.from("whole"));
        });
      const entries = await Promise.all([ask(), ask(), ask()]);
      expect(fills).toBe(1);
      cache.remove(keyOf("a"));
      for (const entry of entries) {
        expect(Buffer.from(entry!.read(0, 5)).toString()).toBe("whole");
        entry!.close();
      }
      (await ask())!.close();
      expect(fills).toBe(2);
    });

    it("keeps nothing of a filling that fails, and tells its failure to who asked", async () => {
      const cache = new Cache(open(1 << 20));
      const failing = cache.openOrFill(keyOf("a"), async (writer) => {
        writer.write(Buffer.from("half"));
        throw new Error("the stage is damaged");
      });
      await expect(failing).rejects.toThrow("the stage is damaged");
      expect(has(cache, keyOf("a"))).toBe(false);
      expect(await put(cache, keyOf("a"), Buffer.from("whole"))).toBe(true);
    });

    it("drops what was used longest ago when it is full, and never holds more than it may", async () => {
      const cache = new Cache(open(100_000));
      for (const name of ["a", "b", "c"]) {
        expect(await put(cache, keyOf(name), randomBytes(30_000))).toBe(true);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      expect(has(cache, keyOf("a"))).toBe(true);
      await put(cache, keyOf("d"), randomBytes(30_000));
      expect(["a", "b", "c", "d"].map((name) => has(cache, keyOf(name)))).toEqual([true, false, true, true]);
      await put(cache, keyOf("e"), randomBytes(99_000));
      expect(["a", "c", "d", "e"].map((name) => has(cache, keyOf(name)))).toEqual([false, false, false, true]);
    });

    it("answers nothing for an entry that is larger than all of it, or where it is turned off", async () => {
      const cache = new Cache(open(1000));
      expect(await put(cache, keyOf("a"), randomBytes(1001))).toBe(false);
      expect(await put(cache, keyOf("b"), randomBytes(1000))).toBe(true);
      expect(await put(new Cache(open(0)), keyOf("a"), Buffer.from("x"))).toBe(false);
    });
  });
}
