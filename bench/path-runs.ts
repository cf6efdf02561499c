/** What paths.bench.ts runs in processes of their own: looking for captured paths as a program does that has just begun. */
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { findPaths, type Ledger, openLedger, type PathQuery, readColumns } from "../src/index.js";
import { toNumber } from "../src/opensta/printed-number.js";

export interface PathsRequest {
  /** The ledger's file. */
  readonly store: string;
  readonly stage: string;
  /** How many endpoints, and how many pages, are asked for. */
  readonly queries: number;
}

/** Milliseconds of many calls, each list sorted: by the clock, and of the processor, which others do not lengthen. */
export interface CallTimes {
  readonly wall: readonly number[];
  readonly cpu: readonly number[];
}

export interface ColumnPasses {
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly number[];
  readonly paths: number;
  readonly rows: number;
}

const design = "bench";
const pagePaths = 1000;
const passes = 5;

/** Calls before those that are measured: what is compiled late is compiled then. */
const warmUp = 50;

export const pathRuns = {
  /** The first call of all: it reads the text and fills the cache. Then the first call of a program that finds it full. */
  async firstCall({ store, stage }: PathsRequest): Promise<{ seconds: number; cacheBytes: number }> {
    const seconds = await withLedger(store, async (ledger) => {
      const start = performance.now();
      await page(ledger, stage, { limit: 1 });
      return (performance.now() - start) / 1000;
    });
    const cache = join(dirname(store), "cache");
    const cacheBytes = readdirSync(cache).reduce((sum, name) => sum + statSync(join(cache, name)).size, 0);
    return { seconds, cacheBytes };
  },

  /** One endpoint at a time, at random: each call opens the cache's file anew. */
  async endpoints({ store, stage, queries }: PathsRequest): Promise<CallTimes> {
    return await withLedger(store, async (ledger) => {
      const { endpoints } = await sampleOf(ledger, stage);
      return await timesOf(queries, async (at) => {
        const endpoint = endpoints[at % endpoints.length]!;
        const paths = await page(ledger, stage, { endpoint, limit: 20 });
        if (!paths.paths.every((path) => path.points.at(-1)?.pin === endpoint)) throw new Error(`not ${endpoint}`);
      });
    });
  },

  /** Pages of a thousand paths: bounds of slack, groups, types and clocks that the report has, from any place on. */
  async pages({ store, stage, queries }: PathsRequest): Promise<CallTimes> {
    return await withLedger(store, async (ledger) => {
      const { paths, slacks, groups, types } = await sampleOf(ledger, stage);
      return await timesOf(queries, async (at) => {
        const query: PathQuery = {
          limit: pagePaths,
          cursor: `0:${Math.floor(random(at, 1) * paths)}`,
          ...(at % 4 < 3 ? { slackMax: slacks[Math.floor(random(at, 2) * slacks.length)]! } : {}),
          ...(at % 3 === 0 ? { type: types[at % types.length]! } : {}),
          ...(at % 2 === 0 ? { group: groups[at % groups.length]! } : {}),
        };
        await page(ledger, stage, query);
      });
    });
  },

  /** All columns, several times; answers the seconds of each pass, by the clock and of the processor. */
  async columns({ store, stage }: PathsRequest): Promise<ColumnPasses> {
    return await withLedger(store, async (ledger) => {
      const seconds: number[] = [];
      const cpuSeconds: number[] = [];
      let [paths, rows] = [0, 0];
      for (let pass = 0; pass < passes; pass++) {
        [paths, rows] = [0, 0];
        const used = process.cpuUsage();
        const start = performance.now();
        const read = await readColumns(ledger, `${design}@${stage}`);
        if (!read.ok) throw new Error(read.message);
        for await (const { columns } of read.batches) {
          paths += columns.count;
          rows += columns.rows;
        }
        seconds.push((performance.now() - start) / 1000);
        const { user, system } = process.cpuUsage(used);
        cpuSeconds.push((user + system) / 1e6);
      }
      return { seconds, cpuSeconds, paths, rows };
    });
  },
} as const;

async function page(ledger: Ledger, stage: string, query: PathQuery) {
  const found = await findPaths(ledger, `${design}@${stage}`, query);
  if (!found.ok) throw new Error(found.message);
  return found;
}

/** What queries can be made of: endpoints and slacks of every 97th path, names of all. */
async function sampleOf(ledger: Ledger, stage: string) {
  const read = await readColumns(ledger, `${design}@${stage}`);
  if (!read.ok) throw new Error(read.message);
  const [groups, types] = [new Set<string>(), new Set<string>()];
  const endpoints: string[] = [];
  const slacks: number[] = [];
  let paths = 0;
  for await (const { columns } of read.batches) {
    const { pins, others } = columns.names;
    for (let at = 0; at < columns.count; at++) {
      if (paths++ % 97 !== 0) continue;
      if (columns.endPin[at]! >= 0) endpoints.push(pins.text(columns.endPin[at]!));
      slacks.push(toNumber(columns.slack[at]!, columns.digits[at]!));
      groups.add(others.text(columns.group[at]!));
      types.add(others.text(columns.type[at]!));
    }
  }
  endpoints.sort(() => random(endpoints.length, paths++) - 0.5);
  return { paths, endpoints, slacks, groups: [...groups], types: [...types] };
}

async function timesOf(count: number, work: (at: number) => Promise<void>): Promise<CallTimes> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let at = 0; at < warmUp + count; at++) {
    const used = process.cpuUsage();
    const start = performance.now();
    await work(at);
    if (at < warmUp) continue;
    wall.push(performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    cpu.push((user + system) / 1000);
  }
  const ascending = (one: number, other: number) => one - other;
  return { wall: wall.sort(ascending), cpu: cpu.sort(ascending) };
}

/** The same for the same numbers, from 0 to below 1. */
function random(one: number, other: number): number {
  const mixed = Math.imul(Math.imul(one + 1, 0x9e3779b1) ^ (other + 0x7f4a7c15), 0x85ebca6b);
  return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
}

async function withLedger<Answer>(store: string, use: (ledger: Ledger) => Promise<Answer>): Promise<Answer> {
  const ledger = await openLedger(`sqlite:${store}`, { create: false });
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}
