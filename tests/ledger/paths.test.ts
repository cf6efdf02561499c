import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Ledger } from "../../src/ledger/ledger.js";
import { findPaths, type PathQuery, readColumns } from "../../src/ledger/paths.js";
import { filesOf, findStage } from "../../src/ledger/stage-access.js";
import { type LedgerOptions, openLedger } from "../../src/open-ledger.js";
import { everyReport } from "../opensta/every-report.js";
import { chunksOf, keep, type StageFiles, withDamagedChunks } from "../timing/kept-stages.js";
import { makeDesign } from "../timing/made-design.js";
import { reportsOf } from "../timing/made-reports.js";
import { makeStyle } from "../timing/made-style.js";
import { seedsFrom } from "../timing/random-runs.js";
import { SeededRandom } from "../timing/seeded-random.js";
import { temporaryFolder } from "../temporary-folder.js";
import { clocksIn, type FoundPath, isWanted, pathsIn } from "./paths-oracle.js";

async function open(url: string, options: LedgerOptions = {}): Promise<Ledger> {
  const ledger = await openLedger(url, { actor: "test", ...options });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** A ledger on disk with a stage, and the folder of its cache. */
async function stored(
  files: StageFiles,
  options?: LedgerOptions,
): Promise<{ ledger: Ledger; url: string; cache: string }> {
  const folder = temporaryFolder();
  const url = `sqlite:${join(folder, "ledger.db")}`;
  const ledger = await open(url, options);
  await keep(ledger, "s", files);
  return { ledger, url, cache: join(folder, "cache") };
}

const madeFiles = (seed: number, cells = 60): StageFiles =>
  new Map(
    [...reportsOf(makeDesign(seed, { cells }), makeStyle(seed))]
      .filter(([name]) => name.endsWith("full.rpt"))
      .map(([name, text]) => [name, Buffer.from(text)]),
  );

const realFiles = async (): Promise<StageFiles> =>
  new Map(
    [...(await everyReport())].filter(([name, bytes]) => name.endsWith(".rpt") && bytes.includes("Startpoint: ")),
  );

/** Those of the files that the stage has as reports of paths, in its order. */
async function reportsOfPaths(ledger: Ledger, files: StageFiles): Promise<StageFiles> {
  const found = await findStage(ledger, "made@s");
  if (!found.ok) throw new Error(found.message);
  const sealed = await filesOf(ledger, found.row);
  return new Map(sealed.filter(({ kind }) => kind === "paths").map(({ name }) => [name, files.get(name)!]));
}

async function allOf(ledger: Ledger, query: Omit<PathQuery, "limit"> = {}): Promise<readonly FoundPath[]> {
  const page = await findPaths(ledger, "made@s", { ...query, limit: 100_000 });
  if (!page.ok) throw new Error(page.message);
  return page.paths;
}

/** Queries that some of these paths meet. */
function queriesFor(all: readonly FoundPath[], random: SeededRandom): Omit<PathQuery, "limit">[] {
  const path = random.pick(all);
  const slack = typeof path.slack === "number" ? path.slack : 0;
  const clock = [path.startpointReason, path.endpointReason].flatMap(clocksIn)[0];
  const { group, type, corner, file } = path;
  const parts = {
    group,
    type,
    file,
    ...(clock === undefined ? {} : { clock }),
    ...(corner === null ? {} : { corner }),
  };
  return [
    { slackMax: slack },
    { slackMin: slack },
    { slackMax: slack, slackMin: slack - 0.1 },
    { endpoint: path.endpoint },
    { endpoint: path.points.at(-1)?.pin ?? path.endpoint },
    { endpoint: path.endpoint, ...parts },
    { endpoint: path.startpoint },
    ...Object.entries(parts).map(([name, value]) => ({ [name]: value })),
    parts,
    { ...parts, slackMax: slack },
    { group: "no such group" },
  ];
}

/** Asks in pages of a few paths, with all that was asked before forgotten but for the cursor. */
async function inPages(ledger: Ledger, query: Omit<PathQuery, "limit">, limit: number) {
  const paths: FoundPath[] = [];
  const cursors: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await findPaths(ledger, "made@s", { ...query, limit, cursor });
    if (!page.ok) throw new Error(page.message);
    paths.push(...page.paths);
    cursor = page.next ?? undefined;
    if (cursor !== undefined) cursors.push(cursor);
  } while (cursor !== undefined);
  return { paths, cursors };
}

