import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Cache } from "../../src/cache/cache.js";
import { DiskCacheStore } from "../../src/cache/disk-cache-store.js";
import { MemoryCacheStore } from "../../src/cache/memory-cache-store.js";
import { temporaryFolder } from "../temporary-folder.js";
import { cacheStoreContract, has, keyOf, put } from "./cache-store.contract.js";

cacheStoreContract("in memory", (bytesMax) => new MemoryCacheStore(bytesMax));
cacheStoreContract("on disk", (bytesMax) => new DiskCacheStore(join(temporaryFolder(), "cache"), bytesMax));

const sizeOf = (folder: string) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

describe("a cache on disk", () => {
  it("is shared by all who open the folder, and may be deleted under them", async () => {
    const folder = join(temporaryFolder(), "cache");
    const [one, other] = [
      new Cache(new DiskCacheStore(folder, 1 << 20)),
      new Cache(new DiskCacheStore(folder, 1 << 20)),
    ];
    await put(one, keyOf("a"), Buffer.from("whole"));
    const entry = other.open(keyOf("a"))!;
    rmSync(folder, { recursive: true });
    expect(Buffer.from(entry.read(0, 5)).toString()).toBe("whole");
    entry.close();
    expect(has(one, keyOf("a"))).toBe(false);
    expect(await put(one, keyOf("a"), Buffer.from("again"))).toBe(true);
  });

  it("goes without where the folder goes while an entry is written, or cannot be made", async () => {
    const folder = join(temporaryFolder(), "cache");
    const cache = new Cache(new DiskCacheStore(folder, 1 << 20));
    const entry = await cache.openOrFill(keyOf("a"), async (writer) => {
      writer.write(Buffer.from("half"));
      rmSync(folder, { recursive: true });
      writer.write(Buffer.from("whole"));
    });
    expect(entry).toBeNull();
    writeFileSync(folder, "a file");
    expect(await put(cache, keyOf("a"), Buffer.from("x"))).toBe(false);
  });

  it("stays below its bound while an entry is written, drafts counted", async () => {
    const folder = join(temporaryFolder(), "cache");
    const cache = new Cache(new DiskCacheStore(folder, 200_000));
    for (const name of ["a", "b", "c"]) await put(cache, keyOf(name), randomBytes(60_000));
    const entry = await cache.openOrFill(keyOf("d"), async (writer) => {
      for (let part = 0; part < 15; part++) {
        writer.write(randomBytes(10_000));
        expect(sizeOf(folder)).toBeLessThanOrEqual(200_000);
      }
    });
    expect(entry!.bytes).toBe(150_000);
    entry!.close();
  });

  it("clears away what killed processes left, and nothing that is not its own", async () => {
    const folder = join(temporaryFolder(), "cache");
    mkdirSync(folder);
    const left = join(folder, `made-1-${"0".repeat(63)}f.4711-0123456789ab.new`);
    const foreign = join(folder, "notes.txt");
    for (const path of [left, foreign]) {
      writeFileSync(path, "x");
      utimesSync(path, new Date(0), new Date(0));
    }
    await put(new Cache(new DiskCacheStore(folder, 100)), keyOf("a"), Buffer.from("x"));
    expect([existsSync(left), existsSync(foreign)]).toEqual([false, true]);
  });
});
