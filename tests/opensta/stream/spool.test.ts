import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReportRecord } from "../../../src/opensta/report-records.js";
import { NoSuchPageError, pageCursor, readPage } from "../../../src/opensta/spool/spool-reader.js";
import { SpoolError, SpoolWriter } from "../../../src/opensta/spool/spool-writer.js";
import { temporaryFolder } from "../../temporary-folder.js";

const record = (line: number): ReportRecord => ({ kind: "text", text: `record ${line}`, byteOffset: 100 * line, line });

/** Batches of records, with a gate that the test opens to let more through. */
function gated(counts: readonly number[]) {
  const gates: (() => void)[] = [];
  async function* batches(): AsyncGenerator<ReportRecord[]> {
    let line = 0;
    for (const [at, count] of counts.entries()) {
      if (at > 0) await new Promise<void>((resolve) => gates.push(resolve));
      yield Array.from({ length: count }, () => record(line++));
    }
  }
  return { batches: batches(), open: () => gates.shift()!() };
}

const linesOf = (records: readonly unknown[]) => records.map((each) => (each as { line: number }).line);

describe("pages of a stream", () => {
  it("go forward and back over all records, in pages of any size", async () => {
    const root = join(temporaryFolder(), "spool");
    const spool = new SpoolWriter({ root, title: "t" });
    await spool.writeAll(gated([2500]).batches);
    for (const limit of [1, 7, 1000, 2500, 9999]) {
      let cursor: string | null = pageCursor(spool.id, 0);
      let last = cursor;
      const seen: number[] = [];
      for (let pages = 0; cursor !== null && pages < 400; pages++) {
        const page = await readPage(root, (last = cursor), { limit });
        expect(page.first).toBe(seen.length);
        expect(page.total).toBe(2500);
        seen.push(...linesOf(page.records));
        cursor = page.next;
      }
      expect(seen).toEqual(Array.from({ length: Math.min(2500, limit * 400) }, (_, at) => at));
      const { previous, first } = await readPage(root, last, { limit });
      if (first > 0)
        expect(linesOf((await readPage(root, previous!, { limit })).records)[0]).toBe(Math.max(0, first - limit));
      else expect(previous).toBeNull();
    }
  });

  it("are the same while the stream runs and after; what is not full yet is waited for", async () => {
    const root = join(temporaryFolder(), "spool");
    const spool = new SpoolWriter({ root, title: "t" });
    const { batches, open } = gated([1500, 1200]);
    const written = spool.writeAll(batches);
    const first = await readPage(root, pageCursor(spool.id, 0));
    expect(first).toMatchObject({ state: "running", total: null });
    expect(first.records).toHaveLength(1000);
    const waiting = await readPage(root, first.next!, { waitMs: 30 });
    expect(waiting).toMatchObject({ records: [], next: first.next, state: "running" });
    const coming = readPage(root, first.next!, { waitMs: 5000 });
    open();
    const second = await coming;
    expect(linesOf(second.records)).toEqual(Array.from({ length: 1000 }, (_, at) => 1000 + at));
    await written;
    expect(await readPage(root, pageCursor(spool.id, 0))).toMatchObject({ records: first.records, next: first.next });
    expect((await readPage(root, second.next!)).records).toHaveLength(700);
  });

  it("hold no record back for long: what has come can be read although the stream stands still", async () => {
    const root = join(temporaryFolder(), "spool");
    const spool = new SpoolWriter({ root, title: "t" });
    const { batches, open } = gated([5, 1]);
    const written = spool.writeAll(batches);
    const page = await readPage(root, pageCursor(spool.id, 0), { limit: 5, waitMs: 3000 });
    expect(linesOf(page.records)).toEqual([0, 1, 2, 3, 4]);
    open();
    await written;
  });

  it("keep what came before a failure, and say why there is no more", async () => {
    const root = join(temporaryFolder(), "spool");
    const spool = new SpoolWriter({ root, title: "t" });
    async function* failing(): AsyncGenerator<ReportRecord[]> {
      yield [record(0), record(1)];
      throw new Error("the tool died");
    }
    await expect(spool.writeAll(failing())).rejects.toThrow("the tool died");
    expect(await readPage(root, pageCursor(spool.id, 0))).toMatchObject({
      total: 2,
      next: null,
      state: "failed",
      error: "the tool died",
    });
  });

  it("of a stream whose process died are told as interrupted", async () => {
    const root = join(temporaryFolder(), "spool");
    const spool = new SpoolWriter({ root, title: "t" });
    const { batches } = gated([1000, 1]);
    void spool.writeAll(batches);
    await readPage(root, pageCursor(spool.id, 0));
    const meta = join(root, spool.id, "meta.json");
    writeFileSync(meta, readFileSync(meta, "utf8").replace(/"pid":\d+/, '"pid":999999999'));
    expect(await readPage(root, pageCursor(spool.id, 1000))).toMatchObject({
      state: "interrupted",
      next: null,
      total: 1000,
    });
  });

  it("expire, and are cleared away by the next stream", async () => {
    const root = join(temporaryFolder(), "spool");
    const old = new SpoolWriter({ root, title: "t", keepMs: -1 });
    await old.writeAll(gated([3]).batches);
    await expect(readPage(root, pageCursor(old.id, 0))).rejects.toThrow(NoSuchPageError);
    const next = new SpoolWriter({ root, title: "t" });
    await next.writeAll(gated([1]).batches);
    expect(readdirSync(root)).toEqual([next.id]);
  });

  it("take no more room than they may: the stream ends with what to do", async () => {
    const root = join(temporaryFolder(), "spool");
    const spool = new SpoolWriter({ root, title: "t", bytesMax: 20_000 });
    await expect(spool.writeAll(gated([100_000]).batches)).rejects.toThrow(SpoolError);
    const page = await readPage(root, pageCursor(spool.id, 0));
    expect(page.state).toBe("failed");
    expect(page.total).toBeGreaterThan(0);
  });

  it.each(["", "junk", pageCursor("00000000-0000-4000-8000-000000000000", 0), pageCursor("../../etc/passwd", 0)])(
    "%j names none",
    async (cursor) => {
      await expect(readPage(join(temporaryFolder(), "spool"), cursor)).rejects.toThrow(NoSuchPageError);
    },
  );
});