describe.each([
  ["kept on disk", "sqlite", {}, 2],
  ["kept in memory", "memory:", {}, 8],
  ["read as text where nothing may be kept", "memory:", { cacheBytesMax: 0 }, 24],
] as const)("paths %s", (_, engine, options, everyNth) => {
  const openEngine = async () =>
    await open(engine === "memory:" ? engine : `sqlite:${join(temporaryFolder(), "ledger.db")}`, options);

  it("are those of the text, deeply equal, for every report of both real tools and any filter", async () => {
    const files = new Map([...(await realFiles())].filter((__, at) => at % everyNth === 0));
    const ledger = await openEngine();
    await keep(ledger, "s", files);
    const all = await pathsIn(await reportsOfPaths(ledger, files));
    expect(all.length).toBeGreaterThan(100);
    const paths = all.map(({ path }) => path);
    expect(await allOf(ledger)).toEqual(paths);
    const random = new SeededRandom(7);
    for (let run = 0; run < 3; run++)
      for (const query of queriesFor(paths, random))
        expect(await allOf(ledger, query), JSON.stringify(query)).toEqual(
          paths.filter((path) => isWanted(path, query)),
        );
  });

  it("are those of the text for made designs, page by page, with the same cursors", async () => {
    for (const seed of seedsFrom(1, 3)) {
      const random = new SeededRandom(seed);
      const files = madeFiles(seed);
      const ledger = await openEngine();
      await keep(ledger, "s", files, seed);
      const all = await pathsIn(await reportsOfPaths(ledger, files));
      if (all.length === 0) continue;
      for (const query of queriesFor(
        all.map(({ path }) => path),
        random,
      )) {
        if (query.file !== undefined) continue;
        const limit = 10 + random.below(40);
        const wanted = all.filter(({ path }) => isWanted(path, query));
        const read = await inPages(ledger, query, limit);
        expect(read.paths, `seed ${seed} ${JSON.stringify(query)}`).toEqual(wanted.map(({ path }) => path));
        expect(read.cursors).toEqual(wanted.filter((__, at) => at > 0 && at % limit === 0).map(({ cursor }) => cursor));
      }
    }
  });
});

/** The only entry of a cache. */
function entryIn(cache: string): string {
  const names = readdirSync(cache);
  expect(names).toHaveLength(1);
  return join(cache, names[0]!);
}

const oneFile = (seed: number, cells: number): StageFiles =>
  new Map([...madeFiles(seed, cells)].filter(([name]) => name === "max_full.rpt"));

