import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What a spooled stream says of itself, in `meta.json` of its folder. */
const spoolMeta = z.strictObject({
  id: z.string(),
  /** What was streamed, for people: a file, a command. */
  title: z.string(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Who writes it; once that process is gone, a running stream has been interrupted. */
  pid: z.int(),
  state: z.enum(["running", "complete", "failed"]),
  error: z.string().optional(),
});
export type SpoolMeta = z.infer<typeof spoolMeta>;

/** One block of records: where it lies in `records.bin`, and which it holds. */
export interface SpoolBlock {
  readonly first: number;
  readonly count: number;
  readonly offset: number;
  readonly bytes: number;
}

export const indexEntryBytes = 32;

/** The files of one spooled stream. */
export class SpoolFiles {
  readonly folder: string;
  readonly records: string;
  readonly index: string;
  readonly #meta: string;

  constructor(
    root: string,
    readonly id: string,
  ) {
    this.folder = join(root, id);
    this.records = join(this.folder, "records.bin");
    this.index = join(this.folder, "index.bin");
    this.#meta = join(this.folder, "meta.json");
  }

  /** null if there is no such stream, or its folder is not one of ours. */
  readMeta(): SpoolMeta | null {
    try {
      return spoolMeta.parse(JSON.parse(readFileSync(this.#meta, "utf8")));
    } catch {
      return null;
    }
  }

  /** Replaced as a whole, so that a reader never sees half of it. */
  writeMeta(meta: SpoolMeta): void {
    writeFileSync(`${this.#meta}.new`, JSON.stringify(meta));
    renameSync(`${this.#meta}.new`, this.#meta);
  }

  /** The blocks that are whole, from the first after `known` on. */
  readBlocks(known: number): SpoolBlock[] {
    if (!existsSync(this.index)) return [];
    const bytes = readFileSync(this.index);
    const blocks: SpoolBlock[] = [];
    for (let at = known * indexEntryBytes; at + indexEntryBytes <= bytes.length; at += indexEntryBytes)
      blocks.push({
        first: bytes.readDoubleLE(at),
        count: bytes.readDoubleLE(at + 8),
        offset: bytes.readDoubleLE(at + 16),
        bytes: bytes.readDoubleLE(at + 24),
      });
    return blocks;
  }

  get bytes(): number {
    return [this.records, this.index].reduce(
      (sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The streams under a spool's root. */
export function spoolsIn(root: string): SpoolFiles[] {
  if (!existsSync(root)) return [];
  return readdirSync(root).map((id) => new SpoolFiles(root, id));
}

/** An entry of the index as its bytes. */
export function indexEntry({ first, count, offset, bytes }: SpoolBlock): Buffer {
  const entry = Buffer.alloc(indexEntryBytes);
  for (const [at, value] of [first, count, offset, bytes].entries()) entry.writeDoubleLE(value, 8 * at);
  return entry;
}
