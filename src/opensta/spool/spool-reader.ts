import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { isRunning } from "../../system/is-running.js";
import { type SpoolBlock, SpoolFiles, type SpoolMeta } from "./spool-files.js";

export interface Page {
  /** Records as `ckpt parse` prints them. */
  readonly records: readonly unknown[];
  /** Rank of the first one in the stream, from 0. */
  readonly first: number;
  /** Cursors of the pages after and before; null where there is none. */
  readonly next: string | null;
  readonly previous: string | null;
  /** How many records there are, once the stream has ended. */
  readonly total: number | null;
  readonly state: SpoolMeta["state"] | "interrupted";
  /** Why it failed. */
  readonly error?: string;
}

export interface PageOptions {
  /** Records a page, 1 to 100,000; default 1000. */
  readonly limit?: number;
  /** How long to wait for a page that the running stream has not filled yet; default 1 s. */
  readonly waitMs?: number;
}

/** A cursor that names no page: it is none, or its stream has expired. */
export class NoSuchPageError extends Error {
  readonly cure =
    "Streams are kept for a limited time: stream it again. A page names its neighbours by `next` and `previous`.";

  constructor(cursor: string, why: string) {
    super(`there is no page ${cursor}: ${why}`);
    this.name = "NoSuchPageError";
  }
}

const limitDefault = 1000;
const limitMax = 100_000;
const pollMs = 20;
const decompress = promisify(zstdDecompress);

/** The cursor of a stream's page that begins at record `first`. */
export function pageCursor(id: string, first: number): string {
  return Buffer.from(`${id}:${first}`).toString("base64url");
}

/**
 * A page of a spooled stream. The same cursor and limit give the same records at any time, by any process: a page that
 * a running stream has not filled is waited for, and if it does not fill in time it comes empty, with itself as `next`.
 * @throws NoSuchPageError
 * @example let page = await readPage(".ckpt/spool", pageCursor(spool.id, 0)); page = await readPage(".ckpt/spool", page.next!);
 */
export async function readPage(root: string, cursor: string, options: PageOptions = {}): Promise<Page> {
  const { limit = limitDefault, waitMs = 1000 } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > limitMax)
    throw new RangeError(`a page has from 1 to ${limitMax} records, not ${limit}`);
  const [, id, at] = /^([0-9a-f-]{36}):(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  if (id === undefined || at === undefined) throw new NoSuchPageError(cursor, "it is no cursor");
  const files = new SpoolFiles(root, id);
  const first = Number(at);
  const deadline = performance.now() + waitMs;
  for (;;) {
    const state = stateOf(files, cursor);
    // Read after the state: what has ended has all its blocks.
    const blocks = files.readBlocks(0);
    const last = blocks.at(-1);
    const count = last ? last.first + last.count : 0;
    const ended = state.state !== "running";
    if (ended || count >= first + limit) return await cut(files, blocks, { id, first, limit, count, ended, ...state });
    if (performance.now() >= deadline)
      return { records: [], first, next: cursor, previous: before(id, first, limit), total: null, ...state };
    await pause(pollMs);
  }
}

type State = Pick<Page, "state" | "error">;

function stateOf(files: SpoolFiles, cursor: string): State {
  const meta = files.readMeta();
  if (!meta || Date.parse(meta.expiresAt) < Date.now())
    throw new NoSuchPageError(cursor, "its stream is not kept, or has expired");
  const { state, error, pid } = meta;
  if (state === "running" && !isRunning(pid)) return { state: "interrupted", error: "its process ended before it did" };
  return { state, ...(error === undefined ? {} : { error }) };
}

interface Cut extends State {
  readonly id: string;
  readonly first: number;
  readonly limit: number;
  readonly count: number;
  readonly ended: boolean;
}

async function cut(files: SpoolFiles, blocks: readonly SpoolBlock[], wanted: Cut): Promise<Page> {
  const { id, first, limit, count, ended, ...state } = wanted;
  const end = Math.min(first + limit, count);
  const records: unknown[] = [];
  const file = first < end ? await open(files.records) : null;
  try {
    for (const block of blocks) {
      if (block.first + block.count <= first || block.first >= end) continue;
      const bytes = Buffer.alloc(block.bytes);
      await file!.read(bytes, 0, block.bytes, block.offset);
      const lines = (await decompress(bytes)).toString().split("\n");
      for (const line of lines.slice(Math.max(0, first - block.first), end - block.first))
        records.push(JSON.parse(line));
    }
  } finally {
    await file?.close();
  }
  const next = ended && end >= count ? null : pageCursor(id, first + limit);
  return { records, first, next, previous: before(id, first, limit), total: ended ? count : null, ...state };
}

function before(id: string, first: number, limit: number): string | null {
  return first === 0 ? null : pageCursor(id, Math.max(0, first - limit));
}