describe("captured paths", () => {
  it("are read as text once, with progress, and never again", async () => {
    const { ledger, cache } = await stored(oneFile(1, 400));
    const told: number[] = [];
    const onProgress = ({ file, bytes, bytesOfAll }: { file: string; bytes: number; bytesOfAll: number }) => {
      expect([file, bytesOfAll]).toEqual(["max_full.rpt", oneFile(1, 400).get(file)!.length]);
      told.push(bytes);
    };
    const first = await findPaths(ledger, "made@s", { limit: 5 }, { onProgress });
    expect(told.length).toBeGreaterThan(0);
    const written = statSync(entryIn(cache)).ino;
    told.length = 0;
    expect(await findPaths(ledger, "made@s", { limit: 5 }, { onProgress })).toEqual(first);
    expect(told).toEqual([]);
    expect(statSync(entryIn(cache)).ino).toBe(written);
  });

  it("are shared by stages that captured the same text", async () => {
    const files = oneFile(1, 60);
    const { ledger, cache } = await stored(files);
    await allOf(ledger);
    await keep(ledger, "t", new Map([["other name.rpt", files.get("max_full.rpt")!]]));
    const page = await findPaths(ledger, "made@t", { limit: 1 });
    expect(page.ok && page.paths[0]!.file).toBe("other name.rpt");
    entryIn(cache);
  });

  it("come right whatever byte of the cache is damaged, wherever it is cut, and whatever lies in its place", async () => {
    const files = oneFile(3, 60);
    const { ledger, cache } = await stored(files);
    const all = (await pathsIn(files)).map(({ path }) => path);
    await allOf(ledger);
    const whole = readFileSync(entryIn(cache));
    const random = new SeededRandom(5);
    const harmed = [
      ...Array.from({ length: 60 }, () => {
        const bytes = Buffer.from(whole);
        bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
        return bytes;
      }),
      ...Array.from({ length: 20 }, () => whole.subarray(0, random.below(whole.length))),
      // The directory's trailer is at the end: each of its bytes.
      ...Array.from({ length: 32 }, (_, at) => {
        const bytes = Buffer.from(whole);
        bytes[bytes.length - 1 - at]! ^= 0xff;
        return bytes;
      }),
      Buffer.from("not ours"),
      Buffer.alloc(0),
    ];
    for (const bytes of harmed) {
      writeFileSync(entryIn(cache), bytes);
      const { endpoint } = random.pick(all);
      expect(await allOf(ledger, { endpoint })).toEqual(all.filter((path) => isWanted(path, { endpoint })));
      expect(await allOf(ledger)).toEqual(all);
      expect(readFileSync(entryIn(cache)).equals(whole)).toBe(true);
    }
  });

  it("go on where the cache is damaged or deleted under a reader", async () => {
    const files = oneFile(2, 5000);
    const { ledger, cache } = await stored(files);
    const all = (await pathsIn(files)).map(({ path: { file: _, ...path } }) => path);
    for (const harm of [() => writeFileSync(entryIn(cache), "damaged"), () => rmSync(cache, { recursive: true })]) {
      const read = await readColumns(ledger, "made@s");
      if (!read.ok) throw new Error(read.message);
      const paths: unknown[] = [];
      let batches = 0;
      for await (const { columns, indices, first } of read.batches) {
        expect(first).toBe(paths.length);
        for (const at of indices) paths.push(columns.path(at));
        if (batches++ === 0) harm();
      }
      expect(batches).toBeGreaterThan(2);
      expect(paths).toEqual(all);
    }
  });

  it("are filled by two processes at once, and one entry stays", async () => {
    const files = oneFile(2, 5000);
    const { url, cache } = await stored(files);
    const script = join(import.meta.dirname, "finding-process.ts");
    const resolver = join(import.meta.dirname, "..", "typescript-resolver.mjs");
    const options = ["--experimental-transform-types", "--disable-warning=ExperimentalWarning", "--import", resolver];
    const find = async () =>
      (await promisify(execFile)(process.execPath, [...options, script, url, "made@s"])).stdout.trim();
    const count = String((await pathsIn(files)).length);
    expect(await Promise.all([find(), find(), find()])).toEqual([count, count, count]);
    entryIn(cache);
  });

  it("are found by endpoint whatever bytes the names have, in either form", async () => {
    const path = (name: Buffer) =>
      Buffer.concat([
        Buffer.from("Startpoint: a (input port clocked by clk)\nEndpoint: "),
        name,
        Buffer.from(" (rising edge-triggered flip-flop clocked by clk)\nPath Group: clk\nPath Type: max\n\n"),
        Buffer.from("  Delay    Time   Description\n-----------------------------\n   0.10    0.10 ^ "),
        name,
        Buffer.from("/D (DFF)\n           0.10   data arrival time\n\n   1.00    1.00   clock clk (rise edge)\n"),
        Buffer.from("           1.00   data required time\n-----------------------------\n"),
        Buffer.from("           0.90   slack (MET)\n\n\n"),
      ]);
    const names = [Buffer.from("u1"), Buffer.from("größe"), Buffer.from([0x75, 0xff, 0x32]), Buffer.from("bus[3]")];
    const { ledger } = await stored(new Map([["max.rpt", Buffer.concat(names.map(path))]]));
    for (const name of names.map(String))
      for (const endpoint of [name, `${name}/D`])
        expect((await allOf(ledger, { endpoint })).map((found) => found.endpoint)).toEqual([name]);
  });

  it("leave the cache within its bound, and are found where they do not fit", async () => {
    const { ledger, cache } = await stored(madeFiles(2, 600), { cacheBytesMax: 40_000 });
    const all = (await pathsIn(madeFiles(2, 600))).map(({ path }) => path);
    expect(await allOf(ledger)).toEqual(all);
    const bytes = readdirSync(cache).reduce((sum, name) => sum + statSync(join(cache, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(40_000);
  });

  it("of a damaged stage are refused, and nothing of them is kept", async () => {
    const { ledger, cache } = await stored(oneFile(3, 60));
    const harmed = withDamagedChunks(ledger, await chunksOf(ledger, "s"), (bytes) => {
      const copy = Uint8Array.from(bytes);
      copy[200]! ^= 1;
      return copy;
    });
    await expect(findPaths(harmed, "made@s", { limit: 1 })).rejects.toThrow("damaged");
    expect(readdirSync(cache)).toEqual([]);
    expect(await allOf(ledger)).not.toEqual([]);
  });

  it("refuse a cursor that is none, and a file that the stage has not", async () => {
    const { ledger } = await stored(oneFile(3, 60));
    expect(await findPaths(ledger, "made@s", { limit: 1, cursor: "x" })).toMatchObject({ code: "invalid" });
    expect(await findPaths(ledger, "made@s", { limit: 1, file: "no.rpt" })).toMatchObject({ code: "not-found" });
    expect(await readColumns(ledger, "made@t")).toMatchObject({ code: "not-found" });
  });
});
