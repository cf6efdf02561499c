import { describe, expect, it } from "vitest";
import { Cache } from "../../src/cache/cache.js";
import { CacheDamagedError, type CacheEntry, type CacheKey } from "../../src/cache/cache-store.js";
import { MemoryCacheStore } from "../../src/cache/memory-cache-store.js";
import {
  type EndpointSegment,
  EndpointIndexWriter,
  findEndpoint,
} from "../../src/timing/path-blocks/endpoint-index.js";

const key: CacheKey = { kind: "made", version: 1, of: "0".repeat(64) };

/** An index of the names, whose places are the ordinals. */
async function indexOf(names: Iterable<string>): Promise<{ entry: CacheEntry; segments: readonly EndpointSegment[] }> {
  let segments: readonly EndpointSegment[] = [];
  const entry = await new Cache(new MemoryCacheStore(1 << 28)).openOrFill(key, async (writer) => {
    // What lies before is of any length.
    writer.write(Buffer.from("odd"));
    const index = new EndpointIndexWriter(writer);
    let ordinal = 0;
    for (const name of names) index.add(Buffer.from(name), ordinal++);
    segments = index.finish();
  });
  return { entry: entry!, segments };
}

function* manyNames(count: number, distinct: number): Generator<string> {
  for (let at = 0; at < count; at++) yield at % 1000 === 7 ? "often" : `u_lane/_${at % distinct}_/D`;
}

describe("the index of endpoints", () => {
  it("finds all paths of a name, over many pages and more than one segment, ascending", async () => {
    const [count, distinct] = [1_300_000, 400_000];
    const { entry, segments } = await indexOf(manyNames(count, distinct));
    expect(segments.length).toBe(2);
    const often = findEndpoint(entry, segments, "often");
    expect(often.filter((ordinal) => ordinal % 1000 === 7).length).toBe(count / 1000);
    expect(often).toEqual(often.toSorted((one, other) => one - other));
    for (const name of [0, 1, 99_999, 399_998]) {
      const places = [0, 1, 2, 3].map((round) => round * distinct + name).filter((at) => at < count);
      expect(findEndpoint(entry, segments, `u_lane/_${name}_/D`)).toEqual(expect.arrayContaining(places));
    }
    const unknown = Array.from({ length: 1000 }, (_, at) => findEndpoint(entry, segments, `none${at}`).length);
    expect(unknown.filter((found) => found > 0).length).toBeLessThan(10);
  });

  it("of no path finds none", async () => {
    const { entry, segments } = await indexOf([]);
    expect(findEndpoint(entry, segments, "u1/D")).toEqual([]);
  });

  it("refuses a page that is not what was written", async () => {
    const { entry, segments } = await indexOf(["u1/D"]);
    entry.read(0, entry.bytes)[10]! ^= 1;
    expect(() => findEndpoint(entry, segments, "u1/D")).toThrow(CacheDamagedError);
  });
});
